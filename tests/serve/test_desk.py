"""The review's page from behind: who may read and write, what is written, what happens when files change meanwhile."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from publish.cache import open_cache
from publish.convert import Choice, Converter
from publish.errors import PublishError
from publish.review import questions
from publish.review import session as session_of
from publish.review.command import words
from publish.review.journal import Journal, Pressed
from publish.review.session import GoneError, Session
from publish.serve.command import resume, review
from publish.serve.desk import Desk
from publish.serve.editor import Editor
from publish.serve.guard import LARGEST, TOKEN
from publish.serve.server import Server

TEXT = "# 手记\n\n他的手又干又痒。树干。又干又冷。[^1]\n\n[^1]: 又干了。\n\n# 其次\n\n能干。\n"
ONE = "zh-TW:\n  干:\n    - {before: 他的手又, after: 又痒。树干。, as: 乾}\n"


@pytest.fixture(autouse=True)
def _choices(monkeypatch):
    """A converter that doubts every 干."""

    def choices(self, text, opaque=()):
        del opaque
        found = re.finditer("干", text) if self.configurations else ()
        return [Choice(one.start(), one.end(), "干", "幹", ("乾",), "opinions", 0.5) for one in found]

    monkeypatch.setattr(Converter, "choices", choices)


@pytest.fixture
def book(folder):
    return folder({"a.md": TEXT, "book.yaml": "title: 书\neditions: [zh-CN, zh-TW, zh-HK]\n"})


@pytest.fixture
def session(book):
    return Session(book)


@pytest.fixture
def server(session):
    with review(session) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving
        serving.shutdown()


def ask(server, path, body=None, **headers):
    """A request as the page makes it, with headers replaced or (None) left out: status and what was answered."""
    own = {
        "Host": f"127.0.0.1:{server.port}",
        "Origin": f"http://127.0.0.1:{server.port}",
        TOKEN: server.keys.token,
        "Content-Type": "application/json",
    }
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in {**own, **given}.items() if value is not None}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("POST" if body is not None else "GET", path, skip_host=True)
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    for name, value in {**sent, **({"Content-Length": str(len(data))} if body is not None else {})}.items():
        connection.putheader(name, value)
    connection.endheaders(data)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, json.loads(text) if "json" in answer.headers["Content-Type"] else (text, answer.headers)


def places(session, term="干", key="zh-TW"):
    state = session.state(key)
    return [one for one in state["places"].values() if one["term"] == term and not one["decided"]]


def decide(server, session, **body):
    place = places(session)[0]["id"]
    return ask(server, "/desk/api/decide", {"edition": "zh-TW", "place": place, "form": "乾", **body})


def written(book, name="decisions.yaml"):
    path = book / name
    return "".join(line for line in path.read_text("utf-8").splitlines(True) if line[0] != "#") if path.exists() else ""


# --- who may ask ------------------------------------------------------------------------------------------------------


def test_it_listens_on_loopback_only_and_its_page_asks_no_other_host(server):
    assert server.address.startswith("http://127.0.0.1:")
    for path in ("/desk/", "/desk/review.css", "/desk/review.js"):
        status, (text, headers) = ask(server, path, **{TOKEN: None, "Origin": None})
        assert status == 200
        assert not re.search(r"(?:https?:)?//[a-z]", re.sub(r"^\s*//.*", "", text, flags=re.MULTILINE))
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert server.keys.token not in text
        assert "Access-Control-Allow-Origin" not in headers


def test_a_name_that_was_rebound_to_loopback_is_refused(server):
    for host in ("evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "[::1]", "", None):
        for path in ("/desk/", "/desk/api/state"):
            assert ask(server, path, Host=host)[0] in (400, 403), (host, path)


def test_its_other_name_is_answered(server):
    name = f"localhost:{server.port}"
    assert ask(server, "/desk/api/state", Host=name, Origin=f"http://{name}")[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", None])
def test_another_page_cannot_write_even_with_the_token(server, session, book, origin):
    assert decide(server, session)[0] == 200
    before = written(book)
    place = places(session)[0]["id"]
    body = {"edition": "zh-TW", "place": place, "form": "乾"}
    for path in ("/desk/api/decide", "/desk/api/glossary", "/desk/api/undo"):
        assert ask(server, path, body, Origin=origin)[0] == 403
    assert written(book) == before
    assert written(book, "glossary.yaml") == ""


def test_another_page_cannot_read(server):
    assert ask(server, "/desk/api/state", Origin="http://evil.example")[0] == 403
    assert ask(server, "/desk/api/state", Origin=None)[0] == 200  # as browsers send a page's own reading
    for site in ("cross-site", "same-site", "none"):
        assert ask(server, "/desk/api/state", Origin=None, Sec_Fetch_Site=site)[0] == 403


def test_without_this_runs_token_nothing_is_told(server):
    for path in ("/desk/api/state", "/desk/api/chapter?edition=zh-TW&chapter=a-shou-ji", "/desk/api/revision"):
        for token in ("", "x", "é", None):
            status, data = ask(server, path, **{TOKEN: token})
            assert status == 403, (path, token)
            assert "手记" not in json.dumps(data, ensure_ascii=False)


def test_without_this_runs_token_nothing_is_written(server, session, book):
    place = places(session)[0]["id"]
    body = {"edition": "zh-TW", "place": place, "form": "乾"}
    assert ask(server, "/desk/api/decide", body, **{TOKEN: "x" * 43})[0] == 403
    assert written(book) == ""


def test_a_form_of_another_page_is_no_json(server, session, book):
    place = places(session)[0]["id"]
    body = json.dumps({"edition": "zh-TW", "place": place, "form": "乾"}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", None):
        assert ask(server, "/desk/api/decide", body, Content_Type=kind)[0] == 415
    assert written(book) == ""


SENSELESS = [
    (b"{", 400),
    (b"[]", 400),
    (b"{}", 400),
    ({"edition": 1, "place": "x", "form": "乾"}, 400),
    ({"edition": "zh-TW", "place": "x"}, 400),
    ({"edition": "zh-TW", "place": "x", "form": " "}, 400),
    ({"edition": "zh-TW", "place": "x", "form": "乾\n"}, 400),
    ({"edition": "zh-TW", "place": "x", "form": "乾", "scope": "world"}, 400),
    ({"edition": "zh-TW", "place": "x", "form": "乾"}, 409),
    ({"edition": "zh-XX", "place": "x", "form": "乾"}, 409),
]


def test_what_makes_no_sense_is_refused(server, book):
    for body, status in SENSELESS:
        assert ask(server, "/desk/api/decide", body)[0] == status, body
        assert written(book) == ""


def test_a_request_is_short_and_an_unknown_address_is_nothing(server):
    assert ask(server, "/desk/api/decide", b"x" * (LARGEST + 1))[0] == 413
    assert ask(server, "/desk/api/x", {"edition": "", "place": ""})[0] == 404
    for path in ("/desk/api/x", "/../book.yaml", "/review.html", "//evil.example/"):
        assert ask(server, path)[0] == 404


def test_a_port_that_is_taken_is_told(server, session):
    with pytest.raises(PublishError, match=f"cannot listen on port {server.port}"):
        review(session, server.port)


# --- what it does -----------------------------------------------------------------------------------------------------


def test_a_decision_is_written_at_once_and_the_text_reads_as_decided(server, session, book):
    status, done = decide(server, session)
    assert (status, written(book)) == (200, ONE)
    assert done["settled"] == 1
    assert [one["now"] for one in done["places"].values() if one["decided"]] == ["乾"]
    assert [(one["key"], one["open"], one["decided"]) for one in done["editions"]] == [("zh-TW", 4, 1), ("zh-HK", 5, 0)]
    rows = ask(server, "/desk/api/chapter?edition=zh-TW&chapter=a-shou-ji")[1]
    assert ["".join(piece["text"] for piece in row["pieces"]) for row in rows][1].startswith("他的手又乾又癢。")
    assert [row["kind"] for row in rows] == ["heading", "text", "note"]
    assert [piece.get("decided") for piece in rows[1]["pieces"]] == [None, True, None, False, None, False, None]


def test_a_decision_on_all_like_it_and_on_the_whole_book(server, session, book):
    done = decide(server, session, scope="like")[1]
    assert written(book) == "zh-TW:\n  干:\n    - {before: 又, as: 乾}\n"
    assert done["settled"] == 3
    done = decide(server, session, scope="everywhere", form="幹")[1]
    assert written(book) == "zh-TW:\n  干:\n    - {as: 幹}\n    - {before: 又, as: 乾}\n"
    assert done["settled"] == 2
    assert places(session) == []


def test_one_decision_serves_every_edition_that_shares_the_doubt(server, session, book):
    done = decide(server, session, shared=True)[1]
    assert done["shared"] == ["香港繁體版"]
    assert written(book) == ONE.replace("zh-TW", "zh-HK") + ONE
    assert [(one["open"], one["decided"]) for one in done["editions"]] == [(4, 1), (4, 1)]
    assert ask(server, "/desk/api/undo", {})[1]["undo"] == 0
    assert written(book) == "", "one step back takes back both"


def test_an_edition_with_other_forms_to_choose_from_or_a_decision_of_its_own_is_asked_itself(
    server, session, book, monkeypatch
):
    (book / "decisions.yaml").write_text("zh-HK:\n  干:\n    - {as: 乾}\n", encoding="utf-8")
    assert decide(server, session, shared=True, scope="everywhere", form="干")[1]["shared"] == []
    assert "zh-HK:\n  干:\n    - {as: 乾}\n" in written(book)
    (book / "decisions.yaml").unlink()
    plain = Converter.choices

    def choices(self, text, opaque=()):
        other = self.configurations and "hk" in str(self.configurations)
        return [replace(one, others=("榦",)) if other else one for one in plain(self, text, opaque)]

    monkeypatch.setattr(Converter, "choices", choices)
    (book / "a.md").write_text(TEXT + "\n又。\n", encoding="utf-8")
    session.refresh()
    assert decide(server, session, shared=True)[1]["shared"] == []
    assert "zh-HK" not in written(book)


def test_to_protect_is_a_decision_too(server, session, book):
    place = places(session)[0]["id"]
    assert ask(server, "/desk/api/decide", {"edition": "zh-TW", "place": place, "keep": True})[0] == 200
    assert written(book) == ONE.replace("as: 乾", "keep: true")
    assert session.state("zh-TW")["places"][place]["now"] == "干"


def test_undo_takes_back_one_after_another(server, session, book):
    (book / "decisions.yaml").write_text("# 我的\nzh-TW:\n  干:\n    - {as: 幹}   # 一律\n", encoding="utf-8")
    session.refresh()
    place = next(iter(session.state("zh-TW")["places"]))
    for form, scope in (("乾", "place"), ("干", "place"), ("乾", "everywhere")):
        body = {"edition": "zh-TW", "place": place, "form": form, "scope": scope}
        assert ask(server, "/desk/api/decide", body)[0] == 200
    assert written(book).count("as:") == 2
    for left in (2, 1, 0):
        assert ask(server, "/desk/api/undo", {})[1]["undo"] == left
    assert (book / "decisions.yaml").read_text("utf-8") == "# 我的\nzh-TW:\n  干:\n    - {as: 幹}   # 一律\n"
    status, data = ask(server, "/desk/api/undo", {})
    assert (status, data["problem"].startswith("nothing to undo")) == (422, True)


def test_a_term_goes_to_the_glossary_and_comes_back(server, session, book):
    (book / "glossary.yaml").write_text("terms:\n  手记: {zh-TW: 手記}   # 书名\n", encoding="utf-8")
    place = places(session)[0]["id"]
    status, done = ask(server, "/desk/api/glossary", {"edition": "zh-TW", "place": place, "form": "乾"})
    assert (status, done["reload"]) == (200, True)
    assert written(book, "glossary.yaml") == "terms:\n  手记: {zh-TW: 手記}   # 书名\n  干: {zh-TW: 乾}\n"
    rows = ask(server, "/desk/api/chapter?edition=zh-TW&chapter=a-shou-ji")[1]
    assert "又乾又癢" in "".join(piece["text"] for row in rows for piece in row["pieces"])
    assert ask(server, "/desk/api/undo", {})[0] == 200
    assert written(book, "glossary.yaml") == "terms:\n  手记: {zh-TW: 手記}   # 书名\n"
    assert ask(server, "/desk/api/glossary", {"edition": "zh-TW", "place": place, "keep": True})[0] == 200
    assert written(book, "glossary.yaml").endswith("keep:\n  - {text: 干, editions: [zh-TW]}\n")


def test_a_glossary_that_a_hand_has_changed_since_is_not_set_back(server, session, book):
    place = places(session)[0]["id"]
    ask(server, "/desk/api/glossary", {"edition": "zh-TW", "place": place, "form": "乾"})
    with (book / "glossary.yaml").open("a", encoding="utf-8") as file:
        file.write("  手: {zh-TW: 手}\n")
    status, data = ask(server, "/desk/api/undo", {})
    assert (status, "has been changed since" in data["problem"]) == (422, True)
    assert written(book, "glossary.yaml") == "terms:\n  干: {zh-TW: 乾}\n  手: {zh-TW: 手}\n"


# --- when files change meanwhile --------------------------------------------------------------------------------------


def test_a_decision_by_hand_meanwhile_is_kept_and_told(server, session, book):
    place = places(session)[0]["id"]
    (book / "decisions.yaml").write_text("# 手写\nzh-TW:\n  树干: [{as: 樹幹}]  # 留\n", encoding="utf-8")
    status, done = ask(server, "/desk/api/decide", {"edition": "zh-TW", "place": place, "form": "乾"})
    assert (status, done["reload"], done["notice"]) == (
        200,
        True,
        "decisions.yaml changed elsewhere, and was read again.",
    )
    text = (book / "decisions.yaml").read_text("utf-8")
    assert text == "# 手写\n" + ONE + "  树干: [{as: 樹幹}]  # 留\n"


def test_a_source_that_changed_meanwhile_is_read_again_and_the_place_found(server, session, book):
    place = places(session)[0]["id"]
    (book / "a.md").write_text(TEXT.replace("# 手记\n", "# 手记\n\n新的一段。\n"), encoding="utf-8")
    status, done = ask(server, "/desk/api/decide", {"edition": "zh-TW", "place": place, "form": "乾"})
    assert (status, done["notice"], written(book)) == (200, "a.md changed elsewhere, and was read again.", ONE)
    assert session.state("zh-TW")["places"][place]["line"] == 5


def test_a_place_that_is_gone_is_not_written(server, session, book):
    place = places(session)[0]["id"]
    (book / "a.md").write_text("# 别的\n", encoding="utf-8")
    status, data = ask(server, "/desk/api/decide", {"edition": "zh-TW", "place": place, "form": "乾"})
    assert (status, data["gone"]) == (409, True)
    assert written(book) == ""
    with pytest.raises(GoneError):
        session.decide("zh-TW", place, "乾")


def test_a_file_that_a_hand_has_broken_is_told_and_left_alone(server, session, book):
    place = places(session)[0]["id"]
    (book / "decisions.yaml").write_text("zh-TW:\n  干: 乾\n", encoding="utf-8")
    status, data = ask(server, "/desk/api/decide", {"edition": "zh-TW", "place": place, "form": "乾"})
    assert (status, data["problem"].startswith("decisions.yaml:2")) == (422, True)
    assert written(book) == "zh-TW:\n  干: 乾\n"
    (book / "decisions.yaml").unlink()
    assert ask(server, "/desk/api/decide", {"edition": "zh-TW", "place": place, "form": "乾"})[0] == 200


def test_the_page_learns_of_changes_on_disk(server, session, book):
    before = ask(server, "/desk/api/revision")[1]
    assert before["notice"] == ""
    (book / "b.md").write_text("# 新章\n\n也能干。\n", encoding="utf-8")
    after = ask(server, "/desk/api/revision")[1]
    assert after == {"revision": before["revision"] + 1, "notice": "b.md changed elsewhere, and was read again."}
    assert len(places(session)) == 6


def test_decisions_from_many_tabs_at_once_are_all_written(server, session, book):
    found = [one["id"] for one in places(session)]
    bodies = [{"edition": "zh-TW", "place": place, "form": "乾"} for place in found]
    threads = [threading.Thread(target=ask, args=(server, "/desk/api/decide", body)) for body in bodies]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert written(book).count("as: 乾") == len(found) == 5
    assert places(session) == []


def test_the_command_serves_until_ctrl_c(book):
    command = [sys.executable, "-m", "publish", "review", str(book), "--serve", "--no-open"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        address = running.stdout.readline()
        port, token = re.fullmatch(r"Review at http://127\.0\.0\.1:(\d+)/desk/#(\S+)\n", address).groups()
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
        connection.request("GET", "/desk/api/state", headers={TOKEN: token})
        assert json.loads(connection.getresponse().read())["title"] == "书"
        connection.close()
        os.kill(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=20)
        assert (running.returncode, said) == (0, "review ended\n")
    finally:
        running.kill()
        running.wait()


# --- steps ------------------------------------------------------------------------------------------------------------


def step(number, act, **body):
    return {"number": number, "act": act, "body": body}


def outcome(server, tab="t", seen=0, **body):
    """What came of a tab's steps, when it is told."""
    return until(lambda: ask(server, "/desk/api/steps", {"tab": tab, "seen": seen, "steps": [], **body})[1]["done"])


def test_the_steps_of_a_page_are_kept_at_once_and_done_in_order(server, session, book):
    first, second, *_ = (one["id"] for one in places(session))
    steps = [
        step(1, "decide", edition="zh-TW", place=first, form="乾"),
        step(2, "decide", edition="zh-TW", place=second, form="乾"),
        step(3, "undo"),
    ]
    for sent in (steps[:1], steps, steps):
        assert ask(server, "/desk/api/steps", {"tab": "t", "seen": 0, "steps": sent})[0] == 200
    until(lambda: not server_waits(server))
    assert written(book) == ONE
    assert [one["number"] for one in outcome(server, seen=1)] == [2, 3]
    assert [one["undo"] for one in outcome(server, seen=1)] == [2, 1]
    assert not (book / ".decisions.yaml.journal").exists()


def server_waits(server):
    return len(ask(server, "/desk/api/steps", {"tab": "t", "seen": 0, "steps": []})[1]["done"]) < 3


def test_a_step_that_is_not_done_says_why_and_the_next_is(server, session, book):
    place = places(session)[0]["id"]
    steps = [
        step(1, "decide", edition="zh-TW", place="x", form="乾"),
        step(2, "redo"),
        step(3, "decide", edition="zh-TW", place=place, form="乾"),
    ]
    ask(server, "/desk/api/steps", {"tab": "t", "seen": 0, "steps": steps})
    until(lambda: not server_waits(server))
    gone, nothing, done = outcome(server)
    assert gone["gone"]
    assert nothing["problem"].startswith("nothing to do again")
    assert done["settled"] == 1
    assert written(book) == ONE


def test_steps_that_make_no_sense_are_not_kept(server, book):
    for steps in (
        None,
        [1],
        [{"number": 1, "act": "burn", "body": {}}],
        [{"number": "1", "act": "undo", "body": {}}],
        [{"number": 1, "act": "decide", "body": {"edition": "zh-TW", "place": "x"}}],
        [{"number": 1, "act": "settle", "body": {"edition": "zh-TW"}}],
    ):
        assert ask(server, "/desk/api/steps", {"tab": "t", "seen": 0, "steps": steps})[0] == 400, steps
        assert not (book / ".decisions.yaml.journal").exists()


def test_what_an_earlier_run_was_killed_over_is_written_when_the_preview_begins(book):
    session = Session(book)
    place = places(session)[0]["id"]
    body = {"edition": "zh-TW", "place": place, "form": "乾"}
    Journal(session.project.decisions_file).keep([Pressed("t", 1, "decide", body)])
    desk = Desk(lambda: Session(book, lazy=True))
    resume(desk, book)
    assert desk.close() == 0
    assert written(book) == ONE


# --- opening ----------------------------------------------------------------------------------------------------------


def test_a_book_shows_at_once_and_its_places_as_chapters_are_read(book, monkeypatch):
    goes_on = threading.Event()
    asked = questions.occurrences

    def slow(*arguments):
        if "能干" in arguments[-1].text:
            goes_on.wait(10)
        return asked(*arguments)

    monkeypatch.setattr(questions, "occurrences", slow)
    session = Session(book, lazy=True)
    with review(session) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        seen = until(lambda: (state := ask(serving, "/desk/api/state")[1]) and state.get("places") and state)
        assert seen["opening"] == {"done": 1, "total": 6}  # two chapters and the title, in two editions
        assert not seen["more"]
        again = ask(serving, f"/desk/api/state?cursor={seen['cursor']}")[1]
        assert (again["more"], again["places"]) == (True, {}), "only what is new is told again"
        assert [one["name"] for one in seen["editions"]] == ["臺灣正體版"]
        goes_on.set()
        whole = until(lambda: "opening" not in (state := ask(serving, "/desk/api/state")[1]) and state)
        assert {*seen["places"]} < {*whole["places"]}
        assert len(whole["editions"]) == 2
        serving.shutdown()


def test_the_first_chapter_of_a_long_book_is_asked_before_the_rest_is_read(book, monkeypatch):
    monkeypatch.setattr("publish.review.session._LONG", 10)
    goes_on, asked = threading.Event(), []
    read = session_of.read_manuscript

    def slow(project, *cache):
        asked.append(len(project.chapters))
        if len(project.chapters) > 1:
            goes_on.wait(10)
        return read(project, *cache)

    monkeypatch.setattr(session_of, "read_manuscript", slow)
    (book / "b.md").write_text("# 新章\n\n才干。\n", encoding="utf-8")
    session = Session(book, lazy=True)
    seen = until(lambda: (state := session.opening()) and state["places"] and state)
    goes_on.set()
    whole = until(lambda: session.opening() is None and session.state("zh-TW"))
    assert asked == [1, 2]
    assert {*seen["places"]} < {*whole["places"]}


def test_a_decision_made_while_the_book_is_read_waits_for_its_end(book):
    session = Session(book, lazy=True)
    until(lambda: session.opening() is None or session.opening()["places"])
    place = places(Session(book))[0]["id"]
    session.decide("zh-TW", place, "乾")
    assert "乾" in written(book)


def test_a_book_that_cannot_be_read_is_told_and_read_again(book):
    text = (book / "a.md").read_text("utf-8")
    (book / "a.md").write_text(text + "\n![无](none.png)\n\0", encoding="utf-8")
    session = Session(book, lazy=True)
    with pytest.raises(PublishError, match="NUL"):
        until(lambda: session.opening() is None)
    (book / "a.md").write_text(text, encoding="utf-8")
    until(lambda: session.opening() is None)
    assert places(session)


def test_what_was_asked_before_is_kept_and_asked_again_where_something_has_changed(book, monkeypatch):
    first = Session(book).state("zh-TW")
    count = []
    asked = questions.occurrences
    monkeypatch.setattr(questions, "occurrences", lambda *a: count.append(a[-1].text) or asked(*a))
    assert Session(book).state("zh-TW")["places"] == first["places"]
    assert count == []
    session = Session(book)
    session.decide("zh-TW", places(session)[0]["id"], "乾")
    decided = session.state("zh-TW")["places"]
    assert Session(book).state("zh-TW")["places"] == decided
    (book / "b.md").write_text("# 新章\n\n才干。\n", encoding="utf-8")
    count.clear()
    Session(book)
    assert {text for text in count if "干" in text} == {"才干。"}


def test_what_is_kept_is_what_is_found(book):
    project, manuscript = (made := Session(book)).project, made.manuscript
    edition = project.edition("zh-TW")
    found = questions.review_edition(project, manuscript, edition, words())
    cache = open_cache(book, "test")
    for _ in range(2):
        again = questions.review_edition(project, manuscript, edition, words(), cache, whole=False)
        assert again.occurrences == found.occurrences


# --- what an editor does besides --------------------------------------------------------------------------------------


def test_only_here_settles_only_here_where_others_have_the_same_words_around(folder):
    same = "到了傍晚他们才说起那天手又干又痒的事，一直说到半夜才散去了"
    book = folder(
        {
            "a.md": f"# 一\n\n先说甲家。{same}甲。\n\n再说乙家。{same}乙。\n",
            "book.yaml": "title: 书\neditions: [zh-TW]\n",
        }
    )
    session = Session(book)
    first, second = places(session)
    session.decide("zh-TW", first["id"], "乾")
    assert [one["id"] for one in places(session)] == [second["id"]]
    assert "甲家" in written(book)


def test_the_rest_of_a_chapter_is_settled_as_one_step(server, session, book):
    chapter = places(session)[0]["chapter"]
    status, done = ask(server, "/desk/api/settle", {"edition": "zh-TW", "chapter": chapter, "shared": True})
    assert (status, done["settled"], done["shared"]) == (200, 4, ["香港繁體版"])
    assert {one["chapter"] for one in places(session)} != {chapter}
    assert len(places(session)) == 1
    assert ask(server, "/desk/api/settle", {"edition": "zh-TW", "chapter": chapter})[0] == 409
    assert ask(server, "/desk/api/undo", {})[0] == 200
    assert len(places(session)) == 5
    assert written(book).strip() == ""


def test_what_was_undone_is_done_again_until_something_else_is_decided(server, session, book):
    decide(server, session)
    done = written(book)
    ask(server, "/desk/api/undo", {})
    status, again = ask(server, "/desk/api/redo", {})
    assert (status, again["redo"], again["undo"], written(book)) == (200, 0, 1, done)
    ask(server, "/desk/api/undo", {})
    decide(server, session, form="幹")
    status, told = ask(server, "/desk/api/redo", {})
    assert (status, told["problem"]) == (422, "nothing to do again. Only what was undone just now can be done again.")


def test_any_word_can_be_corrected(server, session, book):
    rows = session.chapter("zh-TW", places(session)[0]["chapter"])
    row = next(one for one in rows if "樹" in "".join(piece["text"] for piece in one["pieces"]))
    at = "".join(piece["text"] for piece in row["pieces"]).index("樹")
    status, made = ask(server, "/desk/api/ask", {"edition": "zh-TW", "unit": row["unit"], "start": at, "end": at + 1})
    assert (status, made["reload"]) == (200, True)
    place = session.state("zh-TW")["places"][made["place"]]
    assert (place["term"], place["options"], place["reason"]) == ("树", ["樹", "树"], "asked")
    session.decide("zh-TW", made["place"], "木")
    assert session.state("zh-TW")["places"][made["place"]]["now"] == "木"
    assert "树" in written(book)


def test_a_word_that_is_doubted_leads_to_its_place_and_what_is_no_word_to_none(server, session):
    [place, *_] = places(session)
    rows = session.chapter("zh-TW", place["chapter"])
    row = next(one for one in rows if any(piece.get("place") == place["id"] for piece in one["pieces"]))
    before = itertools.takewhile(lambda piece: piece.get("place") != place["id"], row["pieces"])
    at = sum(len(piece["text"]) for piece in before)
    asked = {"edition": "zh-TW", "unit": row["unit"]}
    assert ask(server, "/desk/api/ask", {**asked, "start": at - 1, "end": at + 1})[1]["place"] == place["id"]
    assert ask(server, "/desk/api/ask", {**asked, "start": 900, "end": 901})[0] == 409
    assert ask(server, "/desk/api/ask", {**asked, "unit": 900, "start": 0, "end": 1})[0] == 409
    assert ask(server, "/desk/api/ask", {**asked, "start": "0", "end": 1})[0] == 400


def test_a_comment_stands_beside_its_decision(server, session, book):
    assert decide(server, session, note="问过作者")[0] == 200
    assert "note: 问过作者" in written(book)
    [one] = [one for one in session.state("zh-TW")["places"].values() if one["decided"]]
    assert one["decided"]["note"] == "问过作者"
    assert decide(server, session, note="一\n二")[0] == 400


def test_a_place_is_opened_in_the_editor(book):
    session = Session(book)
    body = {"edition": "zh-TW", "place": places(session)[0]["id"]}
    for editor, href in ((Editor("x", url="x://{file}:{line}"), f"x://{book.resolve()}/a.md:3"), (None, None)):
        with Server(Desk(lambda: session, editor).routes()) as serving:
            threading.Thread(target=serving.serve_forever, daemon=True).start()
            status, told = ask(serving, "/desk/api/open", body)
            assert (status, told.get("href")) == (200 if editor else 422, href)
            serving.shutdown()


def until(holds, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.02)
    raise AssertionError("it never came")

"""The catalogues say all that the code says: each message has its translations, with the same values."""

from __future__ import annotations

import gettext
import re

import pytest

from publish.language import LOCALE, Phrasebook, Template, split
from scripts.messages import Message, gather, module_messages

LANGUAGES = ("zh-CN", "zh-TW")
JUST_WRITTEN = 0.02  # of the messages may wait for their translator; a release has them all (make verify)


@pytest.fixture(scope="module")
def messages():
    return gather()


@pytest.fixture(scope="module", params=LANGUAGES)
def book(request):
    return Phrasebook(request.param)


def _missing(messages, book):
    return [one.template for one in messages if not book.words([one.template])]


def test_messages_have_their_translations(messages, book):
    missing = _missing(messages, book)
    assert len(missing) <= JUST_WRITTEN * len(messages), missing


@pytest.mark.verify
def test_all_messages_have_their_translations(messages, book):
    assert not _missing(messages, book)


def test_a_translation_has_the_values_of_its_message(messages, book):
    for one in messages:
        told = book.words([one.template]).get(one.template, one.template)
        assert _values(told) == _values(one.template), told
        assert _named(told) == _named(one.template), told


def test_a_message_with_values_is_read_back_as_itself(messages, book):
    for one in messages:
        told = book.words([one.template]).get(one.template)
        if told and _values(one.template):
            assert book.tell(_filled(one.template)) == _filled(told), one.template


def test_a_template_says_something_of_its_own(messages):
    for one in messages:
        assert not _values(one.template) or re.search("[A-Za-z]", "".join(Template(one.template, "").fixed)), one


def test_compiled_catalogues_are_those_that_people_edit():
    pofile = pytest.importorskip("babel.messages.pofile")
    for language in ("zh_CN", "zh_TW"):
        folder = LOCALE / language / "LC_MESSAGES"
        with (folder / "publish.po").open("rb") as file:
            edited = {one.id: one.string for one in pofile.read_po(file) if one.string}
        with (folder / "publish.mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)._catalog
        assert {key: told for key, told in compiled.items() if key} == {k: v for k, v in edited.items() if k}


def test_templates_come_from_constants_f_strings_sums_and_choices():
    code = """
def f(x, n, name):
    "A docstring is nobody's message."
    fail(f"image {x!r} not found", "Check its " + name + " again")
    say(f"{n} file{'' if n == 1 else 's'} left", f"the font {name or 'without a name'} is old")
    log.debug("not said at all")
    tell("an unpaired mark: {}".format(x))
"""
    assert module_messages(code, "a.py") == [
        Message("image {1} not found", "a.py", ("x",)),
        Message("Check its {1} again", "a.py", ("name",)),
        Message("{1} file left", "a.py", ("n",)),
        Message("{1} files left", "a.py", ("n",)),
        Message("the font {1} is old", "a.py", ("name",)),
        Message("the font without a name is old", "a.py"),
        Message("without a name", "a.py"),
        Message("an unpaired mark: {1}", "a.py", ("value",)),
    ]


def _values(text):
    return {int(one.partition("!")[0]) for one in split(text)[1::2]}


def _named(text):
    return set(re.findall(r"(?<!\{)\{([a-z]+)\}", text))


def _filled(text):
    pieces = split(text)
    pieces[1::2] = [f"·{one.partition('!')[0]}·" for one in pieces[1::2]]
    return "".join(pieces).replace("{{", "{").replace("}}", "}")

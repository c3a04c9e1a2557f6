"""The ledger keeps every line that was written whole."""

from publish.library.ledger import LibraryLedger


def test_lines_are_read_as_they_were_noted(tmp_path):
    ledger = LibraryLedger(tmp_path / "deep/library.jsonl")
    assert list(ledger.lines()) == []
    noted = ledger.note({"event": "begun", "book": "甲"})
    assert list(ledger.lines()) == [noted]
    assert noted["book"] == "甲"
    assert noted["time"].endswith("+00:00")


def test_a_line_that_a_kill_cut_short_takes_no_other_with_it(tmp_path):
    ledger = LibraryLedger(tmp_path / "library.jsonl")
    ledger.note({"book": "a"})
    with ledger.file.open("ab") as file:
        file.write(b'{"book": "b", "ev')
    ledger.note({"book": "c"})
    assert [line["book"] for line in ledger.lines()] == ["a", "c"]

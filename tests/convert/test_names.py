"""Names of people that a book itself says are names."""

from __future__ import annotations

import pytest

from publish.convert.converter import Converter
from publish.regions import region
from publish.source.settings.metadata import Metadata, Person


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("范文轩", "范文軒"),
        ("于丹", "于丹"),
        ("余怀远", "余懷遠"),
        ("姜子文", "姜子文"),
        ("钟玲", "鍾玲"),
        ("余额宝团队", "餘額寶團隊"),
        ("范例组委会", "範例組委會"),
        ("沈从文", "沈從文"),
    ],
)
def test_a_person_keeps_the_surname(name, form):
    convert = Converter(region("zh-CN"), region("zh-TW")).convert
    metadata = Metadata(creators=(Person(name, "aut"),), contributors=(Person(name, "edt"),)).converted(convert)
    assert [one.name for one in (*metadata.creators, *metadata.contributors)] == [form, form]

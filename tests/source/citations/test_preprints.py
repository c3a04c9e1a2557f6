"""A preprint is known by where it is kept, however its entry was made; what was printed is none."""

from __future__ import annotations

import pytest

from publish.source.citations.preprints import as_preprint


def words(said):
    return {name: {"t": "MetaString", "c": value} for name, value in said.items()}


def said(data):
    return {name: value["c"] for name, value in data.items()}


@pytest.mark.parametrize(
    ("data", "fields", "server", "url"),
    [
        ({"type": "article-journal", "container-title": "arXiv preprint arXiv:1412.6980"}, {}, "arXiv", "1412.6980"),
        ({"type": "article-journal", "container-title": "arXiv:math/0211159 [math.DG]"}, {}, "arXiv", "math/0211159"),
        ({"type": "article-journal", "container-title": "CoRR", "volume": "abs/1810.1"}, {}, "arXiv", "1810.1"),
        ({"type": "", "publisher": "arXiv:1704.01701"}, {}, "arXiv", "1704.01701"),
        ({"type": "article-journal", "container-title": "bioRxiv", "page": "2021-01"}, {}, "bioRxiv", ""),
        ({"type": ""}, {"archiveprefix": "arXiv"}, "arXiv", ""),
        ({"type": "webpage"}, {"eprinttype": "arxiv"}, "arXiv", ""),
    ],
)
def test_a_preprint_has_its_server_and_its_address(data, fields, server, url):
    made = said(as_preprint(words(data), fields))
    assert made == {"type": "article", "publisher": server} | ({"URL": f"https://arxiv.org/abs/{url}"} if url else {})


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"type": "article-journal", "container-title": "Phys. Rev. D", "volume": "3"}, {"archiveprefix": "arXiv"}),
        ({"type": "paper-conference", "container-title": "NIPS"}, {"eprinttype": "arXiv"}),
        ({"type": "book", "publisher": "Coral Press"}, {}),
        ({"type": "article-journal", "container-title": "arXiv and its readers"}, {}),
        ({"type": "webpage"}, {"eprinttype": "jstor"}),
    ],
)
def test_what_is_printed_elsewhere_is_none(data, fields):
    assert said(as_preprint(words(data), fields)) == data


def test_an_address_that_an_entry_has_stays():
    data = words({"type": "article-journal", "container-title": "arXiv:1.2", "DOI": "10.48550/arXiv.1.2"})
    assert "URL" not in as_preprint(data, {})

"""What builds keep can be shared; a place that can't be reached, or is damaged, fails nobody."""

import pickle

import pytest

from publish.build.shared import SharedPlace, open_shared
from publish.cache import Cache, open_cache
from publish.errors import UsageError

pytest.importorskip("fsspec", reason='the extra "cluster" is not installed')


def two_machines(tmp_path, address: str) -> tuple[Cache, Cache]:
    """The caches of one book on two machines."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    shared = open_shared(address)
    return open_cache(tmp_path / "one", "p", shared), open_cache(tmp_path / "two", "p", shared)


@pytest.mark.parametrize("address", ["{}/shared", "file://{}/shared", "memory://books/cache"])
def test_what_one_machine_keeps_another_finds(tmp_path, address):
    one, two = two_machines(tmp_path, address.format(tmp_path))
    key = one.key("step", "read", address)
    assert two.get(key) is None
    one.put(key, b"made")
    assert two.get(key) == b"made"
    assert open_cache(tmp_path / "two", "p").get(key) == b"made"  # kept there from now on


def test_a_damaged_entry_is_made_again(tmp_path):
    one, two = two_machines(tmp_path, str(tmp_path / "shared"))
    key = one.key("step")
    one.put(key, b"made")
    file = next(path for path in (tmp_path / "shared").rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[:-1])
    assert two.get(key) is None
    two.put(key, b"made")
    assert file.read_bytes().endswith(b"made")


def test_a_place_that_can_not_be_reached_is_told_of_once(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    one, _ = two_machines(tmp_path, str(tmp_path / "file/below"))
    for number in range(3):
        one.put(one.key(number), b"made")
    assert one.get(one.key(1)) == b"made"
    assert len(caplog.records) == 1
    assert "the shared cache at" in caplog.text


def test_worker_processes_open_the_same_place(tmp_path):
    shared = open_shared(str(tmp_path))
    assert isinstance(shared, SharedPlace)
    assert pickle.loads(pickle.dumps(shared)) is shared


def test_no_address_is_no_place():
    assert open_shared("") is None


def test_an_address_of_no_kind_is_refused():
    with pytest.raises(UsageError, match="a shared cache can't be at nonsense://x"):
        open_shared("nonsense://x")

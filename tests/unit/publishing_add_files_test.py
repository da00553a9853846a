"""Files are added to a folder all or none, and none that is there is changed."""

import pytest

from openpeel.errors import UseError
from openpeel.publishing import add_files as module
from openpeel.publishing.add_files import add_files


def held(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_is_made_and_files_are_written(tmp_path):
    out = tmp_path / "a" / "b"
    assert add_files({"one": b"1", "two": b"2"}, out) == {out / "one": True, out / "two": True}
    assert held(out) == {"one": b"1", "two": b"2"}


def test_what_is_there_already_is_left_alone(tmp_path):
    add_files({"one": b"1"}, tmp_path)
    (tmp_path / "other").write_bytes(b"kept")
    before = (tmp_path / "one").stat().st_mtime_ns
    assert add_files({"one": b"1", "two": b"2"}, tmp_path) == {
        tmp_path / "one": False,
        tmp_path / "two": True,
    }
    assert (tmp_path / "one").stat().st_mtime_ns == before
    assert held(tmp_path) == {"one": b"1", "two": b"2", "other": b"kept"}


def test_a_file_with_other_content_stops_everything(tmp_path):
    (tmp_path / "two").write_bytes(b"filled in")
    with pytest.raises(UseError, match="a file of this name already, with other content"):
        add_files({"one": b"1", "two": b"2"}, tmp_path)
    assert held(tmp_path) == {"two": b"filled in"}


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_no_file_is_not_replaced(tmp_path, kind):
    (tmp_path / "one").mkdir() if kind == "folder" else (tmp_path / "one").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UseError):
        add_files({"one": b"1"}, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(UseError, match="expected a folder, got a file"):
        add_files({"one": b"1"}, tmp_path / "out")
    with pytest.raises(UseError):
        add_files({"one": b"1"}, tmp_path / "out" / "below")


def test_a_disk_that_fills_up_is_left_with_none_of_them(tmp_path, monkeypatch):
    write = module.write_whole

    def full(path, content):
        if path.name == "two":
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(module, "write_whole", full)
    with pytest.raises(UseError, match="the disk is full"):
        add_files({"one": b"1", "two": b"2"}, tmp_path)
    assert held(tmp_path) == {}

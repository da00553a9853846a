"""A disk that is full, or a file that may not grow, is said in plain words and changes nothing in the lake."""

import shutil
import subprocess

import pytest

from command_line import contents, done, finish, start
from invented_records import write_month


@pytest.fixture
def lake(tmp_path):
    done("load", write_month(tmp_path / "files", "kent", "2021-01"), "--lake", tmp_path / "lake")
    return tmp_path / "lake"


@pytest.mark.parametrize("largest", [300, 2_000, 20_000])
def test_a_file_that_may_not_grow_is_no_reason_to_lose_anything(lake, tmp_path, largest):
    big = write_month(tmp_path / "files", "kent", "2021-02", count=5_000)
    before = contents(lake)
    ran = finish(start("load", big, "--lake", lake, largest_file=largest))
    assert ran.code == 2, ran
    assert "the disk is full or a file would be larger than allowed" in ran.said
    assert "Nothing was changed" in ran.said
    assert "Traceback" not in ran.said
    assert contents(lake) == before
    assert not (lake / "incoming").exists()
    done("load", big, "--lake", lake)


def test_a_release_for_which_there_is_no_room_is_not_half_made(lake):
    before = contents(lake)
    ran = finish(start("release", "create", "spring", "--lake", lake, largest_file=200))
    assert ran.code == 2, ran
    assert "the disk is full" in ran.said
    assert contents(lake) == before
    done("release", "create", "spring", "--lake", lake)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 1 MB, where this account may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None:
        pytest.skip("there is no 'mount' here")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("this account may not mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_the_lake_as_it_was_and_frees_what_it_took(small_disk, tmp_path):
    lake = small_disk / "lake"
    done("load", write_month(tmp_path / "files", "kent", "2021-01"), "--lake", lake)
    before = contents(lake)
    files = [write_month(tmp_path / "files", "kent", f"2021-{m:02}", count=4_000) for m in range(2, 10)]
    ran = finish(start("load", *files, "--lake", lake))
    assert ran.code == 2, ran
    assert "the disk is full" in ran.said
    assert contents(lake) == before
    done("load", write_month(tmp_path / "files", "kent", "2021-10"), "--lake", lake)

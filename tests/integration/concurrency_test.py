"""Several commands at once on one lake: writers take turns, readers are not disturbed."""

from command_line import done, finish, run, start
from invented_records import write_month, write_year
from openpeel.lake import Lake


def test_two_loads_at_once_are_both_held(tmp_path):
    lake = tmp_path / "lake"
    kent = write_year(tmp_path / "kent", ["kent"], count=100)
    essex = write_year(tmp_path / "essex", ["essex"], count=100)
    Lake.open(lake, create=True)
    both = [start("load", folder, "--lake", lake) for folder in (kent, essex)]
    assert [finish(process).code for process in both] == [0, 0]
    held = Lake.open(lake).held()
    assert len(held) == 24
    assert {r.accepted for r in map(Lake.open(lake).read_return, held.values())} == {100}


def test_two_loads_at_once_may_both_find_that_there_is_no_lake_yet(tmp_path):
    files = [write_month(tmp_path / force, force) for force in ("kent", "essex")]
    both = [start("load", file, "--lake", tmp_path / "lake") for file in files]
    ended = [finish(process) for process in both]
    assert [ran.code for ran in ended] == [0, 0], ended
    assert len(Lake.open(tmp_path / "lake").held()) == 2


def test_the_same_file_loaded_twice_at_once_is_held_once(tmp_path):
    lake, file = tmp_path / "lake", write_month(tmp_path / "files")
    Lake.open(lake, create=True)
    both = [start("load", file, "--lake", lake, "--format", "json") for _ in range(2)]
    how = sorted(ran.json["loaded"][0]["how"] for ran in map(finish, both))
    assert how == ["already held", "new"]
    (key,) = Lake.open(lake).held()
    assert Lake.open(lake).superseded(key) == []


def test_figures_are_the_same_before_during_and_after_a_load_that_supersedes_what_they_count(tmp_path):
    lake = tmp_path / "lake"
    done("load", write_year(tmp_path / "first", ["kent"], count=20), "--lake", lake)
    done("release", "create", "spring", "--lake", lake)
    ask = ("figures", "--release", "spring", "--lake", lake, "--force", "kent", "--format", "json")
    before = done(*ask).json
    loading = start("load", write_year(tmp_path / "second", ["kent"], count=400), "--lake", lake)
    during = []
    while loading.poll() is None:
        during.append(done(*ask).json)
    assert finish(loading).code == 0
    assert during
    assert all(figures == before for figures in [*during, done(*ask).json])
    assert {r.accepted for r in map(Lake.open(lake).read_return, Lake.open(lake).held().values())} == {400}


def test_a_release_made_twice_at_once_is_one_release(tmp_path):
    lake = tmp_path / "lake"
    done("load", write_year(tmp_path / "files", count=10), "--lake", lake)
    both = [start("release", "create", "spring", "--lake", lake) for _ in range(2)]
    ended = [finish(process) for process in both]
    assert [ran.code for ran in ended] == [0, 0]
    assert sorted("'spring' made" in ran.out for ran in ended) == [False, True]
    assert [r["name"] for r in done("release", "list", "--lake", lake, "--format", "json").json] == ["spring"]


def test_a_lake_that_somebody_else_writes_to_for_too_long_is_named(tmp_path, monkeypatch):
    lake = Lake.open(tmp_path / "lake", create=True)
    file = write_month(tmp_path / "files")
    patient = Lake.writing
    monkeypatch.setattr(Lake, "writing", lambda self, **_: patient(self, wait_seconds=0))
    with lake.writing():
        ran = run("load", file, "--lake", lake.root)
    assert ran.code == 2
    assert "another load has been writing" in ran.err
    assert "Wait for it to end" in ran.err
    done("load", file, "--lake", lake.root)

"""Charts are drawn once and kept by what they are drawn from; what is kept is never trusted blindly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from openpeel.publishing import drawing
from openpeel.publishing.drawing import Spec
from openpeel.reports import drawings as module
from openpeel.reports.drawings import cache_folder, drawings


def chart(height: int) -> Spec:
    return {
        "data": {"values": [{"a": 1}]},
        "mark": "point",
        "height": height,
        "encoding": {"x": {"field": "a"}},
    }


def charts(*heights: int) -> dict[str, Callable[[], Spec]]:
    return {f"charts/{height}.svg": lambda height=height: chart(height) for height in heights}  # type: ignore[misc]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what is really drawn."""
    names: list[str] = []

    def counted(given):  # type: ignore[no-untyped-def]
        for name, svg in drawing.draw(given):
            names.append(name)
            yield name, svg

    monkeypatch.setattr(module, "draw", counted)
    return names


def test_a_chart_is_drawn_once_and_another_one_anew(tmp_path: Path, asked: list[str]) -> None:
    first = drawings(charts(30, 40), tmp_path)
    assert asked == ["charts/30.svg", "charts/40.svg"]
    assert first["charts/30.svg"].startswith(b"<svg")
    again = drawings(charts(40, 50, 30), tmp_path)
    assert asked == ["charts/30.svg", "charts/40.svg", "charts/50.svg"]
    assert list(again) == ["charts/40.svg", "charts/50.svg", "charts/30.svg"]
    assert {name: again[name] for name in first} == first


def test_a_kept_drawing_that_is_not_whole_is_drawn_anew_and_kept_whole(
    tmp_path: Path, asked: list[str]
) -> None:
    whole = drawings(charts(30), tmp_path)
    (kept,) = tmp_path.iterdir()
    content = kept.read_bytes()
    for damaged in (b"", content[:-20], content.replace(b"<svg", b"<sv2"), b"\xff\xfe\n<svg/>", content[70:]):
        kept.write_bytes(damaged)
        assert drawings(charts(30), tmp_path) == whole
        assert kept.read_bytes() == content
    assert len(asked) == 6
    assert list(tmp_path.iterdir()) == [kept]


def test_where_nothing_can_be_kept_everything_is_drawn_all_the_same(tmp_path: Path, asked: list[str]) -> None:
    no_folder = tmp_path / "file"
    no_folder.write_text("not a folder")
    assert drawings(charts(30), no_folder)["charts/30.svg"].startswith(b"<svg")
    assert drawings(charts(30), no_folder / "within")["charts/30.svg"].startswith(b"<svg")
    assert len(asked) == 2
    assert no_folder.read_text() == "not a folder"


def test_another_version_of_the_engine_draws_anew(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawings(charts(30), tmp_path)
    monkeypatch.setattr(module, "_ENGINE", "vl-convert-python 99")
    drawings(charts(30), tmp_path)
    assert len(asked) == 2


def test_progress_counts_what_is_kept_too(tmp_path: Path) -> None:
    drawings(charts(30), tmp_path)
    told: list[tuple[int, int]] = []
    drawings(charts(30, 40), tmp_path, on_chart=lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


def test_the_folder_is_the_one_named_or_the_users_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("OPENPEEL_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "openpeel"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache_folder() == tmp_path / "x" / "openpeel"
    monkeypatch.setenv("OPENPEEL_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"

"""Which file of an audit belongs to which."""

from pathlib import Path

import pytest

from openpeel.audits.files import draw_beside, frame_beside


@pytest.mark.parametrize(
    ("sheet", "frame", "draw"),
    [
        ("a/cases.csv", "a/cases.frame.json", "a/cases.draw.json"),
        ("a/my.first.csv", "a/my.first.frame.json", "a/my.first.draw.json"),
    ],
)
def test_frame_and_draw_stand_beside_the_sheet(sheet, frame, draw):
    assert (frame_beside(Path(sheet)), draw_beside(Path(sheet))) == (Path(frame), Path(draw))
    assert (frame_beside(Path(draw)), draw_beside(Path(frame))) == (Path(frame), Path(draw))


def test_a_frame_and_a_draw_without_another_name_belong_together():
    assert draw_beside(Path("a/frame.json")) == Path("a/draw.json")
    assert frame_beside(Path("a/draw.json")) == Path("a/frame.json")

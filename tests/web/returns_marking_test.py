"""The file of a force comes back with what is wrong marked in it, and can be handed in again once put right."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from odfdo import Annotation, Document, Table
from openpyxl.styles import Font

from openpeel.web.returns import marking
from openpeel.web.returns.models import Return
from openpeel.web.trail.models import Event
from web_returns import BAD, NAME, TITLES, Round, as_csv, volunteers, work
from workbook_sample import ods, xlsx

AS_AT = TITLES.index("Volunteer at the end of")
HOURS = TITLES.index("Hours in the month")

_OFFICE = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"'
_NO_STYLES = f"<office:document-styles {_OFFICE}><office:styles/></office:document-styles>"
_NO_META = f"<office:document-meta {_OFFICE}><office:meta/></office:document-meta>"


def _workbook() -> bytes:
    """The workbook of a force: two rejected rows, a formula, a cell in bold and a sheet of notes."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Volunteers"]
        sheet["A2"].font = Font(bold=True)
        book["Mine"]["A2"] = "=1+1"

    return xlsx({"Volunteers": [TITLES, *BAD], "Mine": [["what we think"], []]}, change)


def _marked(asked_round: Round, handed_in: Return, place: int = 1) -> Any:
    answer = asked_round.client(asked_round.contributor).get(f"/returns/{handed_in.key}/marked/{place}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    return answer


def _book(answer: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def _texts(sheet: Any) -> str:
    return "\n".join(" | ".join(str(cell or "") for cell in row) for row in sheet.iter_rows(values_only=True))


def test_rejected_cells_of_a_workbook_are_red_and_say_what_was_expected(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(_workbook(), name="our volunteers.xlsx")
    book = _book(_marked(asked_round, handed_in))
    assert book.sheetnames == ["openpeel checks", "Volunteers", "Mine"]
    sheet = book["Volunteers"]
    marked = {cell.coordinate: cell for row in sheet.iter_rows() for cell in row if cell.comment}
    assert list(marked) == ["C30", "C31"]
    assert marked["C30"].column == AS_AT + 1
    assert marked["C30"].value == "soon"
    assert marked["C30"].fill.fgColor.rgb == "FFF4B6B6"
    assert "expected" in marked["C30"].comment.text
    assert "got" in marked["C30"].comment.text
    assert sheet["A2"].font.bold
    assert book["Mine"]["A2"].value == "=1+1"
    listed = _texts(book["openpeel checks"])
    assert "Rejected rows | 2 |" in listed
    assert "our volunteers.xlsx | 31 | Volunteer at the end of" in listed


def test_a_marked_workbook_that_is_put_right_can_be_handed_in(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(_workbook(), name="our volunteers.xlsx")
    book = _book(_marked(asked_round, handed_in))
    for row in (30, 31):
        book["Volunteers"].cell(row, AS_AT + 1).value = "2024-03"
    out = io.BytesIO()
    book.save(out)
    again = asked_round.hand_in(out.getvalue(), name="our volunteers.xlsx")
    assert (again.state, again.rejected_rows) == ("checked", 0)
    assert again.found is not None
    assert again.found["accepted"] == 30


def test_an_opendocument_spreadsheet_comes_back_marked_and_can_be_handed_in(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(
        ods({"Volunteers": [TITLES, *BAD]}, extra={"styles.xml": _NO_STYLES, "meta.xml": _NO_META}),
        name="volunteers.ods",
    )
    answer = _marked(asked_round, handed_in)
    assert answer["Content-Type"] == "application/vnd.oasis.opendocument.spreadsheet"
    document = Document(io.BytesIO(answer.content))
    assert [t.name for t in document.body.tables] == ["openpeel checks", "Volunteers"]
    table = document.body.get_table(name="Volunteers")
    assert isinstance(table, Table)
    cell = table.get_cell((AS_AT, 29))
    (note,) = [a for a in cell.get_elements("office:annotation") if isinstance(a, Annotation)]
    assert "expected" in note.note_body
    style: Any = document.get_style("table-cell", cell.style)
    assert style.get_properties(area="table-cell")["fo:background-color"] == "#f4b6b6"
    assert table.get_cell((AS_AT, 28)).get_elements("office:annotation") == []
    again = asked_round.hand_in(answer.content, name="volunteers.ods")
    assert again.rejected_rows == 2, again.refused_because


def test_of_a_csv_file_there_is_a_workbook_that_lists_what_was_found(asked_round: Round) -> None:
    book = _book(_marked(asked_round, asked_round.hand_in(as_csv(BAD))))
    assert book.sheetnames == ["openpeel checks"]
    assert "volunteers.csv | 30 | Volunteer at the end of" in _texts(book["openpeel checks"])


def test_a_workbook_too_large_to_take_apart_is_only_listed(
    asked_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "MOST_BYTES", 100)
    handed_in = asked_round.hand_in(_workbook(), name="our volunteers.xlsx")
    assert _book(_marked(asked_round, handed_in)).sheetnames == ["openpeel checks"]


def test_each_file_is_marked_with_its_own_rows(asked_round: Round) -> None:
    asked_round.send({"a.csv": as_csv(BAD[:29]), "b.csv": as_csv([BAD[29], *volunteers(40)[30:]])})
    work()
    handed_in = asked_round.last()
    first, second = (_texts(_book(_marked(asked_round, handed_in, p))["openpeel checks"]) for p in (1, 2))
    assert ("a.csv | 30" in first, "b.csv | 2" in first) == (True, False)
    assert ("a.csv | 30" in second, "b.csv | 2" in second) == (False, True)


def test_who_takes_a_marked_file_is_noted_and_another_force_gets_none(
    asked_round: Round, person: Any, signed_in: Any
) -> None:
    from openpeel.web.accounts.permissions import Role
    from web_people import BEDFORDSHIRE

    handed_in = asked_round.hand_in(as_csv(BAD))
    path = f"/returns/{handed_in.key}/marked/1"
    assert asked_round.client(asked_round.analyst).get(path).status_code == 200
    event = Event.objects.get(action="read marked file")
    assert (event.who, event.about) == ("Ada Analyst", f"return {handed_in.key}")
    stranger = signed_in(person(Role.CONTRIBUTOR, force=BEDFORDSHIRE))
    assert stranger.get(path).status_code == 404
    assert Event.objects.filter(action="read marked file").count() == 1
    assert NAME not in stranger.get(path).content.decode()

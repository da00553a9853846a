"""Files that are not what was asked for: each is refused in words that say what came, where, and what to do."""

from __future__ import annotations

import io
import zipfile

import pytest

from openpeel.web.notices.models import Notice
from openpeel.web.returns.models import Query
from web_returns import BAD, NAME, TITLES, Round, as_csv, volunteers, work
from workbook_sample import ods, repack, xlsx

GOOD = as_csv(volunteers())
BOOK = xlsx({"Volunteers": [TITLES, *volunteers()]})
CALLS = as_csv([["C1", "2024-03-01 10:00", "999"]], ["Call reference", "Call offered at", "Line"])
_MACROS = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
)


def _zip(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("calls.csv", CALLS, "expected records of 'Volunteer', got a file of 'Call to the control room'"),
        ("kent volunteers.csv", GOOD, "which is asked for them, got a file named after Kent"),
        ("2024-02 volunteers.csv", GOOD, "expected records of 2024-03, which are asked for"),
        (NAME, as_csv(volunteers(30, as_at="2022-01")), "expected records of 2024-03, got none: all of them"),
        (NAME, as_csv(volunteers(5, as_at="soon")), "The first is row 2"),
        (NAME, b"Shoes,Ships,Sealing wax\n1,2,3\n", "Use the template of 'Volunteer'."),
        (NAME, BOOK, "got a zip file or an Excel or OpenDocument spreadsheet"),
        ("volunteers.xlsx", GOOD, "If it is CSV, give it a name that ends in .csv."),
        ("volunteers.xlsx", BOOK[: len(BOOK) // 2], "cut short or damaged"),
        ("volunteers.xlsx", repack(BOOK, {"[Content_Types].xml": _MACROS.encode()}), "without macros"),
        (
            "volunteers.ods",
            ods({"V": [TITLES]}, manifest="<manifest:encryption-data/>"),
            "expected a workbook without a password",
        ),
        ("volunteers.pdf", b"%PDF-1.7", "got a file of another kind"),
        ("volunteers.zip", _zip({"a.txt": b"x"}), "nothing to load"),
        ("volunteers.zip", _zip({NAME: b"0" * (50 << 20)}), "at most 200 times the packed size"),
        ("volunteers.zip", _zip({f"../{NAME}": GOOD}), "one that could lead outside of it"),
        ("volunteers.parquet", b"PAR1" + b"\0" * 40, "Parquet"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_the_page_says_why(
    asked_round: Round, name: str, content: bytes, told: str
) -> None:
    handed_in = asked_round.hand_in(content, name=name)
    assert handed_in.state == "refused"
    assert told in handed_in.refused_because
    assert name in handed_in.refused_because
    # Nothing of the command line or of the disk is in what a force reads.
    assert "--" not in handed_in.refused_because
    assert handed_in.files.get().stored not in handed_in.refused_because
    page = asked_round.client(asked_round.contributor).get(handed_in.link).content.decode()
    assert "Why it could not be read" in page
    assert Notice.objects.filter(
        person=asked_round.contributor, subject="A return could not be read"
    ).exists()
    assert asked_round.main.held() == {}
    assert asked_round.hand_in(GOOD).state == "checked"


def test_one_bad_file_of_several_refuses_the_return_and_names_each_that_is_wrong(asked_round: Round) -> None:
    asked_round.send({"a.csv": GOOD, "b.csv": CALLS, "kent.csv": as_csv(volunteers(3))})
    work()
    handed_in = asked_round.last()
    assert handed_in.state == "refused"
    reasons = handed_in.refused_because.splitlines()
    assert len(reasons) == 2
    assert reasons[0].startswith("b.csv: ")
    assert reasons[1].startswith("kent.csv: ")


def test_parts_in_several_files_and_kinds_are_one_return(asked_round: Round) -> None:
    everyone = volunteers(60)
    asked_round.send(
        {
            "a.csv": as_csv(everyone[:20]),
            "b.xlsx": xlsx({"V": [TITLES, *everyone[20:40]]}),
            "c.zip": _zip({"d.csv": as_csv(everyone[40:]), "read me.txt": b"hello"}),
        }
    )
    work()
    handed_in = asked_round.last()
    assert handed_in.state == "checked", handed_in.refused_because
    assert handed_in.found is not None
    assert handed_in.found["accepted"] == 60
    asked_round.confirm(handed_in)
    asked_round.accept(handed_in)
    work()
    assert list(asked_round.main.held().values()) == [handed_in.lake_id]


def test_rejected_rows_are_listed_page_by_page_and_as_csv_without_what_stood_in_them(
    asked_round: Round,
) -> None:
    secret = "Zebedee Quill"
    handed_in = asked_round.hand_in(as_csv([*volunteers(5), *volunteers(120, as_at=secret)[5:]]))
    client = asked_round.client(asked_round.contributor)
    first = client.get(f"/returns/{handed_in.key}/rejected").content.decode()
    last = client.get(f"/returns/{handed_in.key}/rejected?page=3").content.decode()
    assert first.count('<td class="govuk-table__cell">Volunteer at the end of</td>') == 50
    assert last.count('<td class="govuk-table__cell">Volunteer at the end of</td>') == 15
    assert "115 rows" in first
    answer = client.get(f"/returns/{handed_in.key}/rejected.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("\n") == 116
    assert answer["Content-Disposition"] == 'attachment; filename="rejected-rows.csv"'
    pages = [
        first,
        last,
        text,
        client.get(handed_in.link).content.decode(),
        Query.objects.get(hard=True).message,
    ]
    assert not any(secret in page or "Zebedee" in page for page in pages)
    for given in ("0", "-1", "99999999999999999999", "x", "²"):
        assert client.get(f"/returns/{handed_in.key}/rejected", {"page": given}).status_code == 200


def test_rejected_rows_can_still_be_read_when_the_return_is_in_the_lake(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(as_csv(BAD))
    (query,) = handed_in.queries.all()
    asked_round.reply(query, "waive", "They do no harm.")
    asked_round.confirm(handed_in)
    asked_round.accept(handed_in)
    work()
    handed_in.refresh_from_db()
    assert handed_in.in_lake_at
    page = asked_round.client(asked_round.contributor).get(f"/returns/{handed_in.key}/rejected")
    assert "2 rows" in page.content.decode()


def test_a_return_of_nothing_is_asked_about(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(as_csv([]))
    (query,) = handed_in.queries.all()
    assert (query.check_name, query.hard) == ("no_records", False)
    assert "a header and no record" in query.message

"""From printed cells to values: what is printed is kept, what cannot be is rejected, and nothing is guessed."""

from datetime import date, datetime

import pytest

from intake_sample import CRIME, OUTCOME, STOP, coded, stop
from openpeel.intake.rows import RejectedRow
from openpeel.standards import UNRECOGNISED, load_standard

A_TIME = "a date and time such as 2021-03-01T11:27:00+00:00"


def value(column, cell):
    values, rejected, _ = coded([stop(**{column: cell})])
    assert not rejected
    return values[column][0]


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("2021-03-31T23:30:00+00:00", datetime(2021, 3, 31, 23, 30)),
        ("2021-03-31T23:30:00+01:00", datetime(2021, 3, 31, 23, 30)),
        ("2021-04-01T00:30:00+01:00", datetime(2021, 4, 1, 0, 30)),
        ("2021-04-01T00:30:00-0500", datetime(2021, 4, 1, 0, 30)),
        ("2021-03-31T23:30:00Z", datetime(2021, 3, 31, 23, 30)),
        ("2021-03-31 23:30", datetime(2021, 3, 31, 23, 30)),
        ("2020-02-29T00:00:00", datetime(2020, 2, 29)),
        ("2021-03-31T23:30:00.5", datetime(2021, 3, 31, 23, 30, 0, 500_000)),
        ("2021-03-31T23:59:59.999999+00:00", datetime(2021, 3, 31, 23, 59, 59, 999_999)),
        (" 2021-03-31T23:30:00+00:00 ", datetime(2021, 3, 31, 23, 30)),
    ],
)
def test_the_date_is_the_one_that_is_printed_and_no_offset_is_applied(printed, kept):
    assert value("date", printed) == kept


@pytest.mark.parametrize(
    "printed",
    [
        "2021-02-29T10:00:00+00:00",
        "2021-02-30T10:00:00+00:00",
        "2021-13-01T10:00:00+00:00",
        "2021-00-10T10:00:00+00:00",
        "2021-03-00T10:00:00+00:00",
        "2021-03-31T24:00:00+00:00",
        "2021-03-31T10:60:00+00:00",
        "2021-03-31T10:00:60+00:00",
        "0201-03-31T10:00:00+00:00",
        "2201-03-31T10:00:00+00:00",
        "1989-12-31T23:59:59+00:00",
    ],
)
def test_an_impossible_date_is_rejected_with_row_column_expected_and_got(printed):
    values, rejected, _ = coded([stop(), stop(date=printed), stop()])
    assert rejected == [RejectedRow(3, "Date", A_TIME, f"'{printed}'")]
    assert len(values["date"]) == 2


@pytest.mark.parametrize(
    ("printed", "got"),
    [
        ("", "a blank"),
        ("   ", "a blank"),
        ("01/03/2021 11:27", "text of the form '##/##/#### ##:##'"),
        ("2021-03-31", "text of the form '####-##-##'"),
        ("44256.47", "text of the form '#####.##'"),
        ("1 March 2021", "text of 12 characters"),
        ("?", "text of 1 character"),
        ("٢٠٢١-٠٣-٠١T١١:٢٧", "text of 16 characters"),
        ("2021-03-31T10:00:00.0000000+00:00", "'2021-03-31T10:00:00.0000000+00:00'"),
    ],
)
def test_what_is_no_date_is_rejected_and_its_form_told(printed, got):
    assert coded([stop(date=printed)])[1] == [RejectedRow(2, "Date", A_TIME, got)]


@pytest.mark.parametrize(
    "cell", ["51.807654", "10-17", "+44 7700 900123", "07700 900123", "Female", "1987-06-05", "AB123456C"]
)
def test_a_persons_data_that_slipped_into_the_date_is_not_repeated(cell):
    (rejected,) = coded([stop(date=cell)])[1]
    assert (rejected.column, cell in rejected.got) == ("Date", False)


@pytest.mark.parametrize("cell", ["51.8.07", "north", "1_000", "nan", "inf", "1e999"])
def test_a_coordinate_that_is_no_number_is_rejected_and_not_repeated(cell):
    (rejected,) = coded([stop(latitude=cell)])[1]
    said = f"text of {len(cell)} characters"
    assert rejected == RejectedRow(2, "Latitude", "a number", said)


@pytest.mark.parametrize(
    ("printed", "month"),
    [("2021-03", date(2021, 3, 1)), ("2024-12", date(2024, 12, 1)), (" 2021-03", date(2021, 3, 1))],
)
def test_a_month_is_kept_as_its_first_day(printed, month):
    assert coded([{**CRIME, "Month": printed}], "crime")[0]["month"] == [month]


@pytest.mark.parametrize("printed", ["2021-13", "2021-00", "0201-03"])
def test_an_impossible_month_is_rejected(printed):
    rejected = coded([{**CRIME, "Month": printed}], "crime")[1]
    assert rejected == [RejectedRow(2, "Month", "a month such as 2021-03", f"'{printed}'")]


@pytest.mark.parametrize("title", [t for t in STOP if t != "Date"])
@pytest.mark.parametrize("blank", ["", " ", "\t", "\xa0"])
def test_a_blank_stays_a_blank(title, blank):
    values, rejected, labels = coded([{**STOP, title: blank}])
    name = next(c.name for c in load_standard("stop_search").columns if c.title == title)
    assert (values[name], rejected, labels.unrecognised.total()) == ([None], [], 0)


@pytest.mark.parametrize(
    ("row", "standard", "title"),
    [(CRIME, "crime", "Crime type"), (OUTCOME, "outcome", "Crime ID"), (OUTCOME, "outcome", "Outcome type")],
)
@pytest.mark.parametrize("blank", ["", "  "])
def test_a_record_without_what_it_cannot_do_without_is_rejected(row, standard, title, blank):
    _, (rejected,), _ = coded([{**row, title: blank}], standard)
    assert (rejected.column, rejected.got) == (title, "a blank")


def test_zero_and_false_are_not_missing():
    row = stop(latitude="0", longitude="0.0", operation="False", outcome_linked="FALSE")
    values, _, _ = coded([row])
    assert [values[n] for n in ("latitude", "longitude", "operation", "outcome_linked")] == [
        [0.0],
        [0.0],
        [False],
        [False],
    ]


@pytest.mark.parametrize(
    ("cell", "kept"), [("True", True), ("true", True), ("TRUE", True), (" False ", False)]
)
def test_yes_and_no_are_read_however_they_are_capitalised(cell, kept):
    assert value("outcome_linked", cell) is kept


@pytest.mark.parametrize("cell", ["Yes", "1", "0", "Unknown"])
def test_what_is_neither_true_nor_false_is_rejected(cell):
    (rejected,) = coded([stop(outcome_linked=cell)])[1]
    assert (rejected.column, rejected.expected) == (
        "Outcome linked to object of search",
        "True, False or a blank",
    )


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("Nothing found - no further action", "A no further action disposal"),
        ("Suspect arrested", "Arrest"),
        ("Local resolution", "Community resolution"),
        ("Offender given drugs possession warning", "Khat or Cannabis warning"),
        ("Suspect summonsed to court", "Summons / charged by post"),
        ("Offender given penalty notice", "Penalty Notice for Disorder"),
        ("Offender cautioned", "Caution (simple or conditional)"),
    ],
)
def test_an_outcome_of_2016_means_what_replaced_it(then, now):
    values, _, labels = coded([stop(outcome=then), stop(outcome=now)])
    assert values["outcome"][0] == values["outcome"][1] != UNRECOGNISED
    assert (labels.superseded, labels.unrecognised) == ({"outcome": 1}, {})


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("White - White British (W1)", "White - English/Welsh/Scottish/Northern Irish/British"),
        ("Asian or Asian British - Pakistani (A2)", "Asian/Asian British - Pakistani"),
        (
            "Black or Black British - African (B2)",
            "Black/ African/Caribbean/Black British - African",
        ),
        ("Chinese or other ethnic group - Chinese (O1)", "Asian/Asian British - Chinese"),
        ("Not Stated (NS)", "Other ethnic group - Not stated"),
    ],
)
def test_an_ethnicity_in_the_codes_of_2016_is_the_one_of_today(then, now):
    values, _, _ = coded([stop(self_defined_ethnicity=then), stop(self_defined_ethnicity=now)])
    assert values["self_defined_ethnicity"][0] == values["self_defined_ethnicity"][1] != UNRECOGNISED


def test_chinese_as_o1_lands_in_a4():
    assert value("self_defined_ethnicity", "Chinese or other ethnic group - Chinese (O1)") == "A4"


@pytest.mark.parametrize("bare", ["O1", "Chinese", "White", "N/A", "unrecognised"])
def test_an_unknown_ethnicity_is_counted_as_unrecognised_and_not_guessed(bare):
    values, rejected, labels = coded([stop(), stop(self_defined_ethnicity=bare), stop()])
    assert values["self_defined_ethnicity"] == ["W1", UNRECOGNISED, "W1"]
    assert (rejected, labels.unrecognised) == ([], {"self_defined_ethnicity": 1})


def test_a_label_is_known_however_it_is_spaced_and_capitalised():
    assert value("outcome", "KHAT  or cannabis warning ") == "drugs_warning"
    assert value("gender", "female") == "female"


def test_labels_are_counted_once_even_where_another_row_is_rejected():
    old, new = stop(outcome="Suspect arrested"), stop(outcome="Let off")
    values, rejected, labels = coded([new, stop(outcome_linked="perhaps"), old, new])
    assert [r.row for r in rejected] == [3]
    assert values["outcome"] == [UNRECOGNISED, "arrest", UNRECOGNISED]
    assert labels.unrecognised == {"outcome": 2}
    assert labels.superseded == {"outcome": 1}


def test_a_label_of_a_rejected_row_is_not_counted():
    labels = coded([stop(date="never", outcome="Let off", gender="?")])[2]
    assert (labels.unrecognised.total(), labels.superseded.total()) == (0, 0)


def test_the_first_wrong_column_is_named():
    (rejected,) = coded([stop(date="never", latitude="north", outcome_linked="perhaps")])[1]
    assert rejected.column == "Date"


def test_a_file_of_which_no_row_can_be_kept_gives_columns_without_values():
    values, rejected, _ = coded([stop(date="never"), stop(date="ever")])
    assert len(rejected) == 2
    assert all(column == [] for column in values.values())

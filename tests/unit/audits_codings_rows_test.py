"""The rows of a case hold together: what is listed in it, who coded it, what was settled, which reserves stand in."""

import pytest

from coding_sample import SECRET, all_reports, all_searches, begin, crime, on_the_web, report, search
from openpeel.audits import load_instrument
from openpeel.audits.codings import INVENTED, WrongCodingsError
from openpeel.errors import UseError


def test_an_answer_that_another_row_of_the_case_has_can_be_told(reports):
    rows = [listed("1", crime_due="yes"), listed("3", crime_due="yess")]
    of = f"case {reports.cases[0]}, column"
    assert reports.wrong(all_reports(reports, *rows)) == [
        f"sheet.csv, row 3, {of} 'crime_due': expected one of yes, no; got text of 4 characters",
        f"sheet.csv, row 2, {of} 'crime': expected each crime numbered from 1, got 1, 3",
    ]


def test_why_a_blank_is_expected_names_only_what_is_not_met(reports):
    rows = [crime("", "1", crime_due="yes", right_class="yes")]
    (said,) = reports.wrong(
        all_reports(reports, *({k: v for k, v in r.items() if k != "case"} for r in rows))
    )
    assert said.endswith(
        "column 'right_class': expected a blank, because 'recorded' is not yes; got an answer"
    )


def listed(number, **answers):
    return {k: v for k, v in crime("", number, **answers).items() if k != "case"}


def test_a_list_that_is_due_has_something_on_it(reports):
    assert reports.wrong(all_reports(reports, {"crime_due": "yes"})) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'crime': expected one crime or more, got none"
    ]


def test_a_list_that_is_not_due_is_left_blank(reports):
    assert reports.wrong(all_reports(reports, {"crime_due": "no"}, listed("1"))) == [
        f"sheet.csv, row 3, case {reports.cases[0]}, column 'crime': "
        "expected no crime, because 'crime_due' is not yes"
    ]


def test_a_list_that_hangs_on_a_question_not_asked_is_not_due(calls):
    rows = [{"case": "P1", "answered": "no"}, {"case": "P1", "promise": "1", "kept": "yes"}]
    rows += [{"case": "P2", "answered": "no"}]
    assert calls.wrong([*rows, *on_the_web("W1", "W2")]) == [
        "sheet.csv, row 3, case P1, column 'promise': expected no promise, because 'promised' is not yes"
    ]


def test_a_list_that_hangs_on_an_answer_that_is_missing_is_not_found_fault_with(reports):
    assert reports.wrong(all_reports(reports, listed("1"))) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'crime_due': expected an answer, got a blank"
    ]


@pytest.mark.parametrize(
    ("numbers", "got"),
    [(["2"], "2"), (["1", "3"], "1, 3"), (["3", "2"], "2, 3"), (["2", "3", "4"], "2, 3, 4")],
)
def test_what_is_listed_is_numbered_without_gaps(reports, numbers, got):
    rows = [listed(n, crime_due="yes") for n in numbers]
    assert reports.wrong(all_reports(reports, *rows)) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'crime': "
        f"expected each crime numbered from 1, got {got}"
    ]


@pytest.mark.parametrize(
    "number", ["0", "000", "-1", "1.0", "one", "²", "٣", "1000", "00000000100000", "9" * 5000, SECRET]
)
def test_the_number_of_what_is_listed_is_a_whole_number(reports, number):
    length = len(number)
    assert reports.wrong(all_reports(reports, listed(number, crime_due="yes"))) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'crime': expected the number of the crime, "
        f"1 for the first; got text of {length:,} character{'s' if length > 1 else ''}"
    ]


def test_a_number_that_cannot_be_read_is_no_reason_to_find_fault_with_the_row(reports):
    rows = [listed("1", crime_due="yes"), listed("two"), listed("three")]
    said = reports.wrong(all_reports(reports, *rows))
    assert len(said) == 2
    assert all("column 'crime': expected the number of the crime" in problem for problem in said)


def test_the_same_thing_is_listed_once(reports):
    rows = [listed("1", crime_due="yes"), listed("1"), listed("2"), listed("2")]
    assert reports.wrong(all_reports(reports, *rows)) == [
        f"sheet.csv, row {row}, case {reports.cases[0]}, column 'crime': "
        f"crime {number} of this case was coded before by the same coder"
        for row, number in ((3, 1), (5, 2))
    ]


def test_a_number_alone_says_that_something_is_listed(reports):
    assert reports.wrong(all_reports(reports, listed("1", crime_due="yes"), {"crime": "2"})) == [
        f"sheet.csv, row 3, case {reports.cases[0]}, column '{column}': expected an answer, got a blank"
        for column in ("class", "recorded")
    ]


def test_an_answer_about_something_listed_says_of_which(reports):
    row = listed("", crime_due="yes")
    assert reports.wrong(all_reports(reports, row, listed("1"))) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column '{column}': "
        "an answer about a crime stands in a row without the number of the crime"
        for column in ("class", "recorded")
    ]


def test_an_answer_about_something_that_is_not_listed_is_left_blank(reports):
    assert reports.wrong(all_reports(reports, {"crime_due": "no", "recorded": "yes"})) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'recorded': "
        "expected a blank, because 'crime_due' is not yes; got an answer"
    ]


def test_each_thing_listed_is_held_to_the_routing_by_itself(reports):
    rows = [
        listed("1", crime_due="yes", recorded="yess"),
        listed("2", recorded="yes"),
        listed("3", recorded_when="later"),
    ]
    of = f"case {reports.cases[0]}, column"
    assert reports.wrong(all_reports(reports, *rows)) == [
        f"sheet.csv, row 2, {of} 'recorded': expected one of yes, no; got text of 4 characters",
        f"sheet.csv, row 3, {of} 'recorded_when': expected an answer, got a blank",
        f"sheet.csv, row 3, {of} 'right_class': expected an answer, got a blank",
        f"sheet.csv, row 4, {of} 'recorded_when': expected a blank, because 'recorded' is not yes; got an answer",
    ]


def test_the_rows_of_a_case_agree_about_the_case(reports):
    rows = [listed("1", crime_due="yes"), listed("2", crime_due="yes"), listed("3", crime_due="no")]
    assert reports.wrong(all_reports(reports, *rows)) == [
        f"sheet.csv, row 4, case {reports.cases[0]}, column 'crime_due': "
        "the rows of this case give different answers"
    ]


def test_a_case_that_is_unusable_has_no_answers(searches, reports):
    said = "a case that is unusable has no answers, and this one has"
    assert searches.wrong(all_searches(searches, unusable="out_of_scope")) == [
        f"sheet.csv, row 2, case {searches.cases[0]}, column 'unusable': {said}"
    ]
    assert reports.wrong(all_reports(reports, {"unusable": "cannot_be_audited", "crime": "1"})) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'unusable': {said}"
    ]


@pytest.mark.parametrize("written", ["out_of_scope", "Not such a case after all", " OUT_OF_scope"])
def test_a_case_that_is_unusable_says_why_and_a_reserve_stands_in_for_it(searches, written):
    first, *others = searches.cases
    rows = [{"case": first, "unusable": written}, *map(search, others)]
    found = searches.read(searches.sheet(rows))
    assert found.cases[0].coding.unusable == "out_of_scope"
    assert len(found.cases) == 6
    stands_in = searches.reserve()[0]
    found = searches.read(searches.sheet([*rows, search(stands_in)]))
    assert [c.case for c in found.cases] == [*searches.cases, stands_in]


def unusable(cases, *, of, reserves=()):
    rows = [{"case": c, "unusable": "out_of_scope"} for c in cases[:of]]
    return rows + [search(c) for c in [*cases[of:], *reserves]]


def test_a_reserve_that_is_unusable_is_stood_in_for_by_the_next(searches):
    one, two = searches.reserve()
    rows = [*unusable(searches.cases, of=1), {"case": one, "unusable": "cannot_be_audited"}, search(two)]
    assert len(searches.read(searches.sheet(rows)).cases) == 8


def test_reserves_that_nobody_used_may_stand_in_the_sheet(searches):
    rows = [*all_searches(searches), *({"case": c} for c in searches.reserve())]
    assert len(searches.read(searches.sheet(rows)).cases) == 6


def test_reserves_are_used_in_their_order(searches):
    one, two = searches.reserve()
    assert searches.wrong(unusable(searches.cases, of=1, reserves=[two])) == [
        f"sheet.csv, row 8, case {two}, column 'case': "
        f"the reserves are used in their order, and case {one} stands before this one"
    ]


@pytest.mark.parametrize(("of", "said"), [(0, "0 of the cases are"), (1, "1 of the cases is")])
def test_there_are_no_more_reserves_than_cases_that_are_unusable(searches, of, said):
    reserves = searches.reserve()[: of + 1]
    assert searches.wrong(unusable(searches.cases, of=of, reserves=reserves)) == [
        f"sheet.csv, row {8 + of}, case {reserves[of]}, column 'case': "
        f"this reserve is used, but only {said} unusable"
    ]


def test_a_reserve_stands_in_for_a_case_of_its_own_stratum(reports):
    direct, incident = reports.sample(0), reports.sample(1)
    rows = [{"case": direct[0], "unusable": "out_of_scope"}, *map(report, [*direct[1:], *incident])]
    assert len(reports.read(reports.sheet([*rows, report(reports.reserve(0)[0])])).cases) == 7
    other = reports.reserve(1)[0]
    assert reports.wrong([*rows, report(other)]) == [
        f"sheet.csv, row 8, case {other}, column 'case': this reserve is used, "
        "but only 0 of the cases of the stratum 'incident / any' are unusable"
    ]


def test_a_reason_that_cannot_be_read_is_no_reason_to_find_fault_with_the_reserve(searches):
    first, *others = searches.cases
    rows = [{"case": first, "unusable": "ill"}, *map(search, [*others, searches.reserve()[0]])]
    assert len(searches.wrong(rows)) == 1


def by(coder, rows):
    return [row | {"coder": coder} for row in rows]


def test_a_case_may_be_coded_by_two_who_agree(searches):
    rows = all_searches(searches)
    found = searches.read(searches.sheet([*by("A", rows), *by("B", rows[:2])]))
    assert [c.twice is not None for c in found.cases] == [True, True, False, False, False, False]
    assert found.cases[0].twice == (found.cases[0].coding,) * 2


DISAGREE = "the two codings disagree (settle it in a third, by the coder 'reconciled')"


def test_two_codings_that_disagree_are_named_by_case_and_column(searches):
    rows = all_searches(searches)
    other = search(searches.cases[0], reasonable_grounds="yes", clip="not_available")
    assert searches.wrong([*by("A", rows), *by("B", [other])]) == [
        f"sheet.csv, row 2, case {searches.cases[0]}, column '{column}': {DISAGREE}"
        for column in ("reasonable_grounds", "clip")
    ]


def test_two_codings_that_disagree_on_something_listed_say_on_which(reports):
    first = {"case": reports.cases[0]}
    rows = [listed("1", crime_due="yes"), listed("2")]
    second = [first | listed("1", crime_due="yes"), first | listed("2", **{"class": "rape"})]
    assert reports.wrong([*by("A", all_reports(reports, *rows)), *by("B", second)]) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'class of crime 2': {DISAGREE}"
    ]
    assert reports.wrong([*by("A", all_reports(reports, *rows)), *by("B", second[:1])]) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'crime': {DISAGREE}"
    ]


def test_two_codings_of_which_one_is_unusable_disagree_on_that_and_nothing_else(reports):
    rows = by("A", all_reports(reports, listed("1", crime_due="yes")))
    second = {"case": reports.cases[0], "coder": "B", "unusable": "out_of_scope"}
    assert reports.wrong([*rows, second]) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'unusable': {DISAGREE}"
    ]


def test_an_answer_that_cannot_be_read_disagrees_with_none(searches):
    rows = [*by("A", all_searches(searches)), *by("B", [search(searches.cases[0], clip="viewd")])]
    (said,) = searches.wrong(rows)
    assert "expected one of viewed" in said


def test_what_is_reconciled_counts_and_the_two_codings_before_it_are_kept(searches):
    first = searches.cases[0]
    other = search(first, reasonable_grounds="yes")
    rows = [*by("A", all_searches(searches)), *by("B", [other]), *by("Reconciled ", [other])]
    found = searches.read(searches.sheet(rows)).cases[0]
    assert found.coding.answers["reasonable_grounds"] == "yes"
    assert [c.answers["reasonable_grounds"] for c in found.twice] == ["no", "yes"]


def test_what_is_reconciled_is_held_to_the_rules_too(searches):
    first = searches.cases[0]
    rows = [*by("A", all_searches(searches)), *by("B", [search(first)])]
    assert searches.wrong([*rows, *by("reconciled", [search(first, linked_to_reason="no")])]) == [
        f"sheet.csv, row 9, case {first}, column 'linked_to_reason': "
        "expected a blank, because 'item_found' is not yes; got an answer"
    ]


def test_a_reserve_stands_in_for_a_case_that_was_reconciled_to_be_unusable(searches):
    first, *others = searches.cases
    reason = {"case": first, "unusable": "out_of_scope"}
    rows = [*by("A", [reason]), *by("B", [search(first)]), *map(search, [*others, searches.reserve()[0]])]
    assert len(searches.read(searches.sheet([*rows, *by("reconciled", [reason])])).cases) == 7
    (said,) = searches.wrong([*rows, *by("reconciled", [search(first)])])
    assert "this reserve is used" in said


@pytest.mark.parametrize(("coders", "got", "row"), [(["A"], "one", 8), ([], "none", 7)])
def test_only_two_codings_can_be_reconciled(searches, coders, got, row):
    first, *others = searches.cases
    rows = [*map(search, others), *(search(first, coder=c) for c in [*coders, "reconciled"])]
    assert searches.wrong(rows) == [
        f"sheet.csv, row {row}, case {first}, column 'coder': "
        f"expected the two codings that 'reconciled' reconciles, got {got}"
    ]


@pytest.mark.parametrize("others", [["B", "C"], ["B", ""], ["B", "C", "reconciled"]])
def test_three_coders_are_one_too_many(searches, others):
    first = searches.cases[0]
    rows = [*by("A", all_searches(searches)), *(search(first, coder=c) for c in others)]
    assert searches.wrong(rows) == [
        f"sheet.csv, row 2, case {first}, column 'coder': expected one coder or two, got 3"
    ]


@pytest.mark.parametrize("again", ["A. Coder", "a. coder", " A.  Coder "])
def test_the_same_coder_codes_a_case_once(searches, again):
    first = searches.cases[0]
    rows = [*by("A. Coder", all_searches(searches)), search(first, coder=again)]
    assert searches.wrong(rows) == [
        f"sheet.csv, row 8, case {first}, column 'coder': this case was coded before by the same coder"
    ]


def test_the_same_coder_in_two_sheets_is_the_same_coder(reports):
    first = reports.cases[0]
    more = reports.sheet([report(first)], "more.csv")
    assert reports.wrong(all_reports(reports, {"crime_due": "no"}), more) == [
        f"more.csv, row 2, case {first}, column 'coder': this case was coded before by the same coder"
    ]


def test_sheets_are_read_together(reports):
    rows = all_reports(reports, listed("2", crime_due="yes"), listed("1"))
    parts = [rows[:1], rows[1:4], rows[4:]]
    whole = reports.read(reports.sheet(rows)).cases
    paths = [reports.sheet(part, f"part{i}.csv") for i, part in enumerate(parts)]
    found = reports.read(*paths)
    assert found.cases == whole
    assert [(f.name, f.rows) for f in found.files] == [("part0.csv", 1), ("part1.csv", 3), ("part2.csv", 3)]


def test_sheets_of_one_name_are_told_apart_by_their_folders(searches):
    rows = all_searches(searches, clip="perhaps")
    one, two = searches.sheet(rows[:3], "one/sheet.csv"), searches.sheet(rows[3:], "two/sheet.csv")
    with pytest.raises(WrongCodingsError) as found:
        searches.read(one, two)
    assert found.value.problems[0].startswith(f"{one}, row 2, case")


def test_a_sheet_given_twice_is_a_slip_of_the_person(searches):
    path = searches.sheet(all_searches(searches))
    with pytest.raises(UseError, match="the same codings are given twice"):
        searches.read(path, searches.write(path.read_bytes(), "copy.csv"))


@pytest.mark.parametrize("coder", [INVENTED, INVENTED.upper(), f" {INVENTED.replace(' ', '  ')}"])
def test_one_invented_coding_makes_all_of_them_invented(searches, coder):
    found = searches.read(searches.sheet(all_searches(searches, coder=coder)))
    assert found.invented


def test_everything_that_is_wrong_is_said_at_once(reports):
    direct = reports.sample(0)
    rows = [
        *(report(case) for case in direct[1:]),
        {"case": direct[0], "unusable": "ill"},
        crime(reports.sample(1)[0], "2", crime_due="yes", recorded="si"),
        *(report(case, crime_due="") for case in reports.sample(1)[1:]),
        report(reports.reserve(1)[1]),
        report("D99"),
        report(direct[1], coder="reconciled"),
    ]
    direct, incident, reserve = reports.sample(0), reports.sample(1), reports.reserve(1)
    blank = "it was drawn and has no coding (if it cannot be audited, say why in 'unusable')"
    stratum = "of the stratum 'incident / any'"
    assert reports.wrong(rows) == [
        f"sheet.csv, row 4, case {direct[0]}, column 'unusable': "
        "expected one of out_of_scope, cannot_be_audited; got text of 3 characters",
        f"sheet.csv, row 5, case {incident[0]}, column 'recorded': "
        "expected one of yes, no; got text of 2 characters",
        "sheet.csv, row 9, case D99, column 'case': this case is not in the frame",
        f"sheet.csv, row 10, case {direct[1]}, column 'coder': "
        "expected the two codings that 'reconciled' reconciles, got one",
        f"sheet.csv, row 5, case {incident[0]}, column 'crime': expected each crime numbered from 1, got 2",
        f"sheet.csv, row 6, case {incident[1]}: {blank}",
        f"sheet.csv, row 7, case {incident[2]}: {blank}",
        f"sheet.csv, row 8, case {reserve[1]}, column 'case': "
        f"the reserves {stratum} are used in their order, and case {reserve[0]} stands before this one",
        f"sheet.csv, row 8, case {reserve[1]}, column 'case': "
        f"this reserve is used, but only 0 of the cases {stratum} are unusable",
    ]


def test_twenty_problems_are_shown_and_all_are_kept(tmp_path):
    cases = [f"C{n:03}" for n in range(60)]
    audit = begin(tmp_path, load_instrument("stop_search"), {(): cases}, 50)
    rows = [search(case, clip="perhaps") for case in audit.cases]
    with pytest.raises(WrongCodingsError) as found:
        audit.read(audit.sheet(rows))
    said = str(found.value)
    assert len(found.value.problems) == 50
    assert said.startswith("50 things wrong in the codings:\n")
    assert said.count("column 'clip'") == 20
    assert [f"row {n}," in said for n in (2, 21, 22)] == [True, True, False]
    assert "and 30 more" in said
    assert said.endswith("Nothing was estimated. Put these right and try again.")
    for number, counted in ((20, "20 things"), (1, "1 thing")):
        few = audit.sheet([*rows[:number], *map(search, audit.cases[number:])])
        with pytest.raises(WrongCodingsError) as found:
            audit.read(few)
        assert str(found.value).startswith(f"{counted} wrong in the codings:\n")
        assert "more" not in str(found.value)


MISTAKES = [
    {},
    {"reasonable_grounds": "perhaps"},
    {"linked_to_reason": "yes"},
    {"grounds_recorded": ""},
    {"unusable": "out_of_scope"},
    {"case": "S99"},
    {"case": ""},
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
@pytest.mark.parametrize(
    "column", ["coder", "notes", "self_defined_ethnicity", "order", "list", "unusable", "clip", "case"]
)
def test_nothing_that_could_be_somebody_is_ever_repeated(searches, mistake, column):
    """Not even where a row slipped by a column, so that a name stands where a case or an answer should."""
    first, *others = searches.cases
    row = {**search(first), **mistake, column: SECRET}
    twice = by("B", [search(others[0], self_defined_ethnicity="black")])
    with pytest.raises(WrongCodingsError) as found:
        searches.read(searches.sheet([row, row, *map(search, others), *twice]))
    said = "\n".join(found.value.problems)
    assert not [word for word in SECRET.replace(",", "").split() if len(word) > 2 and word in said]
    assert "black" not in said.replace("asian, black, mixed", "")


def test_a_case_of_the_frame_is_named_whatever_it_is_called(tmp_path):
    cases = ["A case", "Rex", "R v Smith", "Ω"]
    audit = begin(tmp_path, load_instrument("stop_search"), {(): cases}, 4, reserve=0)
    assert [p.split(", column")[0] for p in audit.wrong([search(c, clip="") for c in cases])] == [
        f"sheet.csv, row {row}, case {case}"
        for case, row in sorted(
            zip(cases, range(2, 6), strict=True), key=lambda pair: audit.cases.index(pair[0])
        )
    ]


def test_what_could_be_a_case_is_named_up_to_a_hundred_characters(searches):
    assert f"case {'9' * 100}, " in searches.wrong([*all_searches(searches), search("9" * 100)])[0]


def test_a_case_may_list_up_to_999_things(reports):
    (said,) = reports.wrong(all_reports(reports, listed("999", crime_due="yes")))
    assert said.endswith("expected each crime numbered from 1, got 999")


@pytest.mark.parametrize("case", [SECRET, "Quickfoot", "07700 900 123", "S1\x1b[2J", "9" * 101])
def test_what_can_be_no_case_is_not_repeated_as_one(searches, case):
    said = searches.wrong([*all_searches(searches), search(case, clip="")])
    assert said == [
        f"sheet.csv, row 8, case of {len(case)} characters, column 'case': this case is not in the frame"
    ]

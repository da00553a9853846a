"""Whatever is in a sheet or an instrument: it is taken, or the case and column, or the line, that is wrong is named."""

import re
import tempfile
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise, product
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from openpeel.audits import instrument_ids, load_instrument
from openpeel.audits.agreeing import agreements
from openpeel.audits.codings import RECONCILED, WrongCodingsError, read_codings
from openpeel.audits.drawing import Plan, draw_cases, plan_of_strata
from openpeel.audits.estimating import estimate_results
from openpeel.audits.files import sheet_bytes
from openpeel.audits.frame import About, make_frame
from openpeel.audits.instrument_file import read_instrument
from openpeel.audits.sheet import UNUSABLE
from openpeel.demo.codings import invent_codings
from openpeel.errors import DataError
from openpeel.reference.periods import Period

YEAR = Period(date(2023, 2, 1), date(2024, 1, 31))

# Each example writes sheets of its own to the disk.
slow = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


PROBLEM = re.compile(
    r"(?:sheet0\.csv, row \d+(?:, )?)?(?:case (.*?))?(?:, )?(?:column '(.*?)')?: (.*)", re.DOTALL
)


class Audit:
    """An audit of invented cases with a coding of every one that was drawn."""

    def __init__(self, instrument, sizes, size, reserve, seed):
        cases = {
            values: [f"{'/'.join(values)}{n:03}" for n in range(number)] for values, number in sizes.items()
        }
        self.instrument = instrument
        self.frame = make_frame(
            About.of(instrument, "E23000027", YEAR), instrument, {"list": "cases.csv"}, cases
        )
        plan = plan_of_strata(instrument, self.frame, Plan(size, reserve=reserve))
        self.draw = draw_cases(self.frame, plan, f"seed {seed}")
        self.header, *self.rows = invent_codings(instrument, self.frame, self.draw, seed)
        self.stratum = {str(c): s.label for s in self.draw.drawn.strata for c in (*s.sample, *s.reserve)}

    def read(self, *parts, header=None):
        """The codings in sheets of these rows, in this order."""
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / f"sheet{i}.csv" for i in range(len(parts))]
            for path, rows in zip(paths, parts, strict=True):
                path.write_bytes(sheet_bytes([header or self.header, *rows]))
            return read_codings(paths, self.instrument, self.frame, self.draw)

    def refused(self, *parts, header=None):
        """The codings of these rows, or the error that is raised for them."""
        try:
            return self.read(*parts, header=header)
        except DataError as error:
            return error

    def problems(self, rows):
        """The case, column and words of each thing wrong; nothing where the sheet is right."""
        found = self.refused(rows)
        problems = found.problems if isinstance(found, WrongCodingsError) else ()
        matches = [PROBLEM.fullmatch(problem) for problem in problems]
        assert all(matches), problems
        return [match.groups() for match in matches]

    def place(self, column):
        return self.header.index(column)

    def used_reserves(self, case):
        """The reserves that stand in for cases of the stratum of this one."""
        coded = {row[self.place("case")] for row in self.rows}
        label = self.stratum[case]
        return {str(c) for s in self.draw.drawn.strata if s.label == label for c in s.reserve} & coded


def strata_of(instrument):
    columns = [[code for code, _ in c.answers][:3] or ["north", "south"] for c in instrument.frame.columns]
    return list(product(*columns))


@st.composite
def audits(draw):
    instrument = load_instrument(draw(st.sampled_from(instrument_ids())))
    labels = draw(st.lists(st.sampled_from(strata_of(instrument)), min_size=1, max_size=3, unique=True))
    sizes = {values: draw(st.integers(1, 12)) for values in labels}
    least = sum(min(n, 20 if values == ("outcome_18",) else 2) for values, n in sizes.items())
    size = draw(st.integers(least, sum(sizes.values())))
    reserve = draw(st.sampled_from([None, 0, 3]))
    return Audit(instrument, sizes, size, reserve, draw(st.integers(0, 10**6)))


@slow
@given(audit=audits())
def test_invented_codings_are_right_and_can_be_estimated(audit):
    found = audit.read(audit.rows)
    assert found.invented
    drawn = [str(case) for s in audit.draw.drawn.strata for case in s.sample]
    assert [c.case for c in found.cases][: len(drawn)] == drawn
    assert {c.case for c in found.cases} == {row[audit.place("case")] for row in audit.rows}
    estimates = estimate_results(audit.instrument, audit.frame, audit.draw, found, single_psu="certainty")
    for e in estimates:
        assert 0 <= e.numerator <= e.denominator
        assert e.value is None or -1e-9 <= e.value <= 100 + 1e-9


def hanging_on(instrument, question):
    """The columns that may be wrong if this answer is: its own, and those of what is asked because of it."""
    found = {question}
    for q in instrument.questions:
        if found & {name for name, _ in q.asked_when}:
            found.add(q.id)
            found |= {q.each} if q.each else set()
    return found


JUNK = st.one_of(
    st.sampled_from(
        ["", "yes", "no", "Yes", "not_relevant", "viewed", "fraud", "missing", "1", "2", "0", "x"]
    ),
    st.sampled_from([*UNUSABLE, RECONCILED, "A. Coder", "a; b", '"', "=1+1", "nul"]),
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="'"), max_size=12),
)


@settings(slow, max_examples=400)
@given(audit=audits(), data=st.data(), cell=JUNK)
def test_one_cell_that_is_wrong_is_named_by_its_case_and_column(audit, data, cell):
    instrument = audit.instrument
    at = data.draw(st.integers(0, len(audit.rows) - 1))
    column = data.draw(st.sampled_from(audit.header))
    rows = [list(row) for row in audit.rows]
    before = rows[at]
    rows[at] = [cell if name == column else old for name, old in zip(audit.header, before, strict=True)]
    case = before[audit.place("case")]
    problems = audit.problems(rows)
    question = instrument.question(column)
    columns = {c for _, c, _ in problems}
    if column == "case":
        characters = f"of {len(cell.strip())} character{'' if len(cell.strip()) == 1 else 's'}"
        named = {case, cell.strip(), characters} if cell.strip() else {case, None}
        assert {c for c, _, _ in problems} <= named | audit.used_reserves(case)
        assert bool(problems) == (cell.strip() != case)
    elif column == "unusable":
        assert {c for c, _, _ in problems} <= {case} | audit.used_reserves(case)
        assert not cell.strip() or not problems or "unusable" in columns
    elif question is not None:
        assert {c for c, _, _ in problems} <= {case}
        own = {"unusable"} if before[audit.place("unusable")] else set()
        own |= set() if cell.strip() else {None}  # without its only answer a case has no coding
        assert columns <= hanging_on(instrument, column) | own
        answers = {" ".join(t.split()).casefold() for pair in question.answers for t in pair}
        if cell.strip() and " ".join(cell.split()).casefold() not in answers:
            assert columns == {column} | own or columns == {column}
    elif column == instrument.each:
        assert {c for c, _, _ in problems} <= {case}
        of_item = {q.id for q in instrument.questions if q.each}
        assert columns <= of_item | {column, "coder", "unusable"}
    elif column == "coder":
        assert {c for c, _, _ in problems} <= {case}
    else:
        assert not problems  # the place in the draw, the stratum and the notes are not read


@slow
@given(audit=audits(), data=st.data())
def test_a_row_that_is_missing_or_comes_twice_is_named_by_its_case(audit, data):
    at = data.draw(st.integers(0, len(audit.rows) - 1))
    case = audit.rows[at][audit.place("case")]
    twice = audit.problems([*audit.rows, audit.rows[at]])
    assert {c for c, _, _ in twice} == {case}
    assert {c for _, c, _ in twice} <= {"coder", audit.instrument.each}
    without = audit.problems(audit.rows[:at] + audit.rows[at + 1 :])
    assert {c for c, _, _ in without} <= {case} | audit.used_reserves(case)
    sample = {str(c) for s in audit.draw.drawn.strata for c in s.sample}
    others = [row for i, row in enumerate(audit.rows) if i != at and row[audit.place("case")] == case]
    if case in sample and not others:
        assert (case, None) in [(c, column) for c, column, _ in without]


@slow
@given(audit=audits(), data=st.data())
def test_a_column_that_is_missing_is_named_unless_nobody_needs_it(audit, data):
    column = data.draw(st.sampled_from(audit.header))
    at = audit.place(column)
    header = [name for name in audit.header if name != column]
    rows = [row[:at] + row[at + 1 :] for row in audit.rows]
    needed = {"case", audit.instrument.each, *(q.id for q in audit.instrument.questions)}
    found = audit.refused(rows, header=header)
    if column in needed:
        assert f"got none called '{column}'" in str(found)
    elif isinstance(found, WrongCodingsError):
        assert column == "unusable"
        assert all("it was drawn and has no coding" in p or "reserve" in p for p in found.problems)
    else:
        assert found.cases == audit.read(audit.rows).cases


def estimated(audit, codings):
    """Everything that is estimated, to the last digit."""
    estimates = estimate_results(audit.instrument, audit.frame, audit.draw, codings, single_psu="certainty")
    numbers = [
        (e.result.id, e.group, e.numerator, e.denominator, e.value, e.se, e.df, e.deff, e.n_effective)
        for e in estimates
    ]
    bounds = [(e.intervals, e.published, e.refused, e.notes) for e in estimates]
    rows = [[(o.case.case, o.item, o.counted) for o in e.observations] for e in estimates]
    return repr((numbers, bounds, rows, [a.as_json() for a in agreements(audit.instrument, codings)]))


@settings(slow, max_examples=60)
@given(audit=audits(), data=st.data())
def test_neither_the_order_of_rows_and_files_nor_how_many_files_changes_an_estimate(audit, data):
    twice = data.draw(st.sets(st.sampled_from(sorted(audit.stratum)), max_size=3))
    coder, case = audit.place("coder"), audit.place("case")
    rows = audit.rows + [[*row[:coder], "B", *row[coder + 1 :]] for row in audit.rows if row[case] in twice]
    before = audit.read(rows)
    shuffled = data.draw(st.permutations(rows))
    cuts = sorted(data.draw(st.sets(st.integers(1, max(len(rows) - 1, 1)), max_size=3)))
    edges = [0, *cuts, len(rows)]
    parts = [shuffled[a:b] for a, b in pairwise(edges)]
    parts = data.draw(st.permutations([part for part in parts if part]))
    after = audit.read(*parts)
    assert after.cases == before.cases
    assert estimated(audit, after) == estimated(audit, before)


@cache
def toml_of(instrument_id):
    file = resources.files("openpeel.audits") / "data" / f"{instrument_id}.toml"
    return file.read_text(encoding="utf-8").split("\n")


def blocks(lines):
    """Where each table begins and ends."""
    heads = [i for i, line in enumerate(lines) if line.startswith("[")]
    return list(zip(heads, [*heads[1:], len(lines)], strict=True))


VALUES = (
    *(
        "",
        "3",
        "-1",
        "true",
        "yes",
        '"yes"',
        '"no"',
        '"x y"',
        "[]",
        '["yes"]',
        "[1]",
        "{}",
        '""',
        "nan",
        "1e999",
    ),
    *(
        '{ recorded = ["yes"] }',
        '{ clip = "viewed" }',
        "2021-02-30",
        '"{value.x}"',
        '"class"',
        '"crime"',
        "'''",
        '"""',
    ),
)
KEYS = ("id", "each", "by", "where", "asked_when", "answers", "name", "x", "a.b")
WORDS = ("yes", "recorded", "item_found", "x", "Yes", "route", "crime", "")
LINES = ("[frame]", "[[question]]", "[question.answers]", "]", "x", "é\0")


@st.composite
def mutated(draw):
    lines = list(toml_of(draw(st.sampled_from(instrument_ids()))))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["delete", "value", "key", "word", "block", "no block", "swap", "junk"]))
        start, end = draw(st.sampled_from(blocks(lines) or [(0, len(lines))]))
        key, equals, value = lines[at].partition(" = ")
        if what == "delete":
            del lines[at]
        elif what == "value" and equals:
            lines[at] = f"{key} = {draw(st.sampled_from(VALUES))}"
        elif what == "key" and equals:
            name = draw(st.sampled_from(KEYS))
            lines[at] = f"{name} = {value}"
        elif what == "word" and equals:
            words = re.findall(r"[a-z_0-9]+", value) or ["x"]
            word = draw(st.sampled_from(WORDS))
            lines[at] = f"{key} = {value.replace(draw(st.sampled_from(words)), word)}"
        elif what == "block":
            lines[end:end] = lines[start:end]
        elif what == "no block":
            del lines[start:end]
        elif what == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines.insert(at, draw(st.sampled_from(LINES)))
        lines = lines or [""]
    return "\n".join(lines)


@settings(slow, max_examples=800)
@given(text=mutated())
@example(text="")
@example(text="\n\n[[question]]")
def test_an_instrument_is_read_or_the_line_is_named_whatever_was_done_to_its_file(text):
    try:
        instrument = read_instrument("mine", text.encode(), name="mine.toml")
    except DataError as error:
        where = error.where
    else:
        # What is taken can be used: cases are drawn, coded and counted by it.
        strata = dict.fromkeys(strata_of(instrument)[:4], 6)
        audit = Audit(instrument, strata, 6 * len(strata), 0, 7)
        estimated(audit, audit.read(audit.rows))
        return
    place = re.fullmatch(r"mine\.toml, line (\d+)( \((section|question|result) \d+\))?", where)
    assert place is not None, where
    assert 1 <= int(place[1]) <= text.count("\n") + 1

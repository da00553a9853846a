"""Whatever a report's titles, texts and numbers are, both workbooks hold them and no cell says anything else."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from openpeel.reports.cells import COVER, LONGEST_NAME, sheet_names
from openpeel.reports.open_data import open_data_files
from openpeel.reports.report import Correction, Shown
from openpeel.reports.tables import cover_rows, tables
from openpeel.reports.workbook_ods import workbook_ods
from openpeel.reports.workbook_xlsx import workbook_xlsx
from publishing_sample import PERIOD
from workbook_report import INSPECTION, figure, sample_report

#: What a program may take for something else: links, notes, formulas, markup, nothing, another script, emoji.
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["[a](b)", "[a](b) [c](d)", "$$1$$", "a$$$b", "=1+1", "@x", "–", "…", "<b>&amp;</b>", "'", "Ωμέγα", "police 👮",
         "_x0041_", " ", "\u200b", "{=A1}", "internal:x", "x" * 33_000, "[c]", "1", "1e5", "2021-03-31", "True"]
    ),
)  # fmt: skip
NUMBERS = st.one_of(
    st.none(),
    st.integers(0, 10**12).map(float),
    st.floats(-1e12, 1e12, allow_nan=False),
    st.floats(1e-12, 1e-3),
)


def read(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: [[cell for cell in row if cell != ""] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


def expected(report):
    made = tables(report)
    sheets = {COVER: [[made.cover.title], *([said] for said, _ in cover_rows(made.cover))]}
    for table in made.sheets:
        above = [[said] for said in table.above]
        sheets[table.sheet] = [*above, [c.title for c in table.columns], *map(list, table.rows)]
    return sheets


def a_report(title, texts, values, rows=3):
    section = INSPECTION.sections[0]
    (group,) = section.groups
    figures = tuple(
        replace(group.figures[i % len(group.figures)], id=f"id-{i}", title=texts[i % len(texts)])
        for i in range(rows)
    )
    section = replace(
        section,
        title=texts[0],
        about=texts[-1],
        source=texts[0],
        notes=tuple(texts),
        groups=(replace(group, figures=figures),),
    )
    charts = [
        Shown("chart", text, f"Figure {n}", replace(section, title=text), None, PERIOD)
        for n, text in enumerate(texts)
    ]
    own = [
        figure(f"m{i}", "percent", value, title=texts[i % len(texts)], lower=value, group=texts[0] or None)
        for i, value in enumerate(values)
    ]
    return sample_report(
        figures=own,
        charts=charts,
        title=title,
        grade=texts[0],
        about=[(t, t) for t in texts],
        corrections=[Correction(date(2024, 7, 2), title)],
    )


@settings(max_examples=25, deadline=None)
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), st.lists(NUMBERS, max_size=4))
def test_both_workbooks_hold_any_text_and_number_as_it_is(title, texts, values):
    report = a_report(title, texts, values)
    wanted = expected(report)
    assert read(workbook_xlsx(report)) == wanted
    assert read(workbook_ods(report)) == wanted
    files = open_data_files(report)
    jsonschema.Draft202012Validator(json.loads(files["data/schema.json"])).validate(
        json.loads(files["data/figures.json"])
    )


@settings(max_examples=5, deadline=None)
@given(st.sampled_from([0, 1, 300]))
def test_both_workbooks_hold_tables_of_any_length(rows):
    report = a_report("A report", ["Rate"], [1.0], rows=rows)
    wanted = expected(report)
    assert read(workbook_xlsx(report)) == read(workbook_ods(report)) == wanted
    chart = [name for name in wanted if name.startswith("Figure 0")]
    assert len(chart) == (1 if rows else 0)


@given(st.lists(TEXTS.map(lambda said: said[:200]), max_size=12))
def test_names_of_sheets_are_never_alike_too_long_or_refused(titles):
    names = sheet_names(titles)
    assert len(names) == len(titles) == len({name.casefold() for name in names})
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= LONGEST_NAME
        assert not re.search(r"[\[\]:*?/\\]|^'|'$|^\s|\s$", name)

"""A report with invented numbers about a real force, as the source of a report would have become one.

No assertion lives here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import escape

from openpeel.figures.figure import Figure
from openpeel.figures.rounding import shown
from openpeel.publishing.inspection import Inspection, Section
from openpeel.reports.report import Chapter, Cited, Correction, Fixed, Prose, Report, Shown, Told
from publishing_sample import PERIOD, sample_inspection

TITLE = 'Stop & search in <Hertfordshire>: "fair and effective"'
DIGEST = "9f2c51d07be3" * 5 + "9f2c"


def own(inspection: Inspection, section: Section) -> list[Figure]:
    """The figures of the inspected force, group by group."""
    return [f for group in section.groups for f in group.figures if f.force == inspection.force.code]


def link(figure: Figure) -> str:
    """A number in prose."""
    return (
        f'<a class="figure" href="figure:{escape(figure.id)}">{escape(shown(figure.value, figure.unit))}</a>'
    )


def cite(figure: Figure) -> Cited:
    """A figure with invented words about it."""
    return Cited(
        figure=figure,
        sentence=f"In {PERIOD.label}, {figure.force_name} had {shown(figure.value, figure.unit)} of <these>.",
        compared=("This is in line with the mean of the forces counted.",),
        counted="searches of a person or a vehicle",
        denominator="the resident population",
        formula="counted ÷ out of",
        source="Invented returns & estimates. Release '2021-05' (sha256:9f2c51d07be3).",
        notes=("13 records are exact duplicates of another and were counted.",),
        months=tuple(
            (str(month), None if month.month == 5 else 1200.0 + month.month) for month in PERIOD.months()
        ),
        files=tuple((f"{month}-hertfordshire-stop-and-search.csv", DIGEST) for month in PERIOD.months()),
    )


def named(inspection: Inspection) -> Inspection:
    """The same with titles and ids as figures have them."""
    sections = []
    for section in inspection.sections:
        groups = []
        for group in section.groups:
            title = section.title if group.key is None else f"{section.title}: {group.title}"
            made = tuple(
                replace(f, title=title, id=f"{section.measure}.place.2020-04.2021-03.all.9f2c51d0.{f.id}")
                for f in group.figures
            )
            groups.append(replace(group, figures=made))
        sections.append(replace(section, groups=tuple(groups)))
    return replace(inspection, sections=tuple(sections))


def sample_report(title: str = TITLE) -> Report:
    """Three chapters of prose with numbers, each kind of chart and table, and all that may stand around them."""
    inspection = named(sample_inspection())
    rate, linked, outcomes, ethnicity = inspection.sections
    of_rate, of_linked = own(inspection, rate)[0], own(inspection, linked)[0]
    of_outcomes, of_ethnicity = own(inspection, outcomes), own(inspection, ethnicity)
    summary = Prose(
        f"<p>The force made {link(of_rate)} searches per 1,000 people &amp; found something in {link(of_linked)}.</p>"
    )
    powers = Prose(
        f'<h3 id="how-often">How often &amp; why</h3>\n<p>There were {link(of_rate)} searches per 1,000 people, '
        f'and <strong>{link(of_outcomes[0])}</strong> led to nothing.</p>\n<div class="improvement">\n'
        '<h3 id="area-one">Write down <em>why</em></h3>\n'
        f"<p>Grounds should be recorded each time, not {link(of_linked)} of times.</p>\n</div>\n"
        '<h3 id="main">Main reasons</h3>\n<p>Read on.</p>\n<h4 id="more">More</h4>\n<ul><li>One</li><li>Two</li></ul>\n'
    )
    tables = Prose(
        '<h3 id="who">Who is searched</h3>\n<table><thead><tr><th scope="col">Group</th><th scope="col">Ratio</th></tr>'
        "</thead><tbody>"
        + "".join(f"<tr><td>{escape(f.group or '')}</td><td>{link(f)}</td></tr>" for f in of_ethnicity)
        + '</tbody></table>\n<div class="concern"><h3 id="cause">Cause of concern</h3><p>Something.</p></div>\n'
        '<p>See <a href="#how-often">how often</a> and <a href="https://example.org/a?b=1&amp;c=2">elsewhere</a>.</p>\n'
        "<blockquote><p>Somebody said so.</p></blockquote>\n"
        '<div class="note"><h3 id="a-note">A note</h3><p>Of use.</p></div>'
    )

    def show(kind: str, number: str, section: Section, group: str | None = None) -> Shown:
        name = f"{kind}-{section.measure.replace('_', '-')}" + (f"-{len(group)}" if group else "")
        return Shown(kind, name, number, section, group, PERIOD)  # type: ignore[arg-type]

    chapters = (
        Chapter("Summary", "summary-2", None, (summary,)),
        Chapter(
            "Using powers & <force>",
            "using-powers-force",
            "requires improvement",
            (powers, show("chart", "Figure 1", rate), show("chart", "Figure 2", outcomes)),
        ),
        Chapter(
            "Index",
            "index",
            "good",
            (
                tables,
                show("chart", "Figure 3", ethnicity, of_ethnicity[0].group),
                show("table", "Table 1", linked),
                show("table", "Table 2", ethnicity),
            ),
        ),
    )
    figures = (of_rate, of_linked, *of_outcomes, *of_ethnicity)
    return Report(
        title=title,
        force=inspection.force,
        period=PERIOD,
        release=inspection.release,
        release_id=inspection.release_id,
        made_on=date(2021, 6, 1),
        chapters=chapters,
        figures=tuple(cite(f) for f in figures),
        told=(Told("The force made searches.", (of_rate.id,), ("searches_per_1000",), "Summary", 3),),
        fixed=(Fixed("28 days", "a time limit in <law>", 12),),
        corrections=(Correction(date(2021, 7, 2), "A heading was wrong & is right."),),
        about=(("The records", "They are invented.\n\nAll of <them>."), ("Rounding", "Halves go up.")),
        warning="These records are invented for demonstration.",
    )

"""A report whose figures are put in: what each reference prints, what stands behind it, and what stops it."""

import json
import re
from datetime import date

import pytest

from command_line import done
from openpeel.errors import UseError
from openpeel.figures import Settings
from openpeel.lake import Lake, open_engine, open_release
from openpeel.measures import find_measure
from openpeel.reference.forces import find_force
from openpeel.reports.audits_held import Audits
from openpeel.reports.report import Shown
from openpeel.reports.resolve import resolve
from openpeel.reports.source import read_source
from report_lake import HEAD, YEAR, resolved

CALLS = "calls_999_answered_in_10_seconds"


@pytest.fixture
def report(report_lake, tmp_path):
    def one(text, **options):
        return resolved(report_lake, tmp_path / "report.md", text, **options)

    return one


def prose(found):
    """All prose without its markup."""
    blocks = [b.html for c in found.report.chapters for b in c.blocks if not isinstance(b, Shown)]
    return re.sub(r"<[^>]+>", "", " ".join(blocks)).strip()


@pytest.mark.parametrize(
    ("reference", "printed"),
    [
        (f'value("{CALLS}")', "81.5%"),
        (f'share("{CALLS}")', "81.5%"),
        (f'count("{CALLS}")', "3,030"),
        (f'of("{CALLS}")', "3,030 of 3,717"),
        (f'denominator("{CALLS}")', "3,717"),
        (f'limit("{CALLS}")', "90.0%"),
        (f'verdict("{CALLS}")', "in line with"),
        (
            f'standard("{CALLS}")',
            "The standard is at least 90.0% (national call handling standards): it is missed.",
        ),
        ('rate("calls_101_per_1000")', "4.3"),
        ('count("searches")', "128"),
        ('count("outcome", group="community_resolution", words=True)', "nine"),
        ('verdict("calls_101_waiting_seconds")', "higher than"),
        ('verdict("call_handling_seconds", group="101")', "lower than"),
        ('value("disproportionality", group="black")', "3.3 times"),
        ('estimate("all_crime")', "82.6%"),
        ('estimate("all_crime", interval=True)', "82.6% (+/- 3.4)"),
        ('estimate("reasonable_grounds", audit="stop_search")', "94.2%"),
        ('interval("reasonable_grounds", audit="stop_search")', "90.5 to 96.6"),
        ('of("repeat_check", audit="victim_service")', "90 of 93"),
        (
            'change_verdict("reasonable_grounds", audit="stop_search")',
            "statistically significant improvement",
        ),
        ('fixed("72 hours", because="the limit in law")', "72 hours"),
    ],
)
def test_what_a_reference_prints(report, reference, printed):
    found = report(f"Text {{{{ {reference} }}}}.\n")
    assert prose(found) == f"Text {printed}."
    assert not found.problems


def test_each_printed_number_leads_to_its_figure(report):
    found = report(f'Text **{{{{ share("{CALLS}") }}}}**.\n').report
    (cited,) = found.figures
    assert (
        f'<strong><a class="figure" href="figure:{cited.figure.id}">81.5%</a></strong>'
        in found.chapters[0].blocks[0].html
    )


def test_a_sentence_links_its_numbers_and_none_of_its_name(report):
    found = report(f'{{{{ sentence("{CALLS}") }}}}\n').report
    html = found.chapters[0].blocks[0].html
    linked = re.findall(r">([^<>]*)</a>", html)
    assert linked == ["81.5%", "95% confidence interval 80.2 to 82.7"]
    assert "within 10 seconds" in html
    assert "31 March 2024" in html


def test_a_change_leads_to_both_its_figures(report):
    found = report('{{ change("searches_per_1000") }}\n').report
    assert [c.figure.period_end.year for c in found.figures] == [2024, 2023]
    html = found.chapters[0].blocks[0].html
    assert html.index(found.figures[1].figure.id) < html.index(found.figures[0].figure.id)


def test_a_breakdown_is_told_by_its_largest_parts_each_with_its_figure(report):
    found = report('{{ sentence("outcome") }}\n').report
    assert [c.figure.group for c in found.figures] == ["no_further_action", "arrest", "community_resolution"]
    assert found.told[0].keys == (
        "outcome no_further_action",
        "outcome arrest",
        "outcome community_resolution",
    )
    linked = dict(re.findall(r'href="figure:([^"]+)">([^<]+)<', found.chapters[0].blocks[0].html))
    assert list(linked.values()) == ["71.9%", "10.9%", "7.0%"]
    assert list(linked) == [c.figure.id for c in found.figures]


def test_the_figures_are_those_that_openpeel_figures_prints(report, report_lake):
    text = "".join(
        f'Text {{{{ value("{m}"{group}) }}}}.\n'
        for m, group in (
            *((CALLS, ""), ("searches", ""), ("outcome", ', group="arrest"')),
            *(("disproportionality", ', group="black"'), ("calls_101_waiting_seconds", "")),
        )
    )
    ours = [c.figure.as_json() for c in report(text).report.figures]
    ran = done(
        *("figures", "--release", "first", "--lake", report_lake, "--force", "hertfordshire"),
        *("--ending", "2024-03-31", "--format", "json"),
    )
    theirs = {f["id"]: f for f in ran.json}
    assert [theirs[f["id"]] for f in ours] == json.loads(json.dumps(ours))


def test_a_figure_says_how_it_is_counted_and_from_which_files(report):
    (cited,) = report(f'Text {{{{ share("{CALLS}") }}}}.\n').report.figures
    assert cited.formula == "100 × numerator ÷ denominator"
    assert "'Answered within 10 seconds' is yes" in cited.counted
    assert sum(number for _, number in cited.months) == cited.figure.numerator
    assert all(len(sha256) == 64 and "/" not in name for name, sha256 in cited.files)
    assert cited.files


def test_months_with_few_searches_are_withheld(report):
    cited = report('Text {{ share("outcome", group="arrest") }}.\n').report.figures[0]
    assert cited.figure.numerator == 14
    assert all(number is None or number == 0 or number >= 5 for _, number in cited.months)
    assert sum(number is None for _, number in cited.months) > 1


def test_sentences_are_told_with_what_the_source_asks_for(report):
    text = (
        f'A "quoted" start. It answered {{{{ share("{CALLS}") }}}} of calls, {{{{ of("{CALLS}") }}}}. '
        "No figure here.\n\n"
        '## Powers\n\n- It made {{ count("searches", ending="2023-03-31") }}\n  searches.\n'
    )
    told = report(text).report.told
    assert [(t.text, t.keys, t.chapter, t.line) for t in told] == [
        ("It answered 81.5% of calls, 3,030 of 3,717.", (CALLS,), "Summary", 7),
        (told[1].text, ("searches, year ending 31 March 2023",), "Powers", 11),
    ]
    assert told[1].text.startswith("It made ")
    assert told[1].text.endswith(" searches.")


def test_charts_and_tables_hold_all_forces(report):
    text = (
        f'## One\n\n{{{{ chart("{CALLS}") }}}}\n\n{{{{ table("outcome") }}}}\n\n'
        '{{ chart("disproportionality", group="black") }}\n'
    )
    found = report(text).report
    chart, table, other = found.shown
    assert [(s.id, s.number, s.group) for s in found.shown] == [
        ("chart-calls-999-answered-in-10-seconds", "Figure 1", None),
        ("table-outcome", "Table 1", None),
        ("chart-disproportionality-black", "Figure 2", "black"),
    ]
    assert len(chart.section.groups[0].figures) == 45
    assert {c.figure.group for c in found.figures if c.figure.measure == "disproportionality"} == {"black"}
    assert {c.figure.force for c in found.figures} == {find_force("hertfordshire").code}
    assert table.section.measure == "outcome"
    # Only what the table shows is a figure of the report: a group that no force has a record in is not there.
    printed = [c.figure.group for c in found.figures if c.figure.measure == "outcome"]
    assert printed == [group.key for group in table.section.groups]
    assert len(printed) < len(find_measure("outcome").groups)
    assert other.section.measure == "disproportionality"


def test_the_annex_says_what_the_figures_rest_on(report):
    text = (
        f'Text {{{{ share("{CALLS}") }}}} {{{{ rate("searches_per_1000") }}}} '
        '{{ fixed("72", because="law") }} {{ estimate("all_crime") }}.\n'
    )
    about = dict(report(text).report.about)
    assert "release 'first'" in about["Where the figures come from"]
    assert "Call to the control room" in about["Where the figures come from"]
    assert "mid-2022" in about["Populations"]
    assert "below 5 are withheld" in about["Small numbers"]
    assert "West Midlands" in about["What is missing"]
    assert "Crime data integrity audit" in about["Audits"]
    assert [(f.text, f.because) for f in report(text).report.fixed] == [("72", "law")]


def test_a_report_on_invented_records_says_so(report):
    assert report(f'Text {{{{ share("{CALLS}") }}}}.\n').report.warning.startswith(
        "These records are invented"
    )


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ('share("calls_999_answerd")', "there is no measure 'calls_999_answerd'"),
        ('share("all_crime")', "is the result of an audit"),
        ('share("outcome")', "told by group, and none is named"),
        ('share("outcome", group="arest")', "has no group 'arest'"),
        (f'share("{CALLS}", group="arrest")', "has no groups"),
        ('share("outcome", group="penalty_notice")', "is withheld"),
        ('of("outcome", group="penalty_notice")', "is withheld"),
        ('sentence("audit_scope")', "is withheld"),
        (f'share("{CALLS}", ending="2031-03-31")', "has no value"),
        ('verdict("searches")', "is not compared with other forces"),
        ('average("outcome", group="summons")', "is not compared with other forces"),
        ('comparison("disproportionality", group="black")', "is not compared with other forces"),
        (f'share("{CALLS}", force="kent")', "the figure asked for is of Kent Police"),
        (f'share("{CALLS}", force="atlantis")', "expected a police force"),
        ('share("searches")', "is in the unit 'searches'"),
        (f'rate("{CALLS}")', "is in the unit 'percent'"),
        ('money("searches")', "is in the unit 'searches'"),
        ('count("calls_999_waiting_seconds")', "is no count"),
        ('of("searches")', "is no part of a number"),
        ('interval("searches")', "has no interval"),
        ('limit("searches")', "is held to no standard"),
        ('change("calls_101_waiting_seconds")', "is not assessed"),
        ('change("searches", since="2024-03-31")', "expected an earlier period"),
        ('change("searches", since="2011-03-31")', "is not assessed"),
        (f'share("{CALLS}", ending="2024-03-30")', "last day of a month"),
        (f'share("{CALLS}", ending="soon")', "expected a day"),
        (f'share("{CALLS}", start="2024-01-01")', "'start' stands alone"),
        ('estimate("grounds")', "no audit has a result 'grounds'"),
        ('estimate("reasonable_grounds")', "several audits have a result"),
        ('estimate("reasonable_grounds", audit="../audits")', "there is no audit '../audits'"),
        ('estimate("repeat_check", audit="stop_search")', "has no result 'repeat_check'"),
        ('estimate("grounds_recorded", audit="stop_search", interval=True)', "must not be printed"),
        ('average("all_crime", audit="crime_data_integrity")', "an audit has no 'average'"),
        ('share("repeat_check", audit="victim_service")', "is no estimate of a share"),
        ('change("all_crime", audit="crime_data_integrity")', "no earlier result"),
        ('estimate("all_crime", ending="2024-03-31")', "of its own period"),
        ('fixed("72 hours")', "marked with why"),
    ],
)
def test_a_figure_that_cannot_be_printed_stops_the_report_where_it_is_asked_for(report, reference, why):
    found = report(f"Text\nand {{{{ {reference} }}}}.\n")
    assert [(p.line, p.column) for p in found.problems] == [(8, 5)], found.problems
    assert why in found.problems[0].message


def test_a_chart_of_nothing_stops_the_report(report):
    found = report('{{ chart("audit_scope") }}\n')
    assert "there is nothing to show" in found.problems[0].message


def test_all_problems_are_told_at_once(report):
    found = report('{{ share("x") }} and {{ y }}\n\n[x](javascript:1) 86 {% if %}\n')
    assert [p.line for p in found.problems] == [7, 7, 9, 9, 9, 9]


def test_script_in_prose_is_escaped(report):
    found = report('Text <img src=x onerror=alert(1)> & <script>"x"</script>.\n').report
    assert found.chapters[0].blocks[0].html == (
        '<p>Text &lt;img src=x onerror=alert(1)&gt; &amp; &lt;script&gt;"x"&lt;/script&gt;.</p>\n'
    )


def test_the_force_of_the_head_and_of_the_command_are_one(report_lake, tmp_path):
    source = tmp_path / "report.md"

    def with_force(head, force):
        source.write_text(head + "Text.\n")
        with open_engine("duckdb") as engine:
            return resolve(
                read_source(source),
                open_release(Lake.open(report_lake), "first"),
                engine,
                force=force,
                period=YEAR,
                audits=Audits(None),
                settings=Settings(),
                made_on=date(2026, 1, 5),
            ).report.force.slug

    silent = HEAD.replace('force = "hertfordshire"\n', "")
    assert with_force(silent, find_force("kent")) == "kent"
    assert with_force(HEAD, find_force("hertfordshire")) == "hertfordshire"
    with pytest.raises(UseError, match="Kent"):
        with_force(HEAD, find_force("kent"))
    with pytest.raises(UseError, match="got none"):
        with_force(silent, None)


def test_an_audit_of_another_force_is_refused(report):
    head = HEAD.replace("hertfordshire", "kent")
    found = report('Text {{ estimate("all_crime") }}.\n', head=head)
    assert "is of another force than Kent Police" in found.problems[0].message

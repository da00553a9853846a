"""The source of a report: its head, chapters, grades, containers and pictures, and what is wrong in them and where."""

from datetime import date

import pytest

from openpeel.errors import DataError, UseError
from openpeel.reports.references import Reference
from openpeel.reports.report import Correction
from openpeel.reports.source import read_source
from report_lake import HEAD

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'


@pytest.fixture
def read(tmp_path):
    def one(text, head=HEAD):
        path = tmp_path / "report.md"
        path.write_text(head + text, encoding="utf-8")
        return read_source(path)

    return one


def problems(source):
    return [(p.line, p.column, str(p)) for p in source.problems.sorted()]


def html(chapter):
    return "".join(
        part
        if isinstance(part, str)
        else "".join(getattr(p, "html", getattr(p, "text", "§")) for p in part.pieces)
        for block in chapter.blocks
        if not isinstance(block, Reference)
        for part in block.parts
    )


def test_text_before_the_first_heading_is_the_summary_and_each_heading_a_chapter(read):
    source = read("Before.\n\n## Powers of the police\n\nText.\n\n## Powers of the police\n\nMore.\n")
    assert [(c.slug, c.title.plain) for c in source.chapters] == [
        ("summary", "Summary"),
        ("powers-of-the-police", "Powers of the police"),
        ("powers-of-the-police-2", "Powers of the police"),
    ]
    assert not problems(source)


def test_a_report_without_a_summary_has_none(read):
    assert [c.slug for c in read("## One\n\nText.\n").chapters] == ["one"]


def test_a_grade_stands_below_the_heading(read):
    source = read("## One\nGrade: Requires improvement\n\nText.\n")
    assert source.chapters[0].grade == "requires improvement"
    assert not problems(source)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("## One\n\nGrade: fine\n", 9, "expected a grade, got 'fine'"),
        ("## One\n\nText.\n\nGrade: good\n", 11, "a grade stands first"),
        ("## One\n\nGrade: good\nText goes on.\n", 9, "expected a grade"),
        ("# Title\n", 7, "a report has headings of ##"),
        ("    code\n", 7, "block of code"),
        ("***\n", 7, "nothing of the kind 'hr'"),
        ("::: improvement\nText.\n:::\n", 7, "has no title"),
        ("::: note Title\nText.\n", 7, "is not closed"),
        ("::: advice Title\nText.\n:::\n", 7, "no container begins or ends with"),
        ("> ## Chapter\n", 7, "a chapter cannot begin within"),
        ("", 1, "the report has no text"),
    ],
)
def test_what_a_report_cannot_have_is_told_with_its_line(read, text, line, why):
    found = problems(read(text))
    assert [p[0] for p in found if why in p[2]] == [line], found


def test_the_boxes_of_a_report(read):
    found = html(read("::: concern Record *all* crime\n- one\n- two\n:::\n").chapters[0])
    assert found.startswith(
        '<div class="concern">\n<h3 id="record-all-crime">Cause of concern: Record <em>all</em> crime</h3>'
    )
    assert "<ul><li>one</li><li>two</li></ul></div>" in found.replace("\n", "")


def test_html_is_text_like_any_other(read):
    source = read('Before <script>alert("x")</script> <b onclick="y">after</b>.\n\n<div>\n\nText.\n')
    assert '<script>alert("x")</script>' in source.chapters[0].blocks[0].parts[1].plain
    assert "<script" not in "".join(p for p in source.chapters[0].blocks[0].parts if isinstance(p, str))


@pytest.mark.parametrize("braces", ["{% for x in y %}", "{% while True %}", "{# note #}"])
def test_a_template_that_would_loop_is_refused_where_it_stands(read, braces):
    found = problems(read(f"Text.\n\nMore {braces} text.\n"))
    assert found[0][:2] == (9, 6)
    assert "nothing is run" in found[0][2]


def test_a_reference_that_is_not_closed_is_told_and_the_rest_is_read(read):
    found = problems(read('Text {{ share("x")\n\nMore {{ shar("y") }}.\n'))
    assert [p[:2] for p in found] == [(7, 6), (9, 6)]


def test_places_are_right_after_markup_and_over_lines(read):
    source = read(
        '**Bold** &amp; [link](https://e.org/5) {{ share("x",\n ending="2023-03-31") }} and\n'
        "> no 7\n\n| a |\n|---|\n| 86 |\n"
    )
    assert source.references[0].place == (7, 40)
    places = {
        p.plain[i]: p.place(i) for c in source.chapters for p in c.passages for i, _ in enumerate(p.plain)
    }
    assert places["8"] == (13, 3)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "figure:x.y",
        "data:text/html,x",
        "file:///etc/passwd",
        "other.html",
        "JAVASCRIPT:x",
    ],
)
def test_a_link_leads_to_a_page_or_it_is_refused(read, href):
    assert "a link leads to a page" in problems(read(f"See [this]({href}).\n"))[0][2]


def test_a_chart_is_a_paragraph_of_its_own(read):
    source = read('{{ chart("x") }}\n\nText {{ chart("x") }}.\n\n- {{ table("y") }}\n')
    assert isinstance(source.chapters[0].blocks[0], Reference)
    assert [p[0] for p in problems(source)] == [9, 11]


@pytest.mark.parametrize(("content", "ending"), [(PNG, ".png"), (b"\xff\xd8\xff\xe0", ".jpg"), (SVG, ".svg")])
def test_a_picture_is_known_by_what_is_in_it(read, tmp_path, content, ending):
    (tmp_path / "Map 1.gif").write_bytes(content)
    source = read("![A map](Map%201.gif)\n")
    assert not problems(source)
    ((name, path),) = source.images
    assert name.startswith("images/map-1-")
    assert name.endswith(ending)
    assert path.read_bytes() == content
    assert f'<img src="{name}" alt="A map">' in html(source.chapters[0])


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("../outside.png", "outside the folder"),
        ("/etc/hostname", "outside the folder"),
        ("linked.png", "outside the folder"),
        ("https://example.org/a.png", "not an address"),
        ("//example.org/a.png", "not an address"),
        ("none.png", "there is no picture"),
        ("page.png", "is none by its content"),
        ("script.svg", "holds a script"),
        ("outside.svg", "holds a script"),
        ("entity.svg", "holds a script"),
    ],
)
def test_other_pictures_are_refused(read, tmp_path, source, why):
    (tmp_path.parent / "outside.png").write_bytes(PNG)
    (tmp_path / "linked.png").symlink_to(tmp_path.parent / "outside.png")
    (tmp_path / "page.png").write_bytes(b"<html></html>")
    (tmp_path / "script.svg").write_bytes(SVG.replace(b"<path", b"<script>x</script><path"))
    (tmp_path / "outside.svg").write_bytes(
        SVG.replace(b"<path", b'<image href="https://example.org/x"/><path')
    )
    (tmp_path / "entity.svg").write_bytes(b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG)
    found = problems(read(f"![A picture]({source})\n"))
    assert why in found[0][2]
    assert found[0][:2] == (7, 1)


def test_a_picture_has_words_for_those_who_cannot_see_it(read, tmp_path):
    (tmp_path / "a.png").write_bytes(PNG)
    assert "has no text" in problems(read("![](a.png)\n"))[0][2]


def test_the_head_says_title_force_period_and_corrections(read):
    head = (
        '+++\ntitle = "A  report"\nforce = "Kent"\nending = 2023-03-31\n[[corrections]]\non = 2026-02-01\nnote = "B"\n'
        '[[corrections]]\non = 2026-01-05\nnote = "A"\n+++\n'
    )
    found = read("Text.\n", head).head
    assert (found.title, found.force.slug, found.period.end) == ("A report", "kent", date(2023, 3, 31))
    assert found.corrections == (Correction(date(2026, 1, 5), "A"), Correction(date(2026, 2, 1), "B"))


@pytest.mark.parametrize(
    ("head", "line", "why"),
    [
        ("Text.\n", 1, "expected a line +++"),
        ('+++\ntitle = "A"\n', 1, "no second line +++"),
        ("+++\nforce = 'kent'\n+++\n", 1, "no title"),
        ('+++\ntitle = "A"\nforce = \n+++\n', 3, "is not TOML"),
        ('+++\ntitle = "A"\nforce = "Atlantis"\n+++\n', 3, "expected a police force"),
        ('+++\ntitle = "A"\nending = "2024-03-30"\n+++\n', 3, "last day of a month"),
        ('+++\ntitle = "A"\nending = "spring"\n+++\n', 3, "last day of a year"),
        ('+++\ntitle = "A"\nauthor = "B"\n+++\n', 3, "knows no 'author'"),
        ('+++\ntitle = "A"\n\n[[corrections]]\nnote = "B"\n+++\n', 4, "'on' and 'note'"),
        ('+++\ntitle = "A"\n\n[[corrections]]\non = "2026-01-05"\nnote = "B"\n+++\n', 4, "without quotes"),
    ],
)
def test_a_head_that_is_not_as_it_should_be(read, head, line, why):
    with pytest.raises(DataError) as error:
        read("Text.\n", head)
    assert why in str(error.value)
    assert error.value.where == f"report.md, line {line}"


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "report.md"
    path.write_bytes(HEAD.encode() + b"Text.\n\xff\xfe\n")
    with pytest.raises(DataError, match="expected text in UTF-8"):
        read_source(path)
    with pytest.raises(UseError, match="cannot be read"):
        read_source(tmp_path / "none.md")
    path.write_text(HEAD + "Text \U000f0001.\n", encoding="utf-8")
    with pytest.raises(DataError, match="private use"):
        read_source(path)


def test_a_report_from_another_system_is_read_alike(read, tmp_path):
    path = tmp_path / "windows.md"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + 'Text {{ share("x") }}.\n').replace("\n", "\r\n").encode())
    assert read_source(path).references == read('Text {{ share("x") }}.\n').references

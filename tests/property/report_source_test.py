"""Whatever is written as a report is read in the end or refused in words; its places are those of its characters."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from openpeel.errors import ReaderError
from openpeel.reports.source import read_source

HEAD = '+++\ntitle = "A"\n+++\n'
PARTS = st.sampled_from(
    [
        *(
            "{{",
            "}}",
            '{{ share("x") }}',
            '{{ share("x",\n group="|") }}',
            '{{ chart("y") }}',
            "{% for %}",
            "{#",
        ),
        *(
            "\n",
            "\n\n",
            "## ",
            "### ",
            "- ",
            "> ",
            "1. ",
            "    ",
            "|",
            "|-|\n",
            ":::",
            "::: note ",
            "Grade: good",
            "`",
        ),
        *(
            "*",
            "**",
            "_",
            "[",
            "](",
            ")",
            "![",
            "<",
            ">",
            "&amp;",
            "\\",
            "# ",
            "~~~",
            "word",
            "86",
            "½",
            "\t",
            "é",
            "\x00",
        ),
    ]
)
TEXTS = st.lists(st.one_of(PARTS, st.text(max_size=4)), max_size=40).map("".join)


def read(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.md"
        path.write_bytes((HEAD + text).encode("utf-8", "surrogatepass"))
        return read_source(path)


@given(TEXTS)
def test_any_text_is_read_or_refused_in_words(text):
    try:
        source = read(text)
    except ReaderError:
        return
    lines = (HEAD + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in source.problems.sorted():
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


@given(
    st.lists(
        st.sampled_from(["*a* ", "**b** ", "[c](https://e.org) ", "d ", '{{ share("x") }} ', "\n", "\n\n- "])
    )
)
def test_a_number_is_told_where_it_stands(parts):
    text = "".join([*parts, "7"])
    source = read(text)
    found = [
        passage.place(i)
        for chapter in source.chapters
        for passage in chapter.passages
        for i, char in enumerate(passage.plain)
        if char == "7"
    ]
    lines = (HEAD + text).split("\n")
    assert found == [(len(lines), len(lines[-1]))]


@given(st.lists(st.sampled_from(["x", "\n", "> ", "- ", "word "]), max_size=12))
def test_each_reference_is_printed_once_wherever_it_stands(parts):
    source = read("".join([*parts, '{{ share("x",\n group="y") }}', " end"]))
    printed = [c for ch in source.chapters for p in ch.passages for c in p.plain if c in p.references]
    assert len(printed) == len(source.references)

"""Whatever is written, it is read without a fault, and each character is found where it is said to stand."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.claims.reading.encoding import lines_of
from openpeel.claims.reading.markdown import markdown_passages
from openpeel.claims.reading.plain import plain_passages
from openpeel.claims.reading.web import web_passages
from openpeel.errors import DataError

PIECES = st.sampled_from(
    [
        *(
            "Of 200 cases, ",
            "50",
            " (25 percent)",
            "\n",
            "\n\n",
            "\r\n",
            " ",
            "  ",
            "\t",
            "- ",
            "1. ",
            "> ",
            "# ",
        ),
        *(
            "*",
            "**",
            "|",
            "|---|\n",
            "```\n",
            "    ",
            "&amp;",
            "&nbsp;",
            "&",
            "<",
            ">",
            "<p>",
            "</p>",
            "<b>",
            "<br>",
        ),
        *(
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "[a](b)",
            "![c](d)",
            "\u00a0",
            "\u00ad",
            "\u200b",
            "\x0c",
            "é",
            "😀",
        ),
        *("---\n", "===\n", "\\", "`", "x" * 170, "<table><tr><td>", "<div hidden>", "</div>", "<nav>"),
    ]
)
PROSE = st.lists(PIECES, max_size=40).map("".join)


def words_stand_where_they_are_said_to(passages, source):
    lines = lines_of(source)
    for passage in passages:
        for word in re.finditer(r"[A-Za-z0-9é😀]+", passage.text):
            place = passage.place(word.start())
            line = lines[place.line - 1]
            assert line.startswith(word[0][0], place.column - 1), (passage, place)


@given(PROSE)
def test_each_word_of_a_text_stands_where_it_is_said_to(source):
    passages = plain_passages(source)
    words_stand_where_they_are_said_to(passages, source)
    seen = re.sub(r"\W", "", "".join(p.text for p in passages))
    assert len(seen) <= len(source)


@given(PROSE)
@settings(max_examples=200)
def test_each_passage_has_one_line_and_its_starts_go_up(source):
    for read in (plain_passages, lambda s: markdown_passages(s, "a.md"), lambda s: web_passages(s, "a.html")):
        try:
            passages = read(source)
        except DataError:
            continue
        for passage in passages:
            assert passage.text == passage.text.strip()
            assert not re.search(r"\s\s|[\r\n\t]", passage.text)
            assert passage.starts[0] == 0
            assert list(passage.starts) == sorted(set(passage.starts))
            assert len(passage.starts) == len(passage.places)
            assert all(0 < place.line <= len(lines_of(source)) for place in passage.places)


WORDS = st.lists(st.text("abcdefgh0123456789", min_size=1, max_size=9), min_size=1, max_size=30, unique=True)


@given(WORDS, st.randoms(use_true_random=False))
def test_each_word_of_a_web_page_and_of_markdown_stands_where_it_is_said_to(words, random):
    tags = [
        "<p>",
        "</p>\n",
        "<b>",
        "</b>",
        "<td>",
        " ",
        "\n",
        "<li>",
        "<br>",
        "&nbsp;",
        "&#32;",
        " &amp; ",
        "&pound;",
    ]
    page = "<html><body>" + "".join(f" {word}{random.choice(tags)}" for word in words)
    words_stand_where_they_are_said_to(web_passages(page, "a.html"), page)
    marks = [" ", "\n", " **", " *", "\n\n", "\n- ", "\n> ", " &amp; ", " \\* "]
    source = "".join(f"{word}{random.choice(marks)}" for word in words)
    words_stand_where_they_are_said_to(markdown_passages(source, "a.md"), source)

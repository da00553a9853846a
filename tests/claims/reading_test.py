"""Prose is read from every kind of file into the same passages, and each character stands where it is said to."""

from __future__ import annotations

import io
import os
import zipfile

import pytest

from document_sample import PNG, W, docx_of, locked_pdf, paragraph, pdf_of, repeated, written
from openpeel.claims.document import Place
from openpeel.claims.reading import ReadingLimits, read_document
from openpeel.errors import DataError, UseError

CLAIM = "Of 200 cases, 50 (25 percent) were late."
#: Wide enough for some words, so that a sentence runs over line ends.
NARROW = "@page { size: 9cm 10cm; margin: 1cm } body { font: 11pt/1.3 serif }"


def texts(path, **options):
    return [passage.text for passage in read_document(path, **options).passages]


def place_of(path, words):
    """Where these words begin, in the passage that has them."""
    found = next(p for p in read_document(path).passages if words in p.text)
    return found.place(found.text.index(words))


def refused(path, *said, kind=DataError, **options):
    with pytest.raises(kind) as error:
        read_document(path, **options)
    for words in said:
        assert words in str(error.value)


# Text


def test_a_claim_in_text_that_runs_over_a_line_end_is_one_passage_and_keeps_its_lines(tmp_path):
    path = written(tmp_path, "a.txt", "A heading\n\nOf 200 cases, 50 (25\r\n  percent) were\rlate.\n")
    assert texts(path) == ["A heading", CLAIM]
    assert place_of(path, "50 (25") == Place(None, 3, 15)
    assert place_of(path, "percent)") == Place(None, 4, 3)
    assert place_of(path, "late") == Place(None, 5, 1)


def test_text_with_a_paragraph_on_each_line_is_not_run_together(tmp_path):
    long = "word " * 40
    path = written(tmp_path, "a.txt", f"Heading\n{long}\nNext\n- 157 constables;\n- 87 others.\n")
    assert texts(path) == ["Heading", long.strip(), "Next", "157 constables;", "87 others."]
    assert place_of(path, "157") == Place(None, 4, 3)


def test_list_items_and_columns_of_text_stand_for_themselves(tmp_path):
    path = written(tmp_path, "a.txt", "Found:\n1. one of\n   them\n2. two\n\nHeld\t20\t30\n")
    assert texts(path) == ["Found:", "one of them", "two", "Held", "20", "30"]
    assert place_of(path, "30") == Place(None, 6, 9)


def test_a_line_that_begins_with_the_end_of_a_sentence_is_no_list_item(tmp_path):
    path = written(
        tmp_path, "a.txt", "The number of cases that were late was\n86. Of these, 20 were closed.\n"
    )
    assert texts(path) == ["The number of cases that were late was 86. Of these, 20 were closed."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_the_encoding_that_it_is_marked_with(tmp_path, encoding):
    path = written(tmp_path, "a.txt", "It cost £2,800.".encode(encoding))
    assert texts(path) == ["It cost £2,800."]
    assert place_of(path, "£2,800") == Place(None, 1, 9)


def test_an_encoding_is_never_guessed(tmp_path):
    path = written(tmp_path, "a.txt", "Fine.\n\nIt cost £2,800.".encode("cp1252"))
    refused(path, "utf-8", "line 3", "--encoding cp1252")
    assert texts(path, encoding="cp1252") == ["Fine.", "It cost £2,800."]
    refused(path, "nonsense", kind=UseError, encoding="nonsense")
    refused(path, "rot13", kind=UseError, encoding="rot13")


def test_blanks_of_all_kinds_are_one_space_and_what_nobody_sees_is_dropped(tmp_path):
    path = written(tmp_path, "a.txt", "Of\u00a0200  ca\u00adses,\u202f50 were late.")
    assert texts(path) == ["Of 200 cases, 50 were late."]
    assert place_of(path, "200") == Place(None, 1, 4)
    assert place_of(path, "ses") == Place(None, 1, 12)
    assert place_of(path, "50") == Place(None, 1, 17)


# Markdown


def test_markdown_is_read_as_a_reader_sees_it(tmp_path):
    source = (
        "---\ntitle: 99 percent\n---\n# Late *cases*\n\n"
        "Of **200** cases,\n50 ([25](https://a.b/9) percent) &amp; more.\n\n"
        "- one\n  item\n- two\n\n> quoted\n\n| a | b |\n|---|---|\n| 20 | 20 |\n\n"
        "```\n77 percent\n```\n\n    66 percent\n\n<div>in <b>HTML</b></div>\n"
    )
    path = written(tmp_path, "a.md", source)
    assert texts(path) == [
        *("Late cases", "Of 200 cases, 50 (25 percent) & more.", "one item", "two", "quoted"),
        *("a", "b", "20", "20", "in HTML"),
    ]
    assert place_of(path, "200") == Place(None, 6, 6)
    assert place_of(path, "25 ") == Place(None, 7, 6)
    assert place_of(path, "HTML") == Place(None, 25, 12)
    cells = [p.places[0].column for p in read_document(path).passages if p.text == "20"]
    assert cells == [3, 8]


def test_markdown_that_is_nested_deep_is_read_whole(tmp_path):
    path = written(tmp_path, "a.md", f"{'> ' * 40}{CLAIM}\n")
    assert texts(path) == [CLAIM]


# Web pages


def test_a_web_page_is_read_as_a_reader_sees_it(tmp_path):
    page = (
        "<!doctype html><html><head><title>99 percent</title><style>p {}</style></head>\n"
        "<body><nav>Late <i>of</i> 200</nav>"
        "<h1>Late</h1>\n<p class='25'>Of <b>200</b> cases,\n"
        " 50 (25&nbsp;percent) were&#32;late.<script>var a = 1</script>\n"
        "<p hidden>secret 5</p><p style='display: none'>6</p><p aria-hidden='true'>7</p><ul><li>one<li>two</ul>"
        "<table><tr><td>20<td>30</table>a<br>line<br><br>another <del>9 </del>end"
    )
    path = written(tmp_path, "a.html", page)
    assert texts(path) == ["Late", CLAIM, "one", "two", "20", "30", "a line", "another end"]
    assert place_of(path, "Late") == Place(None, 2, page.splitlines()[1].index("<h1>") + 5)
    assert place_of(path, "200") == Place(None, 3, 21)
    assert place_of(path, "percent") == Place(None, 4, 14)


def test_a_web_page_that_is_broken_again_and_again_is_read(tmp_path):
    scripts = "<script>var a = 1;" * 50_000
    words = "".join(f"<p>&#{65 + i % 26};&#66; of {i}</p>\n" for i in range(5_000))
    page = f"<html><p>{CLAIM}</p>{words}<p>The end</p><!-- {'<!-- ' * 50_000}{scripts}"
    path = written(tmp_path, "a.html", page)
    found = read_document(path).passages
    assert found[0].text == CLAIM
    last = next(p for p in found if p.text == "The end")
    assert last.places[0].line == 5_001


def test_a_web_page_says_itself_how_it_is_encoded(tmp_path):
    page = '<html><meta charset="windows-1252"><p>It cost £5.'.encode("cp1252")
    assert texts(written(tmp_path, "a.html", page)) == ["It cost £5."]


def test_a_web_page_that_cannot_be_read_whole_is_refused(tmp_path):
    deep = "<html>" + "<div>" * 3000 + "x" + "</div>" * 3000 + "<p>Of 200 cases."
    refused(written(tmp_path, "a.html", deep), "too deep")


# PDFs


def test_a_claim_in_a_pdf_that_runs_over_lines_is_one_passage_and_keeps_page_and_line(tmp_path):
    body = f"<h1>Late cases</h1><p>In the year {CLAIM} It was so.</p><p>Another paragraph of more than one line.</p>"
    path = written(tmp_path, "a.pdf", pdf_of(body, NARROW))
    assert texts(path) == [
        "Late cases",
        f"In the year {CLAIM} It was so.",
        "Another paragraph of more than one line.",
    ]
    place = place_of(path, "50 (25")
    assert (place.page, place.line) == (1, 2)
    assert place_of(path, "late.").line > 2


def test_a_paragraph_of_a_pdf_goes_on_over_a_page_without_what_runs_along_the_pages(tmp_path):
    style = (
        NARROW
        + "@page { @top-left { content: 'A report of 2024' } @bottom-right { content: 'Page ' counter(page) } }"
    )
    sentence = " ".join(f"In month {i} of the year there were {i} cases and" for i in range(1, 80))
    path = written(tmp_path, "a.pdf", pdf_of(f"<p>{sentence} no more.</p>", style))
    assert texts(path) == [f"{sentence} no more."]
    pages = [place.page for place in read_document(path).passages[0].places]
    assert set(pages) == set(range(1, pages[-1] + 1))
    assert pages[-1] > 2


def test_words_parted_at_the_end_of_a_line_of_a_pdf_are_put_together(tmp_path):
    style = NARROW + "p { hyphens: auto; text-align: justify }"
    said = "Internationally acknowledged extraordinary misunderstandings notwithstanding, delegates recommended it."
    path = written(tmp_path, "a.pdf", pdf_of(f"<p>{said}</p>", style))
    assert texts(path) == [said]
    assert len(read_document(path).passages[0].places) > 1


def test_list_items_of_a_pdf_stand_for_themselves(tmp_path):
    body = "<p>There were:</p><ul><li>157 special constables<li>87 volunteers who help at every station of it</ul>"
    path = written(tmp_path, "a.pdf", pdf_of(body, NARROW))
    assert texts(path) == [
        "There were:",
        "157 special constables",
        "87 volunteers who help at every station of it",
    ]


def test_an_item_of_a_pdf_begins_anew_also_after_a_full_line(tmp_path):
    items = ["officers who were trained to look after the many people there", "staff who were there too"]
    style = NARROW + "li { font: 10pt monospace; width: 30ch }"
    body = "<ul>" + "".join(f"<li>{item}" for item in items) + "</ul>"
    assert texts(written(tmp_path, "a.pdf", pdf_of(body, style))) == items


def test_a_paragraph_of_a_pdf_that_is_told_by_its_indent_alone_stands_for_itself(tmp_path):
    style = NARROW + "p { margin: 0; text-indent: 3ch; font: 10pt monospace; width: 33ch }"
    first = "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm n"
    path = written(tmp_path, "a.pdf", pdf_of(f"<p>{first}</p><p>and another one.</p>", style))
    assert texts(path) == [first, "and another one."]


def test_a_number_in_words_keeps_its_hyphen_at_the_end_of_a_line_of_a_pdf(tmp_path):
    style = NARROW + "p { width: 9ch; font: 10pt monospace; hyphens: manual }"
    path = written(tmp_path, "a.pdf", pdf_of("<p>twenty-five cases, two-thirds</p>", style))
    assert texts(path) == ["twenty-five cases, two-thirds"]


def test_the_number_of_a_page_is_left_out_also_of_a_short_pdf(tmp_path):
    style = NARROW + "@page { @bottom-right { content: counter(page) } }"
    body = f"<p>{CLAIM}</p><p style='break-before: page'>Another page.</p>"
    assert texts(written(tmp_path, "a.pdf", pdf_of(body, style))) == [CLAIM, "Another page."]


def test_characters_that_take_two_units_of_a_pdf_move_nothing(tmp_path):
    body = f"<p>{'😀 ' * 60}</p><p>{CLAIM} It was so.</p><p>Another paragraph of more than one line.</p>"
    path = written(tmp_path, "a.pdf", pdf_of(body, NARROW))
    assert texts(path)[-2:] == [f"{CLAIM} It was so.", "Another paragraph of more than one line."]


def test_a_pdf_of_pictures_is_refused_and_one_with_some_says_which_pages_were_not_read(tmp_path):
    picture = "<svg width='100' height='50'><rect width='90' height='40'/></svg>"
    refused(written(tmp_path, "a.pdf", pdf_of(picture)), "this PDF holds pictures of text", "OCR")
    mixed = written(
        tmp_path, "b.pdf", pdf_of(f"<p>{CLAIM}</p><div style='break-before: page'>{picture}</div>")
    )
    assert read_document(mixed).notes == ("1 page (2) holds pictures and no text, and could not be read.",)


def test_a_pdf_that_needs_a_password_is_refused_and_one_that_opens_without_is_read(tmp_path):
    refused(written(tmp_path, "a.pdf", locked_pdf("secret", CLAIM)), "without a password", "save it without")
    assert texts(written(tmp_path, "b.pdf", locked_pdf("", "200 cases"))) == ["200 cases"]


@pytest.mark.parametrize("keep", [9, 200, 0.5])
def test_a_damaged_pdf_is_refused(tmp_path, keep):
    whole = pdf_of(f"<p>{CLAIM}</p>")
    part = whole[: keep if keep > 1 else int(keep * len(whole))]
    refused(written(tmp_path, "a.pdf", part), "expected a PDF, got one that is cut short or damaged")


def test_a_pdf_of_1000_pages_is_read_and_one_of_more_than_the_limit_is_not(tmp_path):
    path = written(tmp_path, "a.pdf", repeated(pdf_of(f"<p>{CLAIM}</p>"), 1000))
    found = texts(path)
    assert found == [CLAIM] * 1000
    assert place_of(path, "Of 200").page == 1
    refused(path, "at most 999 pages, got 1,000", limits=ReadingLimits(max_pages=999))
    refused(path, "characters", limits=ReadingLimits(max_characters=20_000))
    refused(path, "bytes", limits=ReadingLimits(max_bytes=1000))


# Word documents


def test_a_word_document_is_read_as_it_is_printed(tmp_path):
    body = (
        paragraph("Late cases")
        + paragraph("Of 2", "00 cases, 50 (25 ", "percent) were late.")
        + '<w:p><w:r><w:t>It was </w:t></w:r><w:del w:id="1"><w:r><w:delText>9</w:delText><w:t>8</w:t></w:r></w:del>'
        + '<w:ins w:id="2"><w:r><w:t>7</w:t></w:r></w:ins><w:r><w:tab/><w:t>percent</w:t><w:br/>'
        + "<w:t>then.</w:t></w:r></w:p>"
        + "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden 5</w:t></w:r></w:p>"
        + "<w:tbl><w:tr><w:tc>"
        + paragraph("20")
        + "</w:tc><w:tc>"
        + paragraph("30")
        + "</w:tc></w:tr></w:tbl>"
    )
    drawn = f'<w:footnote w:type="separator">{paragraph("x")}</w:footnote>'
    notes = f"<w:footnotes {W}>{drawn}<w:footnote>{paragraph('Of 85.')}</w:footnote></w:footnotes>"
    path = written(tmp_path, "a.docx", docx_of(body, footnotes=notes))
    assert texts(path) == ["Late cases", CLAIM, "It was 7 percent then.", "20", "30", "Of 85."]
    assert place_of(path, "50 (25") == Place(None, 2, 15)


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next(tmp_path):
    first = paragraph("Of 200 ").replace("<w:r>", '<w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r>', 1)
    path = written(tmp_path, "a.docx", docx_of(first + paragraph("cases, 50 (25 percent) were late.")))
    assert texts(path) == [CLAIM]
    assert place_of(path, "cases").line == 2


def test_text_that_was_moved_is_read_where_it_is_now_and_a_text_box_once(tmp_path):
    moved = '<w:moveFrom w:id="1"><w:r><w:t>Of 99.</w:t></w:r></w:moveFrom>'
    box = f"<w:txbxContent>{paragraph('Of 85 cases.')}</w:txbxContent>"
    both = (
        f'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    body = f'<w:p>{moved}<w:r><w:t xml:space="preserve">It was </w:t>{both}<w:t>so.</w:t></w:r></w:p>'
    path = written(tmp_path, "a.docx", docx_of(body))
    assert texts(path) == ["It was", "Of 85 cases.", "so."]
    assert place_of(path, "so.") == Place(None, 1, 8)


def test_a_word_document_that_would_fill_the_machine_is_refused(tmp_path):
    bomb = written(tmp_path, "a.docx", docx_of(paragraph("0" * 5_000_000)))
    refused(bomb, "200 times the packed size")
    big = written(tmp_path, "b.docx", docx_of(paragraph(CLAIM)))
    refused(big, "unpacked", limits=ReadingLimits(max_unpacked=100))


def test_a_word_document_with_entities_of_its_own_is_refused(tmp_path):
    doctype = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>'
    laughs = f"{doctype}<w:document {W}><w:body>{paragraph('&y;')}</w:body></w:document>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", laughs)
    refused(written(tmp_path, "b.docx", out.getvalue()), "entities")


def test_a_damaged_word_document_is_refused(tmp_path):
    whole = docx_of(paragraph(CLAIM))
    refused(written(tmp_path, "a.docx", whole[:-30]), "damaged")
    refused(written(tmp_path, "b.docx", docx_of("<w:p>")), "damaged")


def test_a_text_about_other_kinds_of_file_is_a_text(tmp_path):
    said = "A PDF begins with %PDF-1.7, and a picture with BM or GIF."
    assert texts(written(tmp_path, "a.txt", said)) == [said]


# What is not read


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "an empty file"),
        ("a.txt", b" \n\n ", "without a word"),
        ("a.txt", b"one\ntwo\x00", "zero byte in line 2"),
        ("a.txt", PNG, "a picture"),
        ("a.txt", pdf_of("x"), "Give it a name that ends in .pdf"),
        ("a.txt", docx_of(paragraph("x")), "Give it a name that ends in .docx"),
        ("a.txt", b"<!DOCTYPE html><p>x", "Give it a name that ends in .html"),
        ("a.pdf", b"Only text.", "expected a PDF"),
        ("a.docx", b"Only text.", "expected a Word document"),
        ("a.docx", OLD + "EncryptedPackage".encode("utf-16-le"), "a document with a password"),
        ("a.docx", OLD + "WordDocument".encode("utf-16-le"), "an old Word document (.doc)"),
        ("a.docx", b"PK\x03\x04" + bytes(50), "a zip file that is damaged"),
        ("a.txt", b"{\\rtf1 x}", "Rich Text"),
    ],
)
def test_what_is_no_prose_is_refused_in_words(tmp_path, name, content, said):
    refused(written(tmp_path, name, content), said)


@pytest.mark.parametrize("name", ["a.doc", "a.odt", "a.xlsx", "report"])
def test_a_kind_that_is_not_read_is_told_with_what_to_do(tmp_path, name):
    refused(written(tmp_path, name, b"x"), ".docx", kind=UseError)


def test_what_is_not_there_and_a_folder_are_told(tmp_path):
    refused(tmp_path / "none.txt", "no such file", kind=UseError)
    refused(tmp_path, "a folder", kind=UseError)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path):
    path = written(tmp_path, "a.txt", CLAIM)
    path.chmod(0)
    refused(path, "permission", kind=UseError)

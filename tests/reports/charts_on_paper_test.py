"""Charts in the PDF: they look as WeasyPrint draws them, their words are words, and what is strange is still drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pypdfium2
import pytest
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from openpeel.reports.arranged import report_charts
from openpeel.reports.charts_on_paper import charts_on_paper
from openpeel.reports.drawings import drawings
from openpeel.reports.marks import NotUnderstoodError, read_chart
from openpeel.reports.pdf import in_pdf
from report_sample import sample_report

Drawn = dict[str, bytes]

PLACE = "http://report.invalid/"
TEXT = 'text font-size="18px" font-family="Liberation Sans"'


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """Every wide chart of the sample: of forces, of forces in another order, and of groups."""
    charts = report_charts(sample_report())
    return drawings({n: c for n, c in charts.items() if in_pdf(n)}, tmp_path_factory.mktemp("cache"))


def svg(content: str, size: str = 'width="100" height="60" viewBox="0 0 100 60"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{content}</svg>'.encode()


def document(pictures: Drawn, *, here: bool) -> pypdfium2.PdfDocument:
    """A page for each picture, drawn `here` or by WeasyPrint."""

    class Given(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            return URLFetcherResponse(
                url, pictures[url.removeprefix(PLACE)], {"Content-Type": "image/svg+xml"}
            )

    fonts = FontConfiguration()
    charts = {f"{PLACE}{n}": c for n, c in charts_on_paper(pictures, fonts).items()} if here else {}
    pages = "".join(f'<p><img src="{PLACE}{name}" alt="A chart"></p>' for name in pictures)
    html = f"<style>@page {{size: 900px; margin: 0}} body, p {{margin: 0}} p {{break-after: page}}</style>{pages}"
    made = weasyprint.HTML(string=html, url_fetcher=Given()).write_pdf(font_config=fonts, cache=charts)
    return pypdfium2.PdfDocument(made)


def looks(pictures: Drawn, *, here: bool) -> Iterator[np.ndarray]:
    """How dark each point of each page is, from 0 to 1, in colours."""
    with document(pictures, here=here) as opened:
        for page in opened:
            yield 1 - page.render(scale=4 / 3).to_numpy()[:, :, :3] / 255.0


def apart(pictures: Drawn) -> list[float]:
    """Of each picture, how much of what WeasyPrint draws is drawn otherwise here."""
    both = zip(looks(pictures, here=True), looks(pictures, here=False), strict=True)
    return [float(np.abs(ours - theirs).sum() / theirs.sum()) for ours, theirs in both]


def test_every_chart_of_a_report_is_drawn_here(drawn: Drawn) -> None:
    assert len(drawn) == 3
    assert charts_on_paper(drawn, FontConfiguration()).keys() == drawn.keys()


def test_a_chart_looks_as_it_does_to_weasyprint(drawn: Drawn) -> None:
    assert max(apart(drawn)) < 0.05


def test_its_words_are_words_in_the_pdf(drawn: Drawn) -> None:
    with document(drawn, here=True) as opened:
        said = [" ".join(page.get_textpage().get_text_bounded().split()) for page in opened]
    for force in ("Hertfordshire", "Devon and Cornwall", "Avon and Somerset"):
        assert force in said[0]
    assert "▲ above" in said[1]


@pytest.mark.parametrize(
    "strange",
    [
        '<circle cx="50" cy="30" r="20"/>',
        '<path d="M70,30A20,20,0,1,1,30,30Z"/>',
        '<path d="M10,10h50v40Z" fill="rgba(0,0,0,0.8)"/>',
        '<path d="M10,10h50v40Z" transform="scale(1.1)"/>',
        '<rect width="50" height="40" stroke="black" opacity="0.5"/>',
        '<g opacity="0.5"><rect width="50" height="40"/></g>',
        '<rect width="50" height="40" style="fill: black"/>',
        f'<{TEXT} y="30">Kent</text>',
        '<text font-size="2em" font-family="Liberation Sans" transform="translate(0,30)">Kent</text>',
        f'<{TEXT} transform="translate(0,30)"><tspan>K</tspan></text>',
        f'<{TEXT} transform="translate(0,30)">Kent \N{BUS}</text>',
    ],
)
def test_what_is_not_understood_is_drawn_by_weasyprint(strange: str) -> None:
    picture = {"strange.svg": svg(strange)}
    with pytest.raises(NotUnderstoodError):
        read_chart(picture["strange.svg"])
    (look,) = looks(picture, here=True)
    assert look[:60, :100].sum() > 10
    assert apart(picture) == [0]


def test_a_part_of_a_drawing_is_no_chart() -> None:
    for view in ("0 0 50 30", "10 10 100 60", ""):
        with pytest.raises(NotUnderstoodError):
            read_chart(svg("<g/>", f'width="100" height="60" viewBox="{view}"'))


@pytest.mark.parametrize(
    "marks",
    [
        '<g fill="none" stroke="#c4281c"><path d="M9,9h50v30h-50Z" stroke-width="3"/></g>',
        '<path d="M9,9h50v30h-50Z" display="none"/><rect width="9" height="9"/>',
        '<line transform="translate(20,10)" x2="60" y2="40" stroke="black" stroke-width="4" stroke-dasharray="6,3"/>',
        '<line x2="90" y2="50" stroke="#003078" stroke-width="9" opacity="0.4"/><line y1="30" x2="90" stroke="white"/>',
        '<g transform="translate(50,30)"><g transform="rotate(30)"><rect x="-20" width="40" height="9"/></g></g>',
        '<path d="M30,15h40v30h-40Z" fill="none" stroke="black" stroke-width="20" stroke-linejoin="round"/>',
        '<rect x="60" y="40" width="90" height="90" fill="#5694ca"/>',
        f'<{TEXT} font-weight="bold" transform="translate(5,30)">a&lt;b</text>',
        f'<{TEXT} text-anchor="middle" transform="translate(50,30)">Ĝŵ 5%</text>',
        f'<{TEXT} text-anchor="end" transform="translate(40,9) rotate(270) translate(0,4)">Kent</text>',
        '<text font-size="30px" font-family="Liberation Sans" fill="white" stroke="black" stroke-width="4" '
        'stroke-linejoin="round" transform="translate(9,40)">Kent</text>',
    ],
)
def test_each_mark_lies_where_weasyprint_puts_it(marks: str) -> None:
    picture = {"marks.svg": svg(marks)}
    assert read_chart(picture["marks.svg"]).marks
    # WeasyPrint rounds the width of each letter.
    assert apart(picture)[0] < (0.2 if "<text" in marks else 0.01)


def test_a_chart_is_drawn_as_large_as_the_page_says() -> None:
    picture = svg('<rect width="100" height="60" fill="#003078"/>')
    fonts = FontConfiguration()
    charts = {f"{PLACE}{n}": c for n, c in charts_on_paper({"a": picture}, fonts).items()}
    image = f'<p><img src="{PLACE}a" alt="A" style="width: 200px">'
    html = f"<style>@page {{margin: 0}} body, p {{margin: 0}}</style>{image}"
    made = weasyprint.HTML(string=html).write_pdf(font_config=fonts, cache=charts)
    with pypdfium2.PdfDocument(made) as opened:
        look = opened[0].render(scale=4 / 3).to_numpy()[:, :, 0] < 128
    rows, columns = np.nonzero(look)
    assert (columns.max(), rows.max()) == (pytest.approx(200, abs=2), pytest.approx(120, abs=2))

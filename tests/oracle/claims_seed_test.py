"""What does not add up in the published report is found, and nothing else is said of it."""

import pytest

from openpeel.claims import Document, Passage, Place, Verdict, check
from seed_rows import SEED

REPORT = SEED.with_name("hertfordshire-peel-2023-25.txt")


@pytest.fixture(scope="module")
def checked():
    if not REPORT.is_file():
        pytest.skip("the text of the report is not here")
    lines = REPORT.read_text(encoding="utf-8").splitlines()
    passages = (Passage(line, (0,), (Place(None, n, 1),)) for n, line in enumerate(lines, 1))
    return check(Document(REPORT.name, tuple(passages)))


#: Every flag: line, kind, what is said, verdict, the right number, the rule behind the printed one, and the line
#: that it contradicts.
FLAGS = [
    # The summary says that repeat victims are always identified; the audit in line 154 found it in 90 of 93 cases.
    (44, "always, all or none", "always: 90 of 93", "contradicts", "", "", 154),
    # 6,887 at 5.45 to 5.55 per 1,000 are 1,241,000 to 1,264,000 people. £251.8 million at £209,000 per 1,000, of the
    # same year, are 1,202,000 to 1,208,000; so are 112 orders at 9.3 per 100,000 (1,198,000 to 1,211,000).
    (78, "rate per population", "6,887 = 5.5 per 1,000", "contradicts", "", "", 288),
    # 86 ÷ 529 = 16.257 percent.
    (264, "share of a count", "86 of 529 = 16.2 percent", "rounds wrong", "16.3 percent", "truncation", None),
]


def test_what_does_not_add_up_is_found_and_nothing_else_is_flagged(checked):
    flags = [
        (
            c.claim.place.line,
            c.claim.kind,
            c.claim.said,
            str(c.verdict),
            c.right,
            c.rule,
            c.against and c.against.place.line,
        )
        for c in checked
        if c.verdict in (Verdict.rounds_wrong, Verdict.contradicts)
    ]
    assert flags == FLAGS


def test_the_rates_of_the_report_imply_one_population_but_for_the_one(checked):
    arithmetic = {c.claim.said: c.arithmetic for c in checked if c.claim.kind == "rate per population"}
    assert "1,240,901 to 1,263,670 people" in arithmetic["6,887 = 5.5 per 1,000"]
    assert "1,201,671 to 1,207,914 people" in arithmetic["£251.8 million = £209,000 per 1,000"]
    assert "1,197,861 to 1,210,811 people" in arithmetic["112 = 9.3 per 100,000"]
    assert "1,130,435 to 1,238,095 people" in arithmetic["13 = 1.1 per 100,000"]
    assert "1,200,000 to 1,384,615 people" in arithmetic["nine = 0.7 per 100,000"]


def test_what_holds_is_shown_to_hold(checked):
    held = {(c.claim.kind, c.claim.said) for c in checked if c.verdict is Verdict.holds}
    assert {
        ("share of a count", "112 of 175 = 64 percent"),
        ("share of money", "£102.6 million = 40.7 percent of £251.8 million"),
        ("parts of a whole", "48 + 8 + 19 of 85"),
        ("comparison", "0.7 lower than 4.2"),
        ("change", "reduced from 6,691 to 1,668"),
        ("rate per population", "112 = 9.3 per 100,000"),
    } <= held
    assert any(kind == "significance" for kind, _ in held)


def test_what_the_report_does_not_say_is_not_made_up(checked):
    """The whole of '5 percent of its general budget' is not in the report; the total funding is not it."""
    (reserve,) = [c for c in checked if "£12.6 million" in c.claim.said]
    assert reserve.verdict is Verdict.cannot_be_checked


def test_every_number_of_the_report_is_in_a_claim_with_its_place(checked):
    lines = REPORT.read_text(encoding="utf-8").splitlines()
    for c in checked:
        line = lines[c.claim.place.line - 1]
        assert line[c.claim.start : c.claim.start + c.claim.length] == c.claim.text
        assert c.claim.place.column == c.claim.start + 1

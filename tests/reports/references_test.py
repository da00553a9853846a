"""References are read and never run: what is taken, and what is refused with a reason."""

import pytest

from openpeel.reports.problems import RefusedError
from openpeel.reports.references import LONGEST, NAMES, read_reference


def test_a_reference_has_a_name_a_subject_and_options():
    found = read_reference(' share("calls", ending="2023-03-31",\n group="a|b") ', 4, 7)
    assert (found.name, found.subject, found.place) == ("share", "calls", (4, 7))
    assert found.options == {"ending": "2023-03-31", "group": "a|b"}


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("().__class__.__bases__[0]", "nothing is run"),
        ('share("x").__class__', "nothing is run"),
        ('share.__globals__("x")', "nothing is run"),
        ('share("x".__class__)', "nothing is run"),
        ('share(open("/etc/passwd"))', "nothing is run"),
        ('share(f"{1+1}")', "nothing is run"),
        ('share("a" * 10**9)', "nothing is run"),
        ('share(*["x"])', "nothing is run"),
        ('share("x", **{"ending": "y"})', "has no option"),
        ('[share("x") for _ in range(10**9)]', "nothing is run"),
        ('(lambda: share("x"))()', "nothing is run"),
        ("for x in y", "cannot be read"),
        ("(" * 400, "cannot be read"),
        ("-" * 450 + "1", "nothing is run"),
        ('share("x\x00")', "cannot be read"),
        ('open("x")', "there is no reference 'open'"),
        ('shar("x")', "there is no reference 'shar'"),
        ("share()", "takes one thing"),
        ('share("x", "y")', "takes one thing"),
        ("share(5)", "in quotes"),
        ('share("")', "in quotes"),
        ('share("x", digits=2)', "no option 'digits'"),
        ('share("x", ending=2023)', "a text in quotes for 'ending'"),
        ('count("x", words="yes")', "True or False"),
        ('share("x", ending="a", ending="b")', "twice"),
        ("share(“x”)", "curly quotes"),
        ("", "got nothing"),
        (f'share("{"x" * LONGEST}")', "at most"),
    ],
)
def test_anything_else_is_refused_with_a_reason(written, why):
    with pytest.raises(RefusedError) as refused:
        read_reference(written, 1, 1)
    assert why in refused.value.message


def test_a_name_that_was_mistyped_is_told_what_is_near():
    with pytest.raises(RefusedError) as refused:
        read_reference('sentense("x")', 1, 1)
    assert "sentence" in refused.value.advice


def test_no_option_changes_how_a_number_is_rounded():
    assert not {"digits", "decimals", "round"} & {o for n in NAMES.values() for o in n.options}

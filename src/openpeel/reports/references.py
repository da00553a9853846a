"""The references of a report to its figures: `{{ share("calls_999_answered", ending="2023-03-31") }}`.

A reference is read, never run: Python's grammar is borrowed to read it, and of all that may be written in it only the
call of a known name with texts and numbers is taken. So a report cannot loop, look into objects or open files.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from openpeel.reports.problems import RefusedError

#: No reference is longer than this, so that reading one takes no time.
LONGEST = 500

Value = str | int | float | bool


@dataclass(frozen=True)
class Name:
    """What a reference prints. `options` are those it takes beside the ones that say which figure is meant.

    `sentence` says whether it prints whole sentences, `block` whether it is a paragraph of its own.
    """

    name: str
    prints: str
    options: Mapping[str, type]
    sentence: bool = False
    block: bool = False


#: Which figure is meant: these every reference to a figure takes.
WHICH: Mapping[str, type] = {"group": str, "ending": str, "start": str, "audit": str, "force": str}


def _name(name: str, prints: str, *, sentence: bool = False, block: bool = False, **options: type) -> Name:
    return Name(name, prints, {**WHICH, **options}, sentence, block)


#: Every name that a reference may have.
NAMES: Mapping[str, Name] = {
    n.name: n
    for n in (
        _name("value", "the value with what belongs to its unit: '64.0%', '5.3', '£2,800'"),
        _name("share", "the value of a share: '64.0%'"),
        _name("rate", "the value of a rate, per 1,000 or 100,000 people: '5.3'"),
        _name("count", "how many were counted, of a share its numerator: '1,234'", words=bool),
        _name("of", "a part and the whole of it: '86 of 529'"),
        _name("denominator", "what the number is set against: '529'", words=bool),
        _name("money", "an amount of money: '£2,800', '£251.8m'"),
        _name("estimate", "what an audit estimates, with interval=True '94.2% (+/- 3.0)'", interval=bool),
        _name("interval", "the confidence interval: '90.5 to 96.6'"),
        _name("average", "the mean of the forces counted: '24.6%'"),
        _name("england_and_wales", "the value of all forces taken together: '24.1%'"),
        _name("limit", "the standard that the value is held to: '90.0%'"),
        _name("verdict", "how the force stands to the mean of forces: 'in line with'"),
        _name("sentence", "the finding as a sentence, of a breakdown its largest parts", sentence=True),
        _name("comparison", "how the force stands among all forces, as a sentence", sentence=True),
        _name("standard", "whether the standard is met, as a sentence", sentence=True),
        _name("limits", "how the force stands to limits by chance, as a sentence", sentence=True),
        _name("change", "a change since an earlier period or audit, as a sentence", sentence=True, since=str),
        _name(
            "change_verdict",
            "what may be said of that change: 'a rise', 'no significant change'",
            since=str,
        ),
        _name("chart", "a chart of all forces or of all groups", block=True),
        _name("table", "the same as a table", block=True),
        Name("fixed", "a text with a number or a comparison that is no figure", {"because": str}),
    )
}


@dataclass(frozen=True)
class Reference:
    """A reference as it was read, and where it stands: `subject` is the measure, the result of an audit, or a text."""

    name: str
    subject: str
    options: Mapping[str, Value]
    line: int
    column: int

    @property
    def place(self) -> tuple[int, int]:
        """Line and column."""
        return self.line, self.column

    def option(self, name: str) -> str | None:
        """An option as text; None where it is not given."""
        value = self.options.get(name)
        return None if value is None else str(value)


def read_reference(text: str, line: int, column: int) -> Reference:
    """Read what stands between `{{` and `}}`. Raises RefusedError for all but a call of a known name.

    >>> read_reference(' share("linked_outcomes", ending="2023-03-31") ', 1, 1).options
    {'ending': '2023-03-31'}
    """
    call = _call(text)
    assert isinstance(call.func, ast.Name)
    name = call.func.id
    about = NAMES.get(name)
    if about is None:
        near = get_close_matches(name, NAMES, n=3, cutoff=0.5)
        meant = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(NAMES)}."
        raise RefusedError(f"there is no reference '{_short(name)}'", meant)
    if len(call.args) != 1:
        raise RefusedError(
            f"'{name}' takes one thing in brackets before its options, got {len(call.args)}", _example(name)
        )
    subject = _constant(call.args[0], name)
    if not isinstance(subject, str) or not subject.strip():
        raise RefusedError(f"expected a name in quotes after '{name}('", _example(name))
    options: dict[str, Value] = {}
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg not in about.options:
            known = ", ".join(about.options)
            raise RefusedError(
                f"'{name}' has no option '{_short(keyword.arg or '**')}'", f"Its options: {known}."
            )
        if keyword.arg in options:
            raise RefusedError(f"the option '{keyword.arg}' stands twice in '{name}'")
        value = _constant(keyword.value, name)
        if type(value) is not about.options[keyword.arg]:
            wanted = "True or False" if about.options[keyword.arg] is bool else "a text in quotes"
            raise RefusedError(
                f"expected {wanted} for '{keyword.arg}' of '{name}', got {_short(repr(value))}"
            )
        options[keyword.arg] = value
    return Reference(name, subject.strip(), options, line, column)


def _call(text: str) -> ast.Call:
    if len(text) > LONGEST:
        raise RefusedError(f"a reference is at most {LONGEST} characters long, got {len(text)}")
    if not text.strip():
        raise RefusedError("expected a reference between the braces, got nothing", _example("share"))
    if any(c in text for c in "“”‘’"):
        raise RefusedError("curly quotes do not work in a reference", "Write straight ones: \" or '.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's on odd but lawful grammar; all of it is refused below
            found = ast.parse(" ".join(text.split()), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise RefusedError(f"'{_short(text)}' cannot be read as a reference", _example("share")) from None
    if not isinstance(found, ast.Call) or not isinstance(found.func, ast.Name):
        raise RefusedError(
            f"a reference is a name with brackets and nothing is run in it, got '{_short(text)}'",
            _example("share"),
        )
    return found


def _constant(node: ast.expr, name: str) -> Value:
    """A text or number. A minus before a number is an operation, and refused like any other: no option is negative."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | bool):
        return node.value
    raise RefusedError(
        f"expected texts and numbers in '{name}(…)', got something to be worked out, and nothing is run here",
        _example(name),
    )


def _example(name: str) -> str:
    if name == "fixed":
        return 'Write for example {{ fixed("72 hours", because="the limit in law") }}.'
    return (
        f'Write for example {{{{ {name if name in NAMES else "share"}("measure", ending="2024-03-31") }}}}.'
    )


def _short(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= 60 else f"{said[:57]}…"

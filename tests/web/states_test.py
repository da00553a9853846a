"""The tables of states: whole, told in the docs, and the only way in which a state changes."""

from __future__ import annotations

import ast
import runpy
from collections import defaultdict
from pathlib import Path

import pytest

import openpeel.web
from openpeel.web.collections.states import COLLECTION
from openpeel.web.releases.states import RELEASE
from openpeel.web.returns.states import QUERY, RETURN
from openpeel.web.states import Life

LIVES = {"COLLECTION": COLLECTION, "RETURN": RETURN, "QUERY": QUERY, "RELEASE": RELEASE}
APPS = {"COLLECTION": "collections", "RETURN": "returns", "QUERY": "returns", "RELEASE": "releases"}
MODELS = {"Collection", "Return", "Query", "Release"}
#: The files whose functions make the moves; the talk about a query has one of its own.
ACTIONS = {
    "collections/actions.py",
    "returns/actions.py",
    "returns/answering.py",
    "releases/actions.py",
}
WRITERS = {"create", "update", "get_or_create", "update_or_create"}
WEB = Path(openpeel.web.__file__).parent
ROOT = Path(__file__).parents[2]

each_life = pytest.mark.parametrize("life", LIVES.values(), ids=LIVES.keys())


@each_life
def test_each_state_is_said_has_its_moves_and_is_reached(life: Life) -> None:
    assert life.said.keys() == life.moves.keys()
    assert len(set(life.said.values())) == len(life.said)
    reached, waiting = {life.first}, [life.first]
    while waiting:
        for move in life.moves[waiting.pop()]:
            if move.to not in reached:
                reached.add(move.to)
                waiting.append(move.to)
    assert reached == life.said.keys()


@each_life
def test_a_move_of_one_name_always_goes_to_the_same_state_and_takes_the_same_permission(life: Life) -> None:
    ends = defaultdict(set)
    for _, move in life.all_moves():
        ends[move.name].add((move.to, move.by))
    assert all(len(found) == 1 for found in ends.values())


def test_the_page_of_states_is_what_the_tables_say() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "make_states_page.py"))
    page = (ROOT / "docs" / "reference" / "states.md").read_text(encoding="utf-8")
    assert page == made["page"](), "run: python scripts/make_states_page.py"
    assert {life.thing for life in made["LIVES"]} == {life.thing for life in LIVES.values()}


def _functions(life: str) -> list[ast.FunctionDef]:
    files = [WEB / file for file in ACTIONS if file.startswith(APPS[life])]
    return [
        node
        for file in files
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]


def _asks_the_table(call: ast.Call, life: str) -> bool:
    """Whether it asks the table out of which states a move goes."""
    table = call.func.value if isinstance(call.func, ast.Attribute) else None
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "states_with"
        and isinstance(table, ast.Name)
        and table.id == life
    )


def _makers(life: str) -> dict[str, set[str]]:
    """Move → the functions that make it: that ask the table about it, or have a function of the file do so."""
    makers = defaultdict(set)
    functions = _functions(life)
    calls = {f.name: [node for node in ast.walk(f) if isinstance(node, ast.Call)] for f in functions}
    movers = {
        name
        for name, found in calls.items()
        if any(_asks_the_table(call, life) and isinstance(call.args[0], ast.Name) for call in found)
    }
    # A function that hands the name of a move on to such a one is one itself.
    for _ in functions:
        movers |= {
            name
            for name, found in calls.items()
            if any(
                isinstance(call.func, ast.Name)
                and call.func.id in movers
                and any(isinstance(a, ast.Name) and a.id == "name" for a in call.args)
                for call in found
            )
        }
    for name, found in calls.items():
        for call in found:
            called = call.func.id if isinstance(call.func, ast.Name) else ""
            if _asks_the_table(call, life) or called in movers:
                moves = [a.value for a in call.args[:2] if isinstance(a, ast.Constant)]
                for move in moves:
                    makers[str(move)].add(name)
    return makers


@pytest.mark.parametrize("life", LIVES)
def test_each_move_is_made_by_exactly_one_action(life: str) -> None:
    names = {move.name for _, move in LIVES[life].all_moves()}
    makers = _makers(life)
    assert makers.keys() == names
    assert {name: found for name, found in makers.items() if len(found) != 1} == {}


def _sets_state(node: ast.AST) -> bool:
    """Whether a piece of code gives a state to a collection, return, query or release."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(t, ast.Attribute) and t.attr == "state" for t in targets)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "setattr":
        return isinstance(node.args[1], ast.Constant) and node.args[1].value == "state"
    if name == "bulk_update":
        return "'state'" in ast.dump(node)
    named = {keyword.arg for keyword in node.keywords}
    return "state" in named and (name in WRITERS or name in MODELS)


@pytest.mark.parametrize(
    ("code", "sets"),
    [
        ("thing.state = 'open'", True),
        ("Return.objects.filter(pk=1).update(state='accepted')", True),
        ("Return(state='accepted')", True),
        ("setattr(thing, 'state', 'open')", True),
        ("Return.objects.bulk_update(found, ['state'])", True),
        ("Return.objects.filter(state='accepted').update(number=1)", False),
        ("Cell(state='accepted')", False),
    ],
)
def test_the_search_for_code_that_sets_a_state_finds_it(code: str, sets: bool) -> None:
    assert any(_sets_state(node) for node in ast.walk(ast.parse(code))) == sets


def test_no_code_but_actions_sets_a_state() -> None:
    found = [
        f"{path.relative_to(WEB)}:{node.lineno}"  # type: ignore[attr-defined]
        for path in sorted(WEB.rglob("*.py"))
        if path.relative_to(WEB).as_posix() not in ACTIONS and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _sets_state(node)
    ]
    assert found == []

"""The tutorial of the first collection: what it says to hand in is found to be as it says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from openpeel.web.demonstration import PASSWORD, PEOPLE
from web_returns import Round, work

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorials" / "first-collection.md"


def test_the_files_of_the_tutorial_are_found_as_it_says(asked_round: Round) -> None:
    asked_round.asked.start, asked_round.asked.end = date(2024, 4, 1), date(2024, 6, 30)
    asked_round.asked.save()
    wrong, right = re.findall(r"^```csv\n(.*?)^```", TUTORIAL.read_text(encoding="utf-8"), re.M | re.S)
    first = asked_round.hand_in(wrong.encode(), name="volunteers.csv")
    assert first.found is not None
    assert (first.found["rows"], first.found["accepted"], first.found["rejected"]) == (3, 2, 1)
    rejected = (
        asked_round.client(asked_round.contributor).get(f"/returns/{first.key}/rejected").content.decode()
    )
    assert "<td" in rejected
    assert "4" in rejected
    second = asked_round.hand_in(right.encode(), name="volunteers.csv")
    assert second.found is not None
    assert second.found["rejected"] == 0
    for query in second.queries.all():
        asked_round.answer(query)
    asked_round.confirm(second)
    for query in second.queries.all():
        asked_round.reply(query, "settle")
    asked_round.accept(second)
    work()
    second.refresh_from_db()
    assert (second.state, second.in_lake_at is not None) == ("accepted", True)


def test_the_people_of_the_tutorial_are_those_of_the_demonstration() -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    assert PASSWORD in text
    named = set(re.findall(r"[a-z]+@[a-z]+\.example", text))
    assert named
    assert named <= {somebody.email for somebody in PEOPLE}

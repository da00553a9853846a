"""What the labelled sentences say is found: little is missed, and hardly anything is flagged that is right."""

import pytest

from labelled_claims import FLAGS, labelled, result, scores
from openpeel.claims import ClaimKind

PRECISION, RECALL = 0.98, 0.95


@pytest.mark.parametrize("name", ["labelled.tsv", "held_out.tsv"])
def test_nearly_all_planted_faults_are_found_and_hardly_anything_else_is_flagged(name):
    score = scores(name)["all"]
    assert score.precision >= PRECISION, [r.text for r in map(_wrong, labelled(name)) if r]
    assert score.recall >= RECALL, [r.text for r in map(_wrong, labelled(name)) if r]
    assert score.right >= RECALL * score.texts, (
        "claims that hold, or of which nothing can be said, are missed"
    )


def _wrong(one):
    r = result(one)
    return one if r.false_alarms or not r.found else None


@pytest.mark.parametrize("kind", sorted({one.kind for one in labelled()} - {"none"}))
def test_no_kind_of_claim_falls_behind(kind):
    score = scores()[kind]
    assert score.precision >= PRECISION
    assert score.recall >= RECALL


def test_the_labelled_sentences_are_many_and_of_every_kind_and_nearly_half_have_a_fault():
    rows = labelled()
    assert len(rows) >= 300
    assert len(labelled("held_out.tsv")) >= 100
    assert sum(one.has_fault for one in rows) >= 0.45 * len(rows) - 1
    assert {one.kind for one in rows} == {kind.name for kind in ClaimKind} - {"amount"} | {"none"}
    assert {one.verdict for one in rows} == {*FLAGS, "holds", "cannot be checked", "none"}


def test_no_labelled_sentence_stands_there_twice():
    texts = [one.text for name in ("labelled.tsv", "held_out.tsv") for one in labelled(name)]
    assert len(set(texts)) == len(texts)

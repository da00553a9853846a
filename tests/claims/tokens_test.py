"""Sentences end where a reader sees them end."""

import pytest

from openpeel.claims.tokens import STOP, tokens_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It is so. It was so.", 2),
        ("Is it so? It is!", 2),
        ("As Dr. Lee and Mr. Orr say, it is so.", 1),
        ("It is 16.3 percent, or 1,000 in all.", 1),
        ("Some (e.g. sergeants) say so.", 1),
        ("It is approx. half of them.", 1),
        ("He said ‘it is so.’ They agreed.", 2),
        ("It is at www.example.org now.", 1),
    ],
)
def test_a_sentence_ends_at_its_full_stop_and_at_no_other_point(text, sentences):
    assert tokens_of(text).keys.count(STOP) == sentences

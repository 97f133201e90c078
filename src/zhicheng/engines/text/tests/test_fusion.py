from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.text.fusion import Signals, Unknown, confidences, on_topic, scores

KNOWN = Unknown(0.0, 0.0)


def signals(*, cover, alike=0.5, elsewhere=False, misplaced=False, short=True):
    size = len(cover)
    return Signals(
        title=np.full(size, alike),
        wording=np.full(size, alike),
        wordings=np.full(size, alike),
        answer=np.full(size, alike),
        cover=np.array(cover),
        known=np.full(size, alike),
        asks=np.full(size, short),
        sides=np.zeros((size, 3)),
        elsewhere=np.full(size, elsewhere),
        misplaced=np.full(size, misplaced),
        short=np.full(size, short),
    )


COVERS = st.lists(st.floats(0, 1), min_size=1, max_size=10)


class TestConfidences:
    @given(COVERS, st.booleans())
    def test_the_best_score_has_the_best_chance(self, cover, short):
        found = signals(cover=cover, short=short)
        mixed = scores(found)
        chances = confidences(found, mixed, KNOWN)
        assert chances[mixed.argmax()] == chances.max()
        assert ((chances >= 0) & (chances <= 1)).all()

    def test_a_rival_takes_confidence_away(self):
        alone, rival = signals(cover=[0.6, 0.1]), signals(cover=[0.6, 0.59])
        assert confidences(alone, scores(alone), KNOWN)[0] > confidences(rival, scores(rival), KNOWN)[0] + 0.3

    def test_unknown_words_take_confidence_away(self):
        found = signals(cover=[0.6, 0.1])
        mixed = scores(found)
        assert confidences(found, mixed, Unknown(1.0, 1.0))[0] < confidences(found, mixed, KNOWN)[0]

    def test_no_candidates_have_no_confidences(self):
        none = signals(cover=[])
        assert len(confidences(none, scores(none), KNOWN)) == 0


class TestOnTopic:
    def test_a_rival_does_not_make_a_question_strange(self):
        alone, rival = signals(cover=[0.6, 0.1]), signals(cover=[0.6, 0.59])
        assert on_topic(alone, scores(alone), KNOWN)[0] == on_topic(rival, scores(rival), KNOWN)[0]

    def test_a_question_about_another_place_is_strange(self):
        here, there = signals(cover=[0.5]), signals(cover=[0.5], elsewhere=True)
        assert on_topic(here, scores(here), KNOWN)[0] > on_topic(there, scores(there), KNOWN)[0] + 0.2


class TestScores:
    def test_the_side_that_is_asked_about_decides_between_entries_alike(self):
        found = replace(signals(cover=[0.5, 0.5]), sides=np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]))
        assert scores(found).argmax() == 1

    def test_a_document_about_another_place_falls_behind(self):
        assert scores(signals(cover=[0.5]))[0] > scores(signals(cover=[0.5], misplaced=True))[0]

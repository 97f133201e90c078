import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.text.calibration import bend, calibration_error, fit_certainty, fit_shares, softmax
from zhicheng.engines.text.classifier import ClassifierModel, best_places
from zhicheng.engines.text.counts import count_terms, weigh
from zhicheng.engines.text.features import Text, View, read
from zhicheng.engines.text.training import FEW_EXAMPLES, SUBJECT, Example, Hint, TextClassifier, macro_f1

# Beside the clone, where it is at all: evaluation-only data that must not come into the repository.
SHARED = Path(__file__).resolve().parents[6] / "shared" / "data" / "appeals" / "labelled_tokenised.jsonl"
SUBJECTS = {
    "road.light": ("路灯", "灯杆", "太黑", "不亮", "照明"),
    "road.surface": ("坑洼", "路面", "塌陷", "井盖", "沥青"),
    "noise.works": ("工地", "打桩", "夜间", "施工", "噪音"),
    "noise.dance": ("广场舞", "音响", "跳舞", "喇叭", "太吵"),
}


def said(subject, seed):
    """A made-up appeal: words of its subject, now and then one of another subject, and filler."""
    random = np.random.default_rng(seed)
    other = random.choice(list(SUBJECTS))
    chosen = list(random.choice(SUBJECTS[subject], 3)) + list(random.choice(SUBJECTS[other], 1))
    chosen += list(random.choice(["请", "尽快", "处理", "我们", "小区", "门口", "多次", "反映"], 4))
    return "".join(random.permutation(chosen))


def town(count, start=0):
    return [
        Example(said(label, start + n * 7 + place), label) for n in range(count) for place, label in enumerate(SUBJECTS)
    ]


@pytest.fixture(scope="module")
def model():
    hints = [Hint(label, words[0], words[:2]) for label, words in SUBJECTS.items()]
    return TextClassifier(FEW_EXAMPLES).train(town(40), hints, seed=1)


class TestPredict:
    @settings(max_examples=200, deadline=None)
    @given(text=st.text(max_size=200), top=st.integers(1, 6))
    def test_any_text_gets_ordered_probabilities_of_known_labels(self, model, text, top):
        found = model.predict(text, top)
        probabilities = [probability for _, probability in found]
        assert len(found) in {0, min(top, 4)}
        assert {label for label, _ in found} <= set(model.labels)
        assert probabilities == sorted(probabilities, reverse=True)
        assert all(0 <= probability <= 1 for probability in probabilities)
        assert sum(probabilities) <= 1 + 1e-5

    @pytest.mark.parametrize("text", ["", " \n\t", "!?。", "\x00", "\ud800", "\u200b", "qwxyz"])
    def test_a_text_without_a_known_term_has_no_candidate(self, model, text):
        assert model.predict(text) == []

    def test_a_hundred_kilobytes_are_read_from_the_start_only(self, model):
        start = "路灯太黑" * 400
        assert model.predict(start + "工地打桩" * 20_000) == model.predict(start)

    @settings(max_examples=50, deadline=None)
    @given(texts=st.lists(st.text(alphabet="路灯坏了工地打桩吵请a1 \n", max_size=30), max_size=20))
    def test_a_batch_answers_as_single_texts_do(self, model, texts):
        for one, text in zip(model.predict_batch(texts, top=4), texts, strict=True):
            alone = dict(model.predict(text, top=4))
            assert dict(one) == pytest.approx(alone, abs=1e-4)

    def test_the_same_words_cut_or_raw_get_the_same_answer(self, model):
        cut = Text.of_tokens("工地 夜间 打桩 请 尽快 处理")
        assert model.predict(cut) == model.predict("工地夜间打桩,请尽快处理!")

    def test_width_of_letters_does_not_matter(self, model):
        assert model.predict("3号路灯不亮") == model.predict("3号路灯不亮")


class TestTrain:
    def test_same_input_gives_the_same_bytes(self):
        first, second = (TextClassifier(FEW_EXAMPLES).train(town(5), seed=3).to_bytes() for _ in range(2))
        assert first == second

    def test_learns_from_hints_alone(self):
        hints = [Hint(label, "", words) for label, words in SUBJECTS.items()]
        model = TextClassifier(FEW_EXAMPLES).train([], hints)
        assert model.predict("广场舞音响震天响")[0][0] == "noise.dance"
        assert model.figures.texts == 0

    def test_a_single_label_is_certain(self):
        model = TextClassifier(SUBJECT).train([Example("路灯坏了", "road.light")] * 6)
        assert model.predict("路灯坏了") == [("road.light", pytest.approx(1.0))]

    def test_nothing_to_learn_from_is_refused(self):
        with pytest.raises(ValueError, match="no example"):
            TextClassifier().train([])

    @pytest.mark.parametrize("configuration", [SUBJECT, FEW_EXAMPLES])
    def test_answers_texts_it_has_not_seen(self, configuration):
        model = TextClassifier(configuration).train(town(60))
        unseen = town(40, start=100_000)
        answers = [found[0][0] for found in model.predict_batch([one.text for one in unseen], top=1)]
        assert macro_f1([one.label for one in unseen], answers) > 0.6

    def test_a_leaf_gains_from_its_siblings(self):
        hints = [Hint("a.x", "", ("路灯",)), Hint("a.y", "", ("井盖",)), Hint("b.z", "", ("工地",))]
        examples = [Example("隧道照明太暗", "a.y"), Example("工地扬尘", "b.z")] * 3
        leaves = replace(FEW_EXAMPLES, scorers=FEW_EXAMPLES.scorers[:1], folds=0)
        family = replace(FEW_EXAMPLES, scorers=FEW_EXAMPLES.scorers[:2], folds=0)
        alone, helped = (
            dict(TextClassifier(one).train(examples, hints).predict("隧道太暗")) for one in (leaves, family)
        )
        assert helped["a.x"] / helped["b.z"] > alone["a.x"] / alone["b.z"]


class TestStoredModel:
    def test_answers_as_the_fresh_one(self, model):
        stored = ClassifierModel.from_bytes(model.to_bytes())
        texts = [one.text for one in town(5, start=500)]
        assert [stored.predict(text) for text in texts] == [model.predict(text) for text in texts]
        assert (stored.labels, stored.figures) == (model.labels, model.figures)

    @pytest.mark.parametrize("stored", [b"", b"PK\x03\x04", b"not a model"])
    def test_other_bytes_are_refused(self, stored):
        with pytest.raises(ValueError, match="not a text model"):
            ClassifierModel.from_bytes(stored)

    def test_damaged_bytes_are_refused(self, model):
        stored = model.to_bytes()
        for damaged in (stored[:40], stored[: len(stored) // 2], stored[:3000] + b"\xff" * 200 + stored[3200:]):
            with pytest.raises(ValueError, match="damaged"):
                ClassifierModel.from_bytes(damaged)


class TestVectors:
    def test_training_and_answering_see_the_same_numbers(self):
        readings = [read(one.text, 99) for one in town(4)] + [read("", 99)]
        views = (View("word", highest=2, weight=0.5), View("char", part="head", highest=2, min_texts=2))
        counted = [count_terms(readings, view) for view in views]
        vocabulary, matrix = weigh(counted, np.arange(len(readings)), 99)
        assert np.allclose(vocabulary.matrix(readings).toarray(), matrix.toarray(), atol=1e-6)

    @given(st.lists(st.floats(-5, 5, width=32), min_size=1, max_size=30), st.integers(1, 40))
    def test_best_places_are_those_of_a_full_sort(self, values, top):
        array = np.array(values, np.float32)
        assert best_places(array, top) == np.argsort(-array, kind="stable")[:top].tolist()


class TestCalibration:
    def test_finds_the_mixture_that_made_the_truth(self):
        random = np.random.default_rng(5)
        telling, idle = (random.normal(size=(20_000, 6)).astype(np.float32) for _ in range(2))
        chances = softmax(2.5 * telling)
        truth = (chances.cumsum(axis=1) < random.random((len(telling), 1))).sum(axis=1).clip(max=5)
        shares = fit_shares([telling, idle], truth)
        assert shares == pytest.approx([2.5, 0.0], abs=0.1)
        right = chances.argmax(axis=1) == truth
        assert calibration_error(chances.max(axis=1), right) < 0.02
        assert calibration_error(softmax(20 * telling).max(axis=1), right) > 0.2

    def test_confidence_on_unseen_texts_is_near_the_share_of_right_ones(self):
        model = TextClassifier(SUBJECT).train(town(120), seed=2)
        unseen = town(200, start=200_000)
        found = [one[0] for one in model.predict_batch([one.text for one in unseen], top=1)]
        confidence = np.array([probability for _, probability in found], np.float32)
        right = np.array([label == one.label for (label, _), one in zip(found, unseen, strict=True)])
        assert calibration_error(confidence, right) < 0.08
        assert abs(model.figures.accuracy - right.mean()) < 0.08

    def test_a_boastful_model_is_bent_to_the_truth(self):
        random = np.random.default_rng(6)
        boasted = random.uniform(0.3, 0.999, 20_000).astype(np.float32)
        right = random.random(20_000) < 0.6 * boasted
        certainty = fit_certainty(boasted, right)
        bent = np.array([bend(float(one), certainty) for one in boasted], np.float32)
        assert calibration_error(bent, right) < 0.04 < calibration_error(boasted, right)
        assert (np.diff(bent[np.argsort(boasted, kind="stable")]) >= 0).all()

    def test_without_texts_nothing_is_claimed(self):
        with pytest.raises(ValueError, match="no texts"):
            fit_shares([np.empty((0, 3), np.float32)], np.empty(0, np.int64))
        assert calibration_error(np.empty(0, np.float32), np.empty(0, np.bool_)) == 0.0


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the labelled appeals are not on this machine (evaluation-only data)")
class TestRealAppeals:
    def test_macro_f1_beats_the_plain_linear_machine(self):
        rows = {row["tokens"]: row["label"] for row in map(json.loads, SHARED.read_text().splitlines())}
        examples = [Example(Text.of_tokens(tokens), label) for tokens, label in sorted(rows.items())]
        order = np.random.default_rng(0).permutation(len(examples))
        train, test = ([examples[place] for place in part] for part in (order[1000:], order[:1000]))
        model = TextClassifier(replace(SUBJECT, folds=0)).train(train)
        answers = [found[0][0] for found in model.predict_batch([one.text for one in test], top=1)]
        assert macro_f1([one.label for one in test], answers) >= 0.92

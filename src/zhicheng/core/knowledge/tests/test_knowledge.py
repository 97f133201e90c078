from datetime import UTC, datetime, timedelta

import pytest

from zhicheng.core.knowledge import public as knowledge
from zhicheng.core.knowledge.models import Classifier, ConfirmedExample
from zhicheng.core.knowledge.values import Example, Hint
from zhicheng.core.ledger.public import list_entries

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
HINTS = (
    Hint("environment.noise.construction", "施工噪声", ("工地", "夜间施工", "打桩")),
    Hint("facilities.light.broken", "路灯不亮", ("路灯", "太黑")),
    Hint("water.supply.outage", "停水", ("停水", "没水", "水管爆裂")),
)
EXAMPLES = (
    Example("楼下工地半夜还在打桩,吵得睡不着", "environment.noise.construction"),
    Example("小区门口工地夜间施工太吵了", "environment.noise.construction"),
    Example("福华路的路灯坏了好几天,晚上太黑", "facilities.light.broken"),
    Example("我们巷子里路灯一直不亮,老人摔了", "facilities.light.broken"),
    Example("家里停水两天了,没人通知", "water.supply.outage"),
    Example("整栋楼没水用,水管爆裂", "water.supply.outage"),
)


@pytest.fixture(autouse=True)
def _forgetful():
    knowledge.forget_classifiers()
    yield
    knowledge.forget_classifiers()


@pytest.fixture
def trained(db):
    return knowledge.train_classifier("appeals", EXAMPLES, HINTS, NOW)


def confirm(number, text="路灯又坏了", label="facilities.light.broken", at=NOW):
    knowledge.confirm_example("appeals", case_ref=f"case:{number}", text=text, label=label, now=at)


@pytest.mark.django_db
class TestClassify:
    def test_without_a_classifier_leaves_the_case_to_a_person(self):
        found = knowledge.classify("appeals", "路灯坏了")
        assert found == knowledge.Classification((), "appeals@0")
        assert not found.is_sure(0.0)
        assert [one.candidates for one in knowledge.classify_batch("appeals", ["路灯坏了", ""])] == [(), ()]

    def test_names_the_likeliest_labels_and_the_model(self, trained):
        found = knowledge.classify("appeals", "工地晚上打桩太吵", top=2)
        assert found.candidates[0][0] == "environment.noise.construction"
        assert len(found.candidates) == 2
        assert found.model == "appeals@1"

    @pytest.mark.parametrize("text", ["", "   ", "!!!", "😀" * 50, "\x00\u200b", "zzz" * 40_000, "\ud800"])
    def test_answers_odd_texts_without_an_error(self, trained, text):
        assert len(knowledge.classify("appeals", text).candidates) in {0, 3}

    def test_batch_answers_like_single_questions(self, trained):
        texts = ["路灯坏了", "", "停水了", "工地太吵"]
        batch = list(knowledge.classify_batch("appeals", texts))
        single = [knowledge.classify("appeals", text) for text in texts]
        assert [one.candidates[:1] and one.candidates[0][0] for one in batch] == [
            one.candidates[:1] and one.candidates[0][0] for one in single
        ]

    def test_asks_the_database_once_for_many_texts(self, trained, django_assert_num_queries):
        with django_assert_num_queries(2):
            for _ in range(50):
                knowledge.classify("appeals", "路灯坏了")

    def test_sees_a_version_that_another_process_trained_within_a_second(self, trained, monkeypatch):
        knowledge.classify("appeals", "路灯坏了")
        Classifier.objects.update(is_active=False)
        assert knowledge.classify("appeals", "路灯坏了").model == "appeals@1"
        monkeypatch.setattr("zhicheng.core.knowledge.queries.classifying._CHECK_EVERY_S", 0.0)
        assert knowledge.classify("appeals", "路灯坏了").model == "appeals@0"

    def test_leaves_a_model_of_another_format_to_a_person(self, trained):
        Classifier.objects.update(weights=b"not a model")
        assert knowledge.classify("appeals", "路灯坏了").candidates == ()


@pytest.mark.django_db
class TestTrainClassifier:
    def test_reports_what_it_learned(self, trained):
        assert (trained.model, trained.examples, trained.confirmed) == ("appeals@1", 6, 0)
        assert trained.figures.labels == 3
        assert knowledge.get_classifier("appeals").digest == trained.digest

    def test_same_material_is_not_learned_twice(self, trained):
        again = knowledge.train_classifier("appeals", EXAMPLES, HINTS, NOW + timedelta(days=1))
        assert (again.version, again.fresh) == (1, False)

    def test_same_material_gives_the_same_model(self, trained):
        first = bytes(Classifier.objects.get().weights)
        Classifier.objects.all().delete()
        knowledge.train_classifier("appeals", EXAMPLES, HINTS, NOW)
        assert bytes(Classifier.objects.get().weights) == first

    def test_new_material_makes_the_next_version_and_keeps_the_history(self, trained):
        confirm(1)
        newer = knowledge.train_classifier("appeals", EXAMPLES, HINTS, NOW)
        assert (newer.version, newer.confirmed) == (2, 1)
        assert [one.version for one in knowledge.list_classifiers("appeals")] == [2, 1]
        assert bytes(Classifier.objects.get(version=1).weights) == b""
        assert knowledge.classify("appeals", "路灯坏了").model == "appeals@2"

    def test_leaves_a_trace_in_the_ledger(self, trained):
        entry = list_entries(subject="classifier:appeals").entries[0].entry
        assert (entry.action, entry.rule) == ("knowledge.classifier_trained", "appeals@1")

    def test_ignores_confirmed_labels_that_the_app_no_longer_knows(self, trained):
        confirm(1, label="abolished.item")
        assert knowledge.train_classifier("appeals", EXAMPLES, HINTS, NOW).confirmed == 0


@pytest.mark.django_db
class TestConfirmExample:
    def test_keeps_the_text_without_personal_data(self):
        confirm(1, text="路灯坏了,请联系13800138000")
        assert ConfirmedExample.objects.get().text == "路灯坏了,请联系〔电话〕"

    def test_counts_a_case_once_with_its_latest_label(self):
        confirm(1, label="water.supply.outage")
        confirm(1, label="facilities.light.broken")
        assert [row.label for row in ConfirmedExample.objects.all()] == ["facilities.light.broken"]

    def test_an_empty_text_is_not_kept(self):
        confirm(1, text="  ")
        assert knowledge.count_confirmed("appeals") == 0

    def test_a_case_can_be_withdrawn(self):
        confirm(1)
        assert knowledge.withdraw_example("appeals", case_ref="case:1")
        assert not knowledge.withdraw_example("appeals", case_ref="case:1")
        assert knowledge.count_confirmed("appeals") == 0


@pytest.mark.django_db
class TestRetrainIfGrown:
    def test_waits_until_enough_was_confirmed(self, trained):
        confirm(1, at=NOW + timedelta(hours=1))
        assert knowledge.retrain_if_grown("appeals", NOW + timedelta(hours=2), 2) is None

    def test_learns_the_apps_examples_and_the_confirmed_ones(self, trained):
        for number in range(3):
            text = f"井盖丢了,第{number}次反映,井盖不见"
            confirm(number, text=text, label="water.supply.outage", at=NOW + timedelta(hours=1))
        newer = knowledge.retrain_if_grown("appeals", NOW + timedelta(hours=2), 3)
        assert (newer.version, newer.examples, newer.confirmed) == (2, 6, 3)
        assert knowledge.classify("appeals", "井盖不见了").candidates[0][0] == "water.supply.outage"
        assert knowledge.retrain_if_grown("appeals", NOW + timedelta(hours=3), 1) is None

    def test_does_nothing_without_a_classifier(self):
        confirm(1)
        assert knowledge.retrain_if_grown("appeals", NOW, 1) is None

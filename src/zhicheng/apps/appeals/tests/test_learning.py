import pytest

from zhicheng.apps.appeals.public import CLASSIFIER, train_from_pack
from zhicheng.apps.appeals.tests.town import NOISE, OUTAGE, REPLY, WATER, Lesson, do, later, replied, sent
from zhicheng.core.knowledge.public import classify, forget_classifiers, retrain_if_grown
from zhicheng.core.ledger.public import relay_outbox


@pytest.fixture(autouse=True)
def _own_lessons(town):
    forget_classifiers()
    yield
    forget_classifiers()


def hand_over() -> None:
    while relay_outbox(now=later(days=1), limit=500):
        pass


class TestLearnFromReply:
    def test_keeps_the_words_with_the_item_that_stood_and_no_personal_data(self):
        done = replied(text="东桥头工地打桩，我的电话13800138000")
        hand_over()
        lesson = Lesson.objects.get(case_ref=f"case:{done.case_id}")
        assert (lesson.classifier, lesson.label) == (CLASSIFIER, NOISE)
        assert "13800138000" not in lesson.text

    def test_believes_the_dispatcher_rather_than_the_machine(self):
        done = sent(text="东桥的水龙头没有声音了", confirmed_item="")
        if done.state == "received":
            do(done.case_id, "dispatch", "liu.yang", item=OUTAGE)
        do(done.case_id, "accept", "li.na")
        do(done.case_id, "reply", "li.na", **REPLY)
        hand_over()
        assert Lesson.objects.get(case_ref=f"case:{done.case_id}").label == OUTAGE

    def test_learns_nothing_before_there_is_a_reply(self):
        sent()
        hand_over()
        assert not Lesson.objects.exists()


class TestTraining:
    def test_does_nothing_when_all_is_learned(self):
        assert train_from_pack(later(days=1)).fresh is False

    def test_learns_again_when_enough_is_new(self):
        word = "呜哩哇啦机"
        before = classify(CLASSIFIER, f"桥边的{word}又来了").candidates
        for number in range(4):
            case = sent(text=f"桥边的{word}第{number}次响个不停", confirmed_item=OUTAGE)
            do(case.case_id, "accept", "li.na")
            do(case.case_id, "reply", "li.na", **REPLY)
        hand_over()
        assert retrain_if_grown(CLASSIFIER, later(days=1), 5) is None
        learned = retrain_if_grown(CLASSIFIER, later(days=1), 4)
        assert learned is not None
        assert learned.confirmed == 4
        after = classify(CLASSIFIER, f"桥边的{word}又来了").candidates
        assert after[0][0] == OUTAGE
        assert dict(after)[OUTAGE] > dict(before).get(OUTAGE, 0.0)


class TestSureness:
    def test_sends_a_clear_text_to_the_right_unit_without_a_person(self):
        done = sent(text="东桥头家里停水两天了，一点水都没有", confirmed_item="")
        assert (done.unit, done.state, done.item_label) == (WATER, "assigned", "停水")

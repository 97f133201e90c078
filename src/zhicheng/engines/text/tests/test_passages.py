from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.text.passages import LONGEST, cut_passages, sentences

OFFICIAL = st.lists(
    st.sampled_from(
        [
            "一、",
            "（二）",
            "第三条 ",
            "1.",
            "居住证",
            "可以网上办理",
            "。",
            "；",
            "\n",
            "？",
            "，",
            "有效期五年",
            "甲" * 90,
        ]
    ),
    max_size=80,
).map("".join)


def squeezed(text):
    return "".join(text.split())


class TestCutPassages:
    @given(OFFICIAL)
    def test_loses_nothing_and_adds_nothing(self, text):
        cut = cut_passages([((), text)])
        assert squeezed("".join(passage.text for passage in cut)) == squeezed(text)

    @given(OFFICIAL)
    def test_no_passage_is_too_long(self, text):
        assert all(0 < len(passage.text) <= LONGEST for passage in cut_passages([((), text)]))

    @given(OFFICIAL)
    def test_cutting_again_changes_nothing(self, text):
        once = cut_passages([(("总则",), text)])
        assert cut_passages([(passage.heading, passage.text) for passage in once]) == once

    def test_keeps_the_path_of_numbered_headings(self):
        first, second = "在本市居住。" * 40, "每人一千元。" * 40
        text = f"关于补贴的通知。一、补贴对象：{first}二、标准 （一）大学生：{second}（二）其他人：每人五百元。"
        headings = [passage.heading for passage in cut_passages([((), text)])]
        assert (headings[0], headings[1], headings[-1]) == ((), ("一、补贴对象",), ("二、标准", "（二）其他人"))


class TestSentences:
    def test_a_closing_quotation_mark_stays_with_its_sentence(self):
        assert sentences("他说：“可以。”然后办理。") == ["他说：“可以。”", "然后办理。"]

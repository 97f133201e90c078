from zhicheng.engines.commands.completing import complete
from zhicheng.engines.commands.parsing import read_command
from zhicheng.engines.commands.plain import brief
from zhicheng.engines.commands.tests.words import LEXICON, NOW
from zhicheng.engines.commands.values import Act
from zhicheng.engines.commands.wording import Wording, without


class TestReadCommand:
    def test_reads_a_slip_of_the_pen_by_its_sound_and_says_so(self):
        reading = read_command("福田区燥音投诉", LEXICON, NOW)
        assert brief(reading.command)["where"] == ["category under environment.noise", "process = appeal"]
        assert [(each.typed, each.read) for each in reading.corrections] == [("燥音", "噪音")]

    def test_suggests_known_words_for_unknown_ones(self):
        refusal = read_command("福田城管局长的工单", LEXICON, NOW).refusal
        assert refusal is not None
        assert refusal.code == "not_understood"


class TestComplete:
    def test_goes_on_from_the_last_characters(self):
        assert "福田区办公楼" in complete("福田区办公", LEXICON, 8)
        assert complete("㊣", LEXICON, 8) == ()


class TestWording:
    def test_says_every_part_and_can_leave_each_out(self):
        wording = Wording(LEXICON.vocabulary)
        command = read_command("订阅上周南山区噪音投诉最多的十个社区", LEXICON, NOW).command
        said = wording.sentence(command)
        for part in ("南山区", "2026年3月2日至2026年3月8日", "噪音", "按社区", "最多的10个", "结果变化时通知我"):
            assert part in said
        left = command
        for chip in wording.chips(command):
            if chip.part in ("where", "periods", "rank", "act"):
                left = without(left, chip.part, 0)
        assert brief(left) == {"find": "case", "in": ["南山区"], "get": "count", "by": ["community"]}
        assert left.act is Act.SHOW

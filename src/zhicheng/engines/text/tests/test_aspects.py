import numpy as np

from zhicheng.engines.text.aspects import COUNT, alike, aspects_of, profile

MATERIALS = "申请排污许可证要什么材料？", ["排污证交哪些东西", "办排污许可 资料"]
TIME = "申请排污许可证几天办好？", ["排污证多久能拿到", "排污许可 时限"]


class TestAlike:
    def test_tells_two_entries_about_one_matter_apart_by_the_side(self):
        titles, wordings = np.stack([profile(*MATERIALS), profile(*TIME)], axis=1)
        asked = [alike(aspects_of(text), titles, wordings) for text in ("办排污的证得准备哪些资料", "排污证几时下来")]
        assert asked[0][0, 0] > asked[0][1, 0]
        assert asked[1][1, 0] > asked[1][0, 0]
        assert asked[0][0, 1] > asked[0][1, 1]

    def test_a_question_without_a_side_fits_every_entry_alike(self):
        titles, wordings = np.stack([profile(*MATERIALS), profile(*TIME)], axis=1)
        found = alike(np.zeros(COUNT), titles, wordings)
        assert (found[0] == found[1]).all()


class TestProfile:
    def test_an_entry_without_other_wordings_has_its_title_alone(self):
        titles, wordings = profile("要带什么材料？", [])
        assert titles.sum() == 1
        assert not wordings.any()

    def test_understands_traditional_characters_and_cantonese(self):
        assert (aspects_of("要帶咩材料？") == aspects_of("要带什么材料？")).all()

from datetime import date

import pytest

from zhicheng.core.inference.errors import ModelFailed
from zhicheng.core.inference.public import get_embedder
from zhicheng.core.knowledge.gate import KnowledgeIndex, index
from zhicheng.core.knowledge.values import DocumentText, SearchQuery
from zhicheng.engines.text.questions import Sayings

DAY = date(2026, 6, 1)
EMBEDDER = get_embedder()


def faq(code, title, answer, *also, **fields):
    return DocumentText(f"faq:{code}", "faq", title, also, (((), answer),), **fields)


BIRTH = faq("birth", "孩子出生后怎么办理出生登记？", "父母一方有本市户籍的，凭出生医学证明办理出生登记。", "新生儿入户")
FUND = faq("fund", "租房可以提取公积金吗？", "没有自有住房并且租房的，可以按月提取住房公积金。")
PERMIT = faq("permit", "居住证多久能拿到？", "材料齐全的，十个工作日内制发居住证。", region="440304")
STAFF = faq("staff", "公司怎么给员工参保？", "用人单位应当自用工之日起三十日内办理参保。", audience=("company",))


def policy(year, first, last=None):
    text = f"企业增长奖励按{year}年标准发放，申报企业应当依法纳税。"
    return DocumentText(
        f"policy:growth@{year}",
        "policy",
        "企业增长奖励办法",
        (),
        ((("第一条",), text),),
        valid_from=first,
        valid_until=last,
    )


OLD, NEW = policy(2025, date(2025, 1, 1)), policy(2026, date(2026, 1, 1))


@pytest.fixture
def build(tmp_path):
    return lambda *documents: KnowledgeIndex.build(tmp_path, documents, embedder=EMBEDDER)


def found(searched, text, on=DAY, **fields):
    return [hit.document for hit in searched.search(SearchQuery(text, on, **fields))]


class TestSearchIndex:
    @pytest.mark.parametrize("text", ["宝宝落户要办什么登记", "孩子出生登記點樣辦理", "ＣＨＵ生登记", "新生儿入户"])
    def test_finds_however_it_is_typed(self, build, text):
        assert found(build(BIRTH, FUND, STAFF), text)[0] == BIRTH.code

    def test_spells_pinyin_with_the_words_of_its_documents(self, build):
        assert build(BIRTH, PERMIT).spell("juzhuzheng duojiu neng nadao") == "居住证多久能拿到"

    def test_spells_nothing_while_it_is_empty(self, tmp_path):
        assert KnowledgeIndex.open(tmp_path, embedder=EMBEDDER).spell("juzhuzheng") == "juzhuzheng"

    def test_understands_what_the_city_calls_things(self, build):
        searched = build(BIRTH, FUND, STAFF)
        hit = searched.search(SearchQuery("五险咋弄", DAY), Sayings({"五险": "员工参保", "咋弄": "怎么办理"}))[0]
        assert hit.document == STAFF.code

    @pytest.mark.parametrize(
        "text", ["", "   ", "？！…", "\ud800", "a" * 10_000, "居" * 10_000, "' OR 1=1 --", "(" * 300]
    )
    def test_answers_odd_questions_without_an_error(self, build, text):
        assert len(build(BIRTH, FUND).search(SearchQuery(text, DAY))) <= 2

    def test_says_how_sure_it_is(self, build):
        searched = build(BIRTH, FUND, STAFF)
        right = searched.search(SearchQuery("租房可以提取公积金吗", DAY))
        wrong = searched.search(SearchQuery("红烧肉怎么做才好吃", DAY))
        assert right[0].confidence > 0.8 > 0.3 > wrong[0].confidence
        assert right[0].on_topic > 0.8 > 0.3 > wrong[0].on_topic
        assert all(right[0].score >= hit.score for hit in right)

    def test_finds_by_words_when_the_embedder_fails(self, build, monkeypatch):
        searched = build(BIRTH, FUND)

        def fail(*_):
            raise ModelFailed(outcome="down")

        monkeypatch.setattr(get_embedder(), "embed", fail)
        assert found(searched, "提取公积金")[0] == FUND.code

    def test_shows_the_passage_that_fits(self, build):
        sections = ((("条件",), "缴存满三个月。" * 30), (("材料",), "需要身份证和租赁合同。" * 20))
        long = DocumentText("guide:fund", "guide", "租房提取", (), sections, source="办事指南")
        hit = build(long, BIRTH).search(SearchQuery("租房提取要身份证吗", DAY))[0]
        assert (hit.heading, hit.source) == (("材料",), "办事指南")

    def test_knows_its_own_city_from_others(self, build):
        local = [
            faq(f"local{n}", f"深圳{word}怎么办理？", f"在深圳凭身份证办理{word}。")
            for n, word in enumerate(("居住证", "入户", "社保卡"))
        ]
        searched = build(*local)
        here, there = (searched.search(SearchQuery(f"{city}居住证怎么办理", DAY))[0] for city in ("深圳", "北京"))
        assert here.on_topic > 0.8 > 0.1 > there.on_topic


class TestFilters:
    def test_an_expired_document_is_not_found(self, build):
        searched = build(policy(2025, date(2025, 1, 1), date(2025, 12, 31)), BIRTH)
        assert OLD.code in found(searched, "企业增长奖励", date(2025, 12, 31))
        assert OLD.code not in found(searched, "企业增长奖励", date(2026, 1, 1))

    def test_a_superseded_version_ends_when_the_next_one_begins(self, build):
        searched = build(OLD, NEW, BIRTH)
        current = [code for code in found(searched, "企业增长奖励") if code.startswith("policy")]
        before = [code for code in found(searched, "企业增长奖励", date(2025, 6, 1)) if code.startswith("policy")]
        assert (current, before) == ([NEW.code], [OLD.code])

    def test_a_document_of_a_district_answers_there_and_in_its_streets_only(self, build):
        searched = build(PERMIT, FUND)
        for region, expected in (
            ("440304", True),
            ("440304001", True),
            ("440305", False),
            ("440300", False),
            ("", True),
        ):
            assert (PERMIT.code in found(searched, "居住证多久能拿到", region=region)) is expected

    def test_a_document_for_companies_is_not_for_persons(self, build):
        searched = build(STAFF, FUND)
        assert STAFF.code not in found(searched, "员工参保", audience="person")
        assert STAFF.code in found(searched, "员工参保", audience="company")
        assert FUND.code in found(searched, "租房提取公积金", audience="company")

    def test_only_the_kinds_asked_for_are_found(self, build):
        assert found(build(NEW, BIRTH, FUND), "企业增长奖励", kinds=("faq",))[:1] != [NEW.code]
        assert set(found(build(NEW, BIRTH, FUND), "企业增长奖励", kinds=("policy",))) == {NEW.code}


class TestKeepingUp:
    def test_another_process_sees_changes_within_a_second(self, build, tmp_path, monkeypatch):
        monkeypatch.setattr(index, "_CHECK_EVERY_S", 0.0)
        mine = build(BIRTH)
        other = KnowledgeIndex.open(tmp_path, embedder=EMBEDDER)
        assert other.figures().documents == 1
        mine.update([FUND], [BIRTH.code], revision=2)
        assert found(other, "出生登记提取公积金") == [FUND.code]
        assert other.figures().revision == 2

    def test_a_changed_document_is_found_by_its_new_words_only(self, build):
        searched = build(BIRTH, FUND, STAFF)
        searched.update([faq("fund", "养老金怎么领？", "到达退休年龄后按月领取基本养老金。")])
        assert found(searched, "养老金怎么领")[0] == FUND.code
        assert searched.search(SearchQuery("养老金怎么领", DAY))[0].text.startswith("到达退休年龄")
        assert searched.figures().documents == 3

    def test_updating_gives_the_same_answers_as_building(self, build, tmp_path):
        grown = KnowledgeIndex.build(tmp_path / "grown", [BIRTH, STAFF], embedder=EMBEDDER)
        grown.update([FUND, PERMIT], [STAFF.code])
        whole = KnowledgeIndex.build(tmp_path / "whole", [BIRTH, FUND, PERMIT], embedder=EMBEDDER)
        for text in ("出生登记", "租房提取公积金", "居住证多久"):
            assert found(grown, text)[0] == found(whole, text)[0]

    @pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"format": 99}'])
    def test_a_spoilt_folder_is_like_none_and_can_be_built_again(self, build, tmp_path, spoilt):
        build(BIRTH)
        (tmp_path / "current.json").write_text(spoilt)
        opened = KnowledgeIndex.open(tmp_path, embedder=EMBEDDER)
        assert (opened.search(SearchQuery("出生登记", DAY)), opened.figures(), opened.basis()) == ([], None, None)
        opened.rebuild([BIRTH])
        assert found(opened, "出生登记") == [BIRTH.code]

    def test_missing_files_are_like_no_index(self, build, tmp_path):
        build(BIRTH)
        next(tmp_path.rglob("wordings.npz")).unlink()
        assert KnowledgeIndex.open(tmp_path, embedder=EMBEDDER).search(SearchQuery("出生登记", DAY)) == []

    def test_an_index_of_no_documents_finds_nothing(self, build):
        assert found(build(), "出生登记") == []

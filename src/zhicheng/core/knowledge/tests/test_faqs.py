from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from zhicheng.core.knowledge import public as knowledge
from zhicheng.core.knowledge.registry import known_references
from zhicheng.core.knowledge.sections import faqs, synonyms
from zhicheng.core.packs.public import PackSource

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
GOOD = """
- code: hukou.birth
  question: 孩子能在深圳上户口吗？
  asked: [宝宝落哪里]
  answer: 父母任何一方具有深圳户籍，就可以办理出生登记。
  services: [hukou.birth]
  department: police
  audience: [person]
  source: {title: 《出生登记》办事指南, clause: 申请条件}
  until: 2026-12-31
  illustrative: true
"""


def load(root, text):
    (root / "faqs").mkdir(exist_ok=True)
    (root / "faqs" / "police.yaml").write_text(text, encoding="utf-8")
    return faqs.load(root)


def check(root, text, functions=("police",), **sections):
    units = [SimpleNamespace(value=SimpleNamespace(function=function)) for function in functions]
    pack = PackSource(root, "town", "1.0.0", {"units": units, **sections})
    return [(fault.line, fault.code) for fault in faqs.check(load(root, text).value, pack)]


class TestLoadFaqs:
    def test_a_pack_without_them_has_none(self, tmp_path):
        assert faqs.load(tmp_path).value == []

    def test_reads_an_entry(self, tmp_path):
        loaded = load(tmp_path, GOOD)
        assert not loaded.faults
        document = faqs.document_of(loaded.value[0].value)
        assert (document.code, document.title, document.also) == (
            "faq:hukou.birth",
            "孩子能在深圳上户口吗？",
            ("宝宝落哪里",),
        )
        assert document.source == "《出生登记》办事指南 申请条件"
        assert document.refs == {"services": ("hukou.birth",), "department": ("police",)}

    @pytest.mark.parametrize(
        ("before", "after", "line", "code"),
        [
            ("  answer: 父母任何一方具有深圳户籍，就可以办理出生登记。\n", "", 2, "field.missing"),
            ("  department: police", "  departement: police", 2, "field.missing"),
            ("  illustrative: true", "  ilustrative: true", 11, "field.unknown"),
            ("code: hukou.birth\n", "code: Hukou\n", 2, "field.pattern"),
            ("until: 2026-12-31", "until: 2026-13-31", 10, "field.date"),
        ],
    )
    def test_names_the_line_of_what_is_wrong(self, tmp_path, before, after, line, code):
        assert before in GOOD
        found = load(tmp_path, GOOD.replace(before, after)).faults
        assert (line, code) in [(fault.line, fault.code) for fault in found]
        assert all(fault.hint for fault in found)


class TestCheckFaqs:
    def test_finds_nothing_wrong_with_a_good_entry(self, tmp_path):
        assert check(tmp_path, GOOD) == []

    def test_finds_codes_and_questions_written_twice(self, tmp_path):
        assert check(tmp_path, GOOD + GOOD.strip()) == [(12, "faqs.duplicate"), (13, "faqs.duplicate")]

    def test_finds_days_in_the_wrong_order(self, tmp_path):
        assert check(tmp_path, GOOD.replace("until:", "from: 2027-01-01\n  until:")) == [(11, "faqs.days")]

    def test_finds_a_department_that_is_no_unit(self, tmp_path):
        assert check(tmp_path, GOOD, functions=["water"]) == [(7, "faqs.unknown_department")]

    def test_asks_whoever_owns_the_services_whether_they_exist(self, tmp_path, monkeypatch):
        monkeypatch.setattr(known_references, "_entries", {"services": lambda _: frozenset({"hukou.other"})})
        assert check(tmp_path, GOOD) == [(6, "faqs.unknown_services")]


@pytest.mark.django_db
class TestInstallFaqs:
    def test_puts_entries_and_removes_those_that_left_the_pack(self, tmp_path):
        pack = PackSource(tmp_path, "town", "1.0.0", {})
        faqs.install(load(tmp_path, GOOD).value, pack, NOW)
        assert knowledge.get_document("faq:hukou.birth").valid_until.year == 2026
        faqs.install([], pack, NOW)
        assert knowledge.list_documents() == []


class TestSynonyms:
    def test_reads_sayings_and_refuses_one_with_two_meanings(self, tmp_path):
        (tmp_path / "assistant").mkdir()
        text = "- {means: 居民身份证, said: [身份証件, 身份卡]}\n- {means: 居住证, said: [居住卡, 身份卡]}\n"
        (tmp_path / "assistant" / "synonyms.yaml").write_text(text, encoding="utf-8")
        items = synonyms.load(tmp_path).value
        assert synonyms.read_synonyms(tmp_path)["居住卡"] == "居住证"
        found = list(synonyms.check(items, PackSource(tmp_path, "town", "1.0.0", {})))
        assert [(fault.line, fault.code) for fault in found] == [(2, "synonyms.duplicate")]

from datetime import UTC, date, datetime

import pytest

from zhicheng.core.knowledge import public as knowledge
from zhicheng.core.knowledge.models import Document, Passage
from zhicheng.core.knowledge.operations import indexing
from zhicheng.core.knowledge.values import DocumentText, PutFigures, SearchQuery
from zhicheng.core.ledger.public import list_entries

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
TODAY = date(2026, 1, 5)
BIRTH = DocumentText(
    code="faq:hukou.birth",
    kind="faq",
    title="父母只有一方是深户，孩子能在深圳上户口吗？",
    also=("宝宝落户跟谁都行吗",),
    sections=(((), "父母任何一方具有深圳户籍，新生儿就可以在深圳办理出生登记。出生登记不收费。"),),
    source="《出生登记》办事指南",
    refs={"services": ("hukou.birth_registration",)},
)
FUND = DocumentText(
    code="faq:fund.rent",
    kind="faq",
    title="租房可以提取公积金吗？",
    sections=((("提取条件",), "没有自有住房并且租房的，可以按月提取住房公积金。"),),
)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.HOME = tmp_path


def put(*documents, **options):
    return knowledge.put_documents("faqs", documents, now=NOW, **options)


def ask(text, **fields):
    return [hit.document for hit in knowledge.search(SearchQuery(text, TODAY, **fields))]


@pytest.mark.django_db
class TestPutDocuments:
    def test_writes_only_what_changed(self):
        assert put(BIRTH, FUND) == PutFigures(changed=2, removed=0, unchanged=0)
        assert put(BIRTH, FUND) == PutFigures(changed=0, removed=0, unchanged=2)
        renamed = DocumentText(FUND.code, "faq", "租房怎么提公积金？", sections=FUND.sections)
        assert put(BIRTH, renamed) == PutFigures(changed=1, removed=0, unchanged=1)
        assert knowledge.get_document(FUND.code).title == "租房怎么提公积金？"
        assert Passage.objects.count() == 2

    def test_removes_what_the_source_leaves_out(self):
        put(BIRTH, FUND)
        assert put(BIRTH).removed == 1
        assert knowledge.get_document(FUND.code) is None
        assert Document.objects.get(code=FUND.code).title == ""
        assert [one.code for one in knowledge.list_documents(source_code="faqs")] == [BIRTH.code]

    def test_adds_to_what_is_there_when_told_so(self):
        put(BIRTH)
        assert put(FUND, is_complete=False) == PutFigures(1, 0, 0)
        assert {one.code for one in knowledge.list_documents(kind="faq")} == {BIRTH.code, FUND.code}

    def test_leaves_the_documents_of_other_sources_alone(self):
        put(BIRTH)
        knowledge.put_documents("services", [FUND], now=NOW)
        put()
        assert [one.code for one in knowledge.list_documents()] == [FUND.code]

    def test_gives_back_what_was_put_in(self):
        put(BIRTH)
        assert knowledge.get_document(BIRTH.code) == BIRTH

    def test_records_counts_only(self):
        put(BIRTH)
        found = list_entries(subject="documents:faqs").entries
        assert [one.entry.data for one in found] == [{"changed": 1, "removed": 0, "revision": 1}]

    def test_a_removed_document_can_come_back(self):
        put(BIRTH)
        put()
        assert put(BIRTH).changed == 1
        assert knowledge.get_document(BIRTH.code) == BIRTH


@pytest.mark.django_db
class TestRefreshIndex:
    def test_follows_the_documents(self):
        assert knowledge.refresh_index(NOW) == 0
        put(BIRTH)
        assert knowledge.refresh_index(NOW) == 1
        assert knowledge.refresh_index(NOW) == 0
        assert ask("孩子上户口") == [BIRTH.code]
        put(BIRTH, FUND)
        assert knowledge.refresh_index(NOW) == 1
        assert ask("租房提取公积金")[0] == FUND.code
        put(BIRTH)
        assert knowledge.refresh_index(NOW) == 1
        assert FUND.code not in ask("租房提取公积金")

    def test_makes_the_index_anew_when_its_folder_was_deleted(self, tmp_path):
        put(BIRTH)
        knowledge.refresh_index(NOW)
        for path in sorted((tmp_path / "index").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        assert knowledge.refresh_index(NOW) == 1
        assert ask("孩子上户口") == [BIRTH.code]

    def test_makes_the_index_anew_for_another_database(self):
        put(BIRTH)
        knowledge.refresh_index(NOW)
        put()
        knowledge.refresh_index(NOW)
        Document.objects.all().delete()
        knowledge_base = knowledge.rebuild_index()
        assert knowledge_base.documents == 0
        assert knowledge.get_index_state().code == "empty"


@pytest.mark.django_db
class TestIsIndexToBeMade:
    def test_tells_a_whole_index_from_a_change(self, monkeypatch):
        assert not knowledge.is_index_to_be_made()  # there is nothing to find yet
        put(BIRTH)
        assert knowledge.is_index_to_be_made()
        knowledge.refresh_index(NOW)
        assert not knowledge.is_index_to_be_made()
        put(BIRTH, FUND)
        assert not knowledge.is_index_to_be_made()
        monkeypatch.setattr(indexing, "_MOST_AT_ONCE", 0)
        assert knowledge.is_index_to_be_made()


@pytest.mark.django_db
class TestSearch:
    def test_without_an_index_finds_nothing_and_says_so(self):
        assert ask("孩子上户口") == []
        assert knowledge.get_index_state().code == "missing"

    def test_shows_where_the_answer_is_from(self):
        put(BIRTH, FUND)
        figures = knowledge.rebuild_index()
        assert (figures.documents, figures.passages, figures.wordings) == (2, 2, 3)
        hit = knowledge.search(SearchQuery("宝宝落户跟谁", TODAY))[0]
        assert (hit.document, hit.matched, hit.source) == (BIRTH.code, "宝宝落户跟谁都行吗", "《出生登记》办事指南")
        assert hit.text.startswith("父母任何一方")
        assert hit.refs == {"services": ("hukou.birth_registration",)}
        assert 0 <= hit.confidence <= 1

"""What `bench assistant` asks, and what it fills the knowledge up with."""

from collections import Counter

from zhicheng.config import environment
from zhicheng.config.benches.assistant import _FOLLOW_UPS, conversations
from zhicheng.config.benches.stocking import Place, simulated_documents
from zhicheng.core.knowledge.values import DocumentText
from zhicheng.engines.text.passages import cut_passages

KNOWN = [
    DocumentText(
        "policy:rent@1", "policy", "房租补贴办法", sections=((("对象",), "租房的个人，按月申请，凭合同领取。"),)
    ),
    DocumentText("faq:card", "faq", "社保卡怎么补？", sections=(((), "在网上申请补办，五个工作日，不收工本费。"),)),
]
PLACES = [Place("440304", "福田区"), Place("440304001", "南园街道")]


class TestConversations:
    def test_ask_nothing_twice_but_follow_ups(self) -> None:
        said = Counter(text for talk in conversations(environment.pack_root()) for text in talk)
        assert {text for text, count in said.items() if count > 1} == set(_FOLLOW_UPS)
        assert len(said) > 3 * 1_800

    def test_are_the_same_every_time(self) -> None:
        first, again = (next(conversations(environment.pack_root())) for _ in range(2))
        assert first == again


class TestSimulatedDocuments:
    def test_have_exactly_as_many_passages_as_asked_for(self) -> None:
        made = list(simulated_documents(KNOWN, PLACES, 100))
        assert sum(len(cut_passages(document.sections)) for document in made) == 100
        assert len({document.code for document in made}) == len(made)

    def test_are_marked_and_the_same_every_time(self) -> None:
        first, again = (list(simulated_documents(KNOWN, PLACES, 30)) for _ in range(2))
        assert first == again
        assert all("模拟" in document.source for document in first)
        assert first[0].title == "福田区房租补贴办法实施细则"

    def test_say_only_what_was_said_in_new_combinations(self) -> None:
        said = "".join(text for document in KNOWN for _, text in document.sections)
        (_, text), *_ = next(simulated_documents(KNOWN, PLACES, 2)).sections[1:]
        clauses = [clause for sentence in text.split("。") for clause in sentence.split("，") if clause]
        assert clauses[:-1]
        assert all(clause in said for clause in clauses[:-1])

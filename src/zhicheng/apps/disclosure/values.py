"""Typed values that cross the door of disclosure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhicheng.core.cases.values import NewAttachment

# Who asks, as the yearly report counts them: a citizen, or a legal person or other organisation of five kinds.
APPLICANTS: Mapping[str, str] = {
    "person": "公民（自然人）",
    "company": "商业企业",
    "research": "科研机构",
    "charity": "社会公益组织",
    "law": "法律服务机构",
    "other": "其他组织",
}
SUPPLIES: Mapping[str, str] = {"electronic": "电子文件", "paper": "纸质", "inspect": "当场查阅、抄录"}
DELIVERIES: Mapping[str, str] = {
    "online": "在本网页查看下载",
    "email": "电子邮件",
    "post": "邮寄",
    "pickup": "自行领取",
}
OPINIONS: Mapping[str, str] = {"agree": "同意公开", "partly": "同意部分公开", "disagree": "不同意公开"}


@dataclass(frozen=True)
class DisclosureDraft:
    """A request as it was filled in. Whoever hands it over has verified `phone` (`phone_verified`) or is signed in.

    Without `unit`, the unit is found from the words; whoever gets it may pass it on before confirming.
    """

    title: str
    description: str
    applicant: str = "person"
    name: str = ""
    id_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    document_number: str = ""
    unit: str = ""
    supply: str = "electronic"
    delivery: str = "online"
    channel: str = "web"
    phone_verified: bool = False
    files: tuple[NewAttachment, ...] = ()


@dataclass(frozen=True)
class SubmittedDisclosure:
    """What the applicant is told. `follow_code` is theirs alone."""

    case_id: UUID
    number: str
    follow_code: str
    unit: str
    unit_name: str
    chosen: bool
    replayed: bool = False


@dataclass(frozen=True)
class FoundUnit:
    """A unit that may hold the information, and why."""

    code: str
    name: str
    why: str


@dataclass(frozen=True)
class DisclosureInfo:
    """What a request has beyond its case. `party` is the applicant as named in the request."""

    case_id: UUID
    title: str
    description: str
    document_number: str
    applicant: str
    party: UUID
    supply: str
    delivery: str
    unit_chosen: bool
    decision: str
    ground: str
    decided_at: datetime | None
    late: bool | None


@dataclass(frozen=True)
class Consultation:
    """Somebody to be asked for an opinion.

    A third party is known by name and telephone or address; another agency by `unit`. Nothing of the third party is
    told to the applicant, nothing of the applicant to the third party.
    """

    case_id: UUID
    subject: str
    unit: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    organisation: bool = False


@dataclass(frozen=True)
class Decision:
    """A type of answer that the regulation knows."""

    code: str
    label: str
    article: str
    report: str
    remedy: str
    ground: bool = False
    after_supplement: bool = False


@dataclass(frozen=True)
class Ground:
    """A reason for not disclosing."""

    code: str
    label: str
    article: str
    report: str


@dataclass(frozen=True)
class Remedy:
    """How an answer is contested."""

    text: str
    source: str


@dataclass(frozen=True)
class Terms:
    """The law of disclosure as the pack states it."""

    regulation: str
    decisions: Mapping[str, Decision]
    grounds: Mapping[str, Ground]
    remedies: Mapping[str, Remedy]
    report: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """A decision in the words of an answer: what, on which articles, how to contest."""

    label: str
    ground: str
    articles: Sequence[str]
    remedy: Remedy


@dataclass(frozen=True)
class ReportRow:
    """A line of the yearly report: counts by kind of applicant, in the order of APPLICANTS, and their sum."""

    code: str
    label: str
    counts: Sequence[int]

    @property
    def total(self) -> int:
        """Over all kinds of applicants."""
        return sum(self.counts)


@dataclass(frozen=True)
class YearReport:
    """The figures of a year: received, carried over, answered by type, still open, answered late."""

    year: int
    rows: Sequence[ReportRow]
    late: int
    answered: int

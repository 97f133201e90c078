"""Who may act for a company: named by the register, by the opening of the company, by its legal representative."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from zhicheng.core.parties.base import RegisteredCompany
from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import MembershipNotFound, NotPermitted
from zhicheng.core.parties.gate import check_fields
from zhicheng.core.parties.models import Membership, Party
from zhicheng.core.parties.operations.entries import record_act
from zhicheng.core.parties.operations.identities import record_proof
from zhicheng.core.parties.operations.people import amend_party, create_party, reveal
from zhicheng.core.parties.policy.identifiers import parse_uscc
from zhicheng.core.parties.policy.masking import mask_name, mask_phone
from zhicheng.core.parties.queries.memberships import memberships_in_force, phone_hash_of
from zhicheng.core.parties.queries.parties import open_fields
from zhicheng.core.parties.queries.proven import is_proven, proven
from zhicheng.core.parties.registry import company_registers
from zhicheng.core.parties.values import Actor, ActorKind, PersonalFields, system_actor
from zhicheng.core.parties.values.identities import IdentityClaim
from zhicheng.core.parties.values.members import AGENT, REPRESENTATIVE, SCOPES, NewAgent
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7

LONGEST = timedelta(days=731)
_REGISTER = system_actor("company_register")


def refresh_companies(*, actor: Actor, now: datetime) -> bool:
    """Ask the company register of which companies a proven resident is the legal representative; whether it answered.

    Companies that it no longer names them for, or that are no longer active, are theirs no more.
    """
    person = actor.person_id
    if actor.kind is not ActorKind.RESIDENT or person is None or not is_proven(person):
        return False
    myself = Actor(actor.kind, actor.account_id, person)
    fields = reveal(person, ("name", "id_number"), actor=myself, purpose="向企业登记库查询本人任职的企业", now=now)
    register = company_registers[getattr(settings, "COMPANY_REGISTER", "demo")]
    answer = register.companies_of(IdentityClaim(fields["name"], fields["id_number"]), now=now)
    if answer is None:
        return False
    with transaction.atomic():
        _lock(f"companies:{person}")
        named = {ensure_company(company, now=now) for company in answer if company.active}
        for company_id in named:
            _represent(company_id, person, "register", now)
        held = Membership.objects.filter(person_id=person, source="register", ended_at__isnull=True)
        for row in held.exclude(company_id__in=named):
            _end(row, "membership.ended", _REGISTER, now)
    return True


def ensure_company(company: RegisteredCompany, *, now: datetime) -> UUID:
    """The party of a registered company, made at the first time, under its present name."""
    uscc = parse_uscc(company.uscc)
    with transaction.atomic():
        _lock(f"company:{uscc}")
        digest = keyring().digest("id_number", uscc)
        columns = ("id", "name_sealed")
        row = Party.objects.filter(proven(), kind="organisation", id_number_hash=digest).values(*columns).first()
        if row is not None and open_fields(row, ("name",))["name"] == company.name:
            found: UUID = row["id"]
            return found
        fields = PersonalFields(name=company.name, id_number=uscc)
        if row is None:
            party = create_party(fields, now=now, kind="organisation")
        else:
            party = row["id"]
            amend_party(party, fields, actor=_REGISTER, now=now)
        record_proof(party, "company_register", "register", actor=_REGISTER, now=now)
    return party


def authorise_agent(agent: NewAgent, *, actor: Actor, now: datetime) -> UUID:
    """Let somebody act for the company that the actor represents; a later word for the same number replaces it.

    The answer is the same whether the number has an account or not.

    Raises:
        NotPermitted: the actor does not represent a company.
        FieldErrors: number, name, scopes or end are missing or cannot be right.
    """
    mandate = actor.mandate
    if mandate is None or mandate.role != REPRESENTATIVE:
        raise NotPermitted(act="授权经办人，请由法定代表人办理")
    fields = _checked(agent, now)
    phone_hash = keyring().digest("phone", fields["phone"])
    with transaction.atomic():
        _lock(f"agents:{mandate.company}")
        for row in Membership.objects.filter(
            company_id=mandate.company, role=AGENT, phone_hash=phone_hash, ended_at__isnull=True
        ):
            _end(row, "membership.replaced", actor, now)
        row = Membership.objects.create(
            id=uuid7(now),
            company_id=mandate.company,
            phone_hash=phone_hash,
            name_hash=keyring().digest("membership.name", fields["name"]),
            shown=f"{mask_name(fields['name'])} {mask_phone(fields['phone'])}",
            role=AGENT,
            scopes=sorted(agent.scopes),
            source="authorised",
            given_by_id=mandate.person,
            starts_at=now,
            ends_at=agent.ends_at,
        )
        data = {"membership": str(row.id), "scopes": row.scopes, "ends_at": row.ends_at}
        record_act(actor, "membership.given", f"party:{mandate.company}", now=now, **data)
    return row.id


def take_up_membership(membership_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Begin to act for a company. What was given to one's number becomes one's own, if it was given to one's name.

    Raises:
        MembershipNotFound: none in force that is one's own.
        NotPermitted: the resident is not proven, or somebody of another name was authorised.
    """
    person, account = actor.person_id, actor.account_id
    if person is None or account is None:
        raise MembershipNotFound()
    with transaction.atomic():
        rows = Membership.objects.select_for_update(of=("self",)).filter(id=membership_id, ended_at__isnull=True)
        row = rows.first() if memberships_in_force(now).filter(id=membership_id).exists() else None
        if row is None or (row.person_id or person) != person:
            raise MembershipNotFound()
        if row.person_id is None and bytes(row.phone_hash or b"") != phone_hash_of(account):
            raise MembershipNotFound()
        if not is_proven(person):
            raise NotPermitted(act="代表企业办事，请先实名认证")
        if row.person_id is None:
            _bind(row, person, actor, now)


def end_membership(membership_id: UUID, *, actor: Actor, now: datetime) -> None:
    """End an agent's membership: the company's representative revokes it, or the agent lays it down. At once.

    Raises:
        MembershipNotFound: none in force that the actor may end.
    """
    with transaction.atomic():
        rows = Membership.objects.select_for_update(of=("self",))
        row = rows.filter(id=membership_id, role=AGENT, ended_at__isnull=True).first()
        mandate = actor.mandate
        represents = mandate is not None and mandate.role == REPRESENTATIVE
        if row is None or not (
            (represents and mandate is not None and row.company_id == mandate.company)
            or (row.person_id is not None and row.person_id == actor.person_id)
        ):
            raise MembershipNotFound()
        _end(row, "membership.ended", actor, now)


def _checked(agent: NewAgent, now: datetime) -> dict[str, str]:
    faults: dict[str, list[str]] = {}
    if not agent.phone.strip():
        faults["phone"] = ["请填写经办人的手机号码。"]
    if not agent.name.strip():
        faults["name"] = ["请填写经办人的姓名。"]
    if not agent.scopes or agent.scopes - SCOPES.keys():
        faults["scopes"] = ["请选择可以办的事。"]
    if not now < agent.ends_at <= now + LONGEST:
        faults["ends"] = ["请选择今天以后、两年以内的日期。"]
    try:
        checked = check_fields(PersonalFields(name=agent.name, phone=agent.phone), kind="person", now=now)
    except FieldErrors as error:
        raise FieldErrors({**error.fields, **faults}) from None
    if faults:
        raise FieldErrors(faults)
    return checked


def _bind(row: Membership, person: UUID, actor: Actor, now: datetime) -> None:
    party = Party.objects.filter(id=person).values("id", "name_sealed").get()
    name = open_fields(party, ("name",))["name"]
    if bytes(row.name_hash or b"") != keyring().digest("membership.name", name):
        raise NotPermitted(act="代表这家企业：授权书上的姓名和您实名的姓名不一样，请联系企业核对")
    for other in Membership.objects.filter(
        company_id=row.company_id, person_id=person, role=AGENT, ended_at__isnull=True
    ):
        _end(other, "membership.replaced", actor, now)
    Membership.objects.filter(id=row.id).update(person_id=person)
    data = {"membership": str(row.id), "person": str(person)}
    record_act(actor, "membership.taken_up", f"party:{row.company_id}", now=now, **data)


def _represent(company: UUID, person: UUID, source: str, now: datetime) -> None:
    held = Membership.objects.filter(company_id=company, role=REPRESENTATIVE, ended_at__isnull=True)
    if held.filter(person_id=person).exists():
        return
    if source == "register":  # a company has one legal representative: the one whom the register names
        for row in held:
            _end(row, "membership.ended", _REGISTER, now)
    row = Membership.objects.create(
        id=uuid7(now),
        company_id=company,
        person_id=person,
        role=REPRESENTATIVE,
        scopes=sorted(SCOPES),
        source=source,
        starts_at=now,
    )
    data = {"membership": str(row.id), "person": str(person), "source": source}
    record_act(_REGISTER, "membership.given", f"party:{company}", now=now, **data)


def _end(row: Membership, action: str, actor: Actor, now: datetime) -> None:
    Membership.objects.filter(id=row.id).update(ended_at=now)
    record_act(actor, action, f"party:{row.company_id}", now=now, membership=str(row.id))


def _lock(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [text])

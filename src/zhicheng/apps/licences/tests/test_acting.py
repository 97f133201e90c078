"""What officials may do with licences, reminders, renewal, and re-sealing."""

from datetime import date, timedelta

import pytest

from zhicheng.apps.licences.errors import (
    LicenceActNotPermitted,
    LicenceNotFound,
    LicenceNotInForce,
    LicenceReasonMissing,
)
from zhicheng.apps.licences.operations.sealing import reseal_licences
from zhicheng.apps.licences.public import (
    get_my_licence,
    get_party_licence,
    get_unit_licence,
    held_licences,
    list_unit_licences,
    remind_expiring,
    renewal_of,
    resume_licence,
    reveal_licence,
    revoke_licence,
    rotate_issuer_key,
    suspend_licence,
)
from zhicheng.apps.licences.tests.town import (
    ID_NUMBER,
    NOW,
    RESIDENCE,
    SYSTEM,
    WATER,
    Entry,
    Notice,
    Row,
    hire,
    issue,
    resident,
)
from zhicheng.apps.licences.values import LicenceFilter, LicenceState
from zhicheng.core.ledger.public import relay_outbox
from zhicheng.core.parties.public import keyring

pytestmark = pytest.mark.usefixtures("town")
STALL = {"holder": "王小芳", "stall": "东桥市场 7 号", "goods": "水果"}


@pytest.fixture
def wang():
    return resident()


@pytest.fixture
def zhao():
    return hire("zhao.lei", "supervisor", "YX", "赵磊")


@pytest.fixture
def chen():
    """A handler of the town's works, who may read but not end."""
    return hire("chen.wei", "handler", "YX-WORKS", "陈伟")


class TestOfficial:
    def test_sees_the_unit_own_licences_masked(self, wang, chen):
        stall = issue(wang, "stall_licence", fields=STALL)
        issue(wang)
        page = list_unit_licences(chen, LicenceFilter(), now=NOW)
        assert [each.number for each in page.licences] == [stall.number]
        assert page.licences[0].holder == "王**"
        assert list_unit_licences(chen, LicenceFilter(type="residence_permit"), now=NOW).licences == ()
        assert list_unit_licences(chen, LicenceFilter(number=stall.number.lower()), now=NOW).licences == page.licences

    def test_of_another_unit_finds_nothing(self, wang, chen):
        permit = issue(wang)
        for read in (
            lambda: get_unit_licence(chen, permit.number, now=NOW),
            lambda: reveal_licence(permit.number, actor=chen, purpose="核对", now=NOW),
            lambda: revoke_licence(permit.number, actor=chen, reason="材料虚假", now=NOW),
        ):
            with pytest.raises(LicenceNotFound):
                read()

    def test_reads_all_of_it_for_a_purpose_that_is_recorded(self, wang, zhao):
        permit = issue(wang)
        shown = reveal_licence(permit.number, actor=zhao, purpose="核对续期材料", now=NOW)
        assert ID_NUMBER in {each.value for each in shown.fields}
        entry = Entry.objects.get(action="licence.revealed")
        assert (entry.actor, entry.reason) == (zhao.ref, "核对续期材料")

    def test_needs_a_purpose_and_the_permission(self, wang, zhao):
        permit = issue(wang)
        with pytest.raises(LicenceReasonMissing):
            reveal_licence(permit.number, actor=zhao, purpose=" ", now=NOW)
        with pytest.raises(LicenceNotFound):
            reveal_licence(permit.number, actor=hire("sun.jie", "leader", "YX"), purpose="看看", now=NOW)
        assert not Entry.objects.filter(action="licence.revealed").exists()

    def test_may_end_licences_only_with_that_permission(self, wang, chen):
        stall = issue(wang, "stall_licence", fields=STALL)
        with pytest.raises(LicenceActNotPermitted):
            revoke_licence(stall.number, actor=chen, reason="材料虚假", now=NOW)

    def test_may_not_use_a_resident_or_nobody(self, wang):
        permit = issue(wang)
        with pytest.raises(LicenceNotFound):
            revoke_licence(permit.number, actor=wang, reason="不要了", now=NOW)


class TestRevoke:
    def test_ends_it_tells_why_and_records_it(self, wang, zhao):
        permit = issue(wang)
        revoke_licence(permit.number, actor=zhao, reason="申请材料虚假", now=NOW)
        mine = get_my_licence(wang, permit.number, now=NOW)
        assert (mine.state, mine.reason) == (LicenceState.REVOKED, "申请材料虚假")
        told = Notice.objects.get(recipient=f"party:{wang.party_id}", channel="in_app")
        assert "已吊销" in told.title
        assert "申请材料虚假" in told.text
        assert Entry.objects.get(action="licence.revoked").reason == "申请材料虚假"

    def test_is_done_once(self, wang, zhao):
        permit = issue(wang)
        revoke_licence(permit.number, actor=zhao, reason="申请材料虚假", now=NOW)
        for act in (revoke_licence, suspend_licence, resume_licence):
            with pytest.raises(LicenceNotInForce):
                act(permit.number, actor=zhao, reason="再来一次", now=NOW)

    def test_needs_a_reason(self, wang, zhao):
        permit = issue(wang)
        with pytest.raises(LicenceReasonMissing):
            revoke_licence(permit.number, actor=zhao, reason="  ", now=NOW)


class TestSuspend:
    def test_lasts_until_it_is_resumed(self, wang, zhao):
        permit = issue(wang)
        suspend_licence(permit.number, actor=zhao, reason="正在核查", now=NOW)
        assert get_my_licence(wang, permit.number, now=NOW).state is LicenceState.SUSPENDED
        with pytest.raises(LicenceNotInForce):
            suspend_licence(permit.number, actor=zhao, reason="正在核查", now=NOW)
        resume_licence(permit.number, actor=zhao, reason="核查无误", now=NOW)
        assert get_my_licence(wang, permit.number, now=NOW).state is LicenceState.VALID
        with pytest.raises(LicenceNotInForce):
            resume_licence(permit.number, actor=zhao, reason="核查无误", now=NOW)


class TestReminders:
    def test_come_90_30_and_7_days_before_each_once(self, wang):
        permit = issue(wang)
        days = [day for day in range(366) if remind_expiring(NOW + timedelta(days=day))]
        assert [(permit.valid_until - (NOW + timedelta(days=day)).date()).days for day in days] == [90, 30, 7]
        assert Notice.objects.filter(channel="in_app").count() == 3
        assert Notice.objects.filter(channel="sms").count() == 3
        links = set(Notice.objects.filter(template="licence.expiring", channel="in_app").values_list("link", flat=True))
        assert links == {f"/my/licences/{permit.number}/renew/"}

    def test_missed_by_a_pause_are_one(self, wang):
        issue(wang)
        late = NOW + timedelta(days=360)
        assert remind_expiring(late) == 1
        assert remind_expiring(late) == 0
        assert "还剩 4 天" in Notice.objects.get(channel="in_app").title

    def test_do_not_come_for_what_ended_or_has_run_out(self, wang, zhao):
        old, gone = issue(wang), issue(wang)
        issue(wang, replaces=old.number, valid_until=date(2036, 1, 1))
        revoke_licence(gone.number, actor=zhao, reason="材料虚假", now=NOW)
        Notice.objects.all().delete()
        assert remind_expiring(NOW + timedelta(days=359)) == 0
        issue(wang)
        assert remind_expiring(NOW + timedelta(days=800)) == 1
        assert not Notice.objects.exists()


class TestIssuedMessage:
    def test_reaches_the_holder_once(self, wang):
        issue(wang)
        relay_outbox(now=NOW)
        relay_outbox(now=NOW)
        assert [told.title for told in Notice.objects.filter(template="licence.issued")] == ["居住证已签发"]


class TestRenewal:
    def test_begins_with_what_the_licence_says(self, wang):
        permit = issue(wang)
        renewal = renewal_of(wang, permit.number, now=NOW)
        assert (renewal.item, dict(renewal.old.values)) == ("residence_permit.renewal", RESIDENCE)
        assert permit.number in renewal.link

    def test_is_for_the_holder_of_what_can_be_renewed(self, wang):
        permit = issue(wang)
        lasting = issue(wang, "water_connection", fields=WATER)
        with pytest.raises(LicenceNotFound):
            renewal_of(resident("李强", "13800138001"), permit.number, now=NOW)
        with pytest.raises(LicenceNotInForce):
            renewal_of(wang, lasting.number, now=NOW)


class TestHeldLicences:
    def test_are_those_in_force(self, wang, zhao):
        good, gone = issue(wang), issue(wang)
        revoke_licence(gone.number, actor=zhao, reason="材料虚假", now=NOW)
        held = held_licences([wang.party_id], now=NOW, types=["residence_permit", "stall_licence"])
        assert [(each.number, dict(each.values)) for each in held] == [(good.number, RESIDENCE)]
        assert held_licences([wang.party_id], now=NOW, types=["stall_licence"]) == []
        assert held_licences([wang.party_id], now=NOW + timedelta(days=400)) == []


class TestMaterial:
    def test_is_shown_masked_to_who_works_on_the_application(self, wang):
        permit = issue(wang)
        assert get_party_licence([wang.party_id], permit.number, now=NOW).holder == "王**"
        with pytest.raises(LicenceNotFound):
            get_party_licence([resident("李强", "13800138001").party_id], permit.number, now=NOW)


class TestReseal:
    def test_brings_every_row_under_the_new_key(self, wang):
        permits = [issue(wang) for _ in range(3)]
        key = keyring().add_key()
        assert reseal_licences(key.id, 2) == 1
        assert reseal_licences(key.id, 2) == 0
        assert set(Row.objects.values_list("key_id", flat=True)) == {key.id}
        assert get_my_licence(wang, permits[0].number, now=NOW) == permits[0]


class TestRotateIssuerKey:
    def test_is_for_the_security_administrator(self, wang):
        with pytest.raises(LicenceActNotPermitted):
            rotate_issuer_key(actor=wang, now=NOW)
        qian = hire("qian.fang", "security_admin", "YX")
        key = rotate_issuer_key(actor=qian, now=NOW)
        assert Entry.objects.get(action="licence.key_rotated").subject == f"key:{key}"
        assert rotate_issuer_key(actor=SYSTEM, now=NOW) != key

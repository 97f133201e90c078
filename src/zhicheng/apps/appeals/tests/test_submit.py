import io
from datetime import date, timedelta

import pytest
from PIL import Image

from zhicheng.apps.appeals.errors import ItemUnknown
from zhicheng.apps.appeals.models import Appeal
from zhicheng.apps.appeals.operations.submit import MOST_PHOTOS
from zhicheng.apps.appeals.public import check_draft, get_appeal, submit_appeal
from zhicheng.apps.appeals.tests.town import (
    BURST,
    EAST,
    NOISE,
    NOW,
    SAID,
    TOWN,
    WATER,
    WEST,
    WORKS,
    Attachment,
    Case,
    Party,
    noise,
    person,
    resident,
    sent,
)
from zhicheng.core.cases.public import add_draft_attachment, check_file, get_case_by_secret
from zhicheng.core.ledger.errors import IdempotencyKeyReused
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.core.parties.public import get_masked_party
from zhicheng.core.parties.values import ANONYMOUS
from zhicheng.kit.errors import FieldErrors

pytestmark = pytest.mark.usefixtures("town")


def photo(name: str = "路灯.png"):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "orange").save(out, "PNG")
    return check_file(name, out.getvalue(), NOW)


def faults(*who, **fields) -> dict[str, list[str]]:
    with pytest.raises(FieldErrors) as caught:
        sent(*who, **fields)
    return caught.value.fields


class TestSubmitAppeal:
    def test_is_with_the_unit_in_charge_at_once(self):
        done = sent()
        assert (done.unit, done.unit_name, done.state) == (WORKS, "云溪镇城镇管理服务中心", "assigned")
        assert (done.item_label, done.due_at) == ("夜间施工噪音", NOW + timedelta(minutes=10))
        case = Case.objects.get(pk=done.case_id)
        assert (case.division, case.area) == ("990101001001", "990100/990101/990101001/990101001001")

    def test_follows_the_exception_of_an_area(self):
        assert sent(text="西岭小学旁边的工地半夜打桩", longitude=WEST[0], latitude=WEST[1]).unit == TOWN

    def test_waits_for_a_person_where_the_machine_is_not_sure(self):
        done = sent(text="我想反映一个问题，请你们来看看", confirmed_item="", longitude=None, latitude=None)
        assert (done.unit, done.state) == (TOWN, "received")

    def test_finds_the_place_in_the_words(self):
        done = sent(longitude=None, latitude=None, address="云溪东桥旁边")
        assert Case.objects.get(pk=done.case_id).division == "990101001001"

    def test_keeps_the_candidates_and_reasons_of_the_machine(self):
        info = get_appeal(sent(confirmed_item="").case_id)
        assert info.candidates[0].code == NOISE
        assert len(info.candidates) == 3
        assert info.model
        assert info.reasons

    def test_knows_a_named_callers_telephone_only_masked(self):
        done = sent(person("zhou.mei"), channel="phone", name="李建国", phone="138 0013 8001")
        case = Case.objects.get(pk=done.case_id)
        party = get_masked_party(case.requester_id)
        assert (party.name, party.phone) == ("李**", "138****8001")
        assert case.creator_id == person("zhou.mei").account_id

    def test_belongs_to_whoever_is_signed_in(self):
        wang = resident()
        assert Case.objects.get(pk=sent(wang).case_id).requester_id == wang.party_id

    def test_belongs_to_nobody_when_anonymous_even_if_signed_in(self):
        before = Party.objects.count()
        wang = resident()
        done = sent(wang, anonymous=True, name="王芳", phone="13800138000")
        assert Case.objects.get(pk=done.case_id).requester_id is None
        assert Party.objects.count() == before + 1
        assert get_appeal(done.case_id).anonymous

    def test_is_followed_by_number_and_code(self):
        done = sent()
        assert get_case_by_secret(done.number, done.follow_code).row.id == done.case_id

    def test_carries_photos_and_earlier_uploads_of_the_same_person(self):
        zhou, chen = person("zhou.mei"), person("chen.wei")
        mine, other = photo("井盖.png"), photo("别人.png")
        add_draft_attachment(mine, actor=zhou, now=NOW)
        add_draft_attachment(other, actor=chen, now=NOW)
        assert "请重新选择" in faults(zhou, photos=[photo()], uploads=[mine.id, other.id])["attachments"][0]
        assert not Case.objects.exists()
        done = sent(zhou, photos=[photo()], uploads=[mine.id])
        bound = Attachment.objects.filter(case_id=done.case_id)
        assert set(bound.values_list("name", flat=True)) == {"路灯.png", "井盖.png"}
        assert all(bound.values_list("public", flat=True))

    def test_hurries_when_a_person_says_that_there_is_danger(self):
        done = sent(person("zhou.mei"), urgent=True)
        case = Case.objects.get(pk=done.case_id)
        assert (case.urgent, case.facts["limit"]["hours"]) == (True, 24)
        assert get_appeal(done.case_id).reasons[-1] == "工作人员标为紧急"

    def test_hurries_with_an_urgent_item(self):
        done = sent(text=SAID[BURST], confirmed_item=BURST)
        assert (done.unit, Case.objects.get(pk=done.case_id).urgent) == (WATER, True)

    def test_refuses_a_confirmed_item_that_does_not_exist(self):
        with pytest.raises(ItemUnknown):
            sent(confirmed_item="no.such.item")

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("工地太吵！请你们管一管。谢谢", "工地太吵"),
            ("东桥的路灯不亮？晚上很黑", "东桥的路灯不亮"),
            ("工地噪音；请管管", "工地噪音"),
            ("工地吵，我的电话是13800138000", "工地吵，我的电话是〔电话〕"),
        ],
    )
    def test_is_titled_by_its_first_sentence_without_personal_data(self, text, title):
        assert Case.objects.get(pk=sent(text=text).case_id).title == title


class TestSameKeyTwice:
    def key(self, body: str = "a"):
        return idempotency_key("appeals:test", "once-1234", {"text": body})

    def test_gives_the_first_receipt_again(self):
        first, again = sent(key=self.key()), sent(key=self.key())
        assert (again.number, again.follow_code, again.replayed) == (first.number, first.follow_code, True)
        assert Appeal.objects.count() == 1

    def test_is_refused_with_another_body(self):
        sent(key=self.key())
        with pytest.raises(IdempotencyKeyReused):
            sent(key=self.key("b"))
        assert Case.objects.count() == 1


class TestWrongFields:
    @pytest.mark.parametrize(
        ("fields", "field", "words"),
        [
            ({"text": ""}, "text", "请写下您要反映的事情"),
            ({"text": "\u200b\ufeff  "}, "text", "请写下您要反映的事情"),
            ({"text": "\u3164\u2800" * 5}, "text", "请写下您要反映的事情"),
            ({"text": "吵死了"}, "text", "至少 5 个"),
            ({"text": "？？？？？？？"}, "text", "只有标点"),
            ({"text": "工地半夜还在打桩".encode().decode("latin-1")}, "text", "UTF-8"),
            ({"address": "福田区景田路".encode().decode("latin-1")}, "address", "UTF-8"),
            ({"text": "吵" * 3001}, "text", "有 3001 个字"),
            ({"address": "桥" * 201}, "address", "200 个字以内"),
            ({"occurred_date": date(2026, 3, 3)}, "occurred_date", "不能晚于今天"),
            ({"channel": "pigeon"}, "channel", "渠道只能是"),
            ({"latitude": None}, "place", "要一起填写"),
            ({"longitude": 25.05, "latitude": 110.07}, "place", "写反了"),
            ({"longitude": 114.17, "latitude": 22.30}, "place", ""),
            ({"longitude": float("nan")}, "place", ""),
            ({"phone": "12345"}, "phone", "电话"),
            ({"name": "王" * 61, "phone": "13800138000"}, "name", "最多 60 个字"),
        ],
    )
    def test_have_their_sentence_and_nothing_is_stored(self, fields, field, words):
        found = faults(**fields)
        assert list(found) == [field]
        assert words in found[field][0]
        assert Case.objects.count() == 0

    def test_are_all_told_at_once(self):
        found = faults(text="吵", address="桥" * 300, occurred_date=date(2027, 1, 1), phone="1", longitude=0.0)
        assert set(found) == {"text", "address", "occurred_date", "phone", "place"}

    def test_count_photos_and_uploads_together(self):
        files = [photo(f"{number}.png") for number in range(MOST_PHOTOS)]
        assert "最多 6 张" in faults(photos=files, uploads=[photo().id])["photos"][0]

    def test_today_in_china_is_not_the_future(self):
        late_evening = NOW.replace(hour=17)  # 01:00 of the next day in China
        assert check_draft(noise(occurred_date=date(2026, 3, 3)), actor=ANONYMOUS, now=late_evening)

    def test_keep_emoji_and_line_breaks(self):
        done = submit_appeal(noise(text="工地太吵了😡\r\n天天如此\u200b"), actor=ANONYMOUS, now=NOW)
        assert get_appeal(done.case_id).text == "工地太吵了😡\n天天如此"

    def test_do_not_look_at_the_telephone_of_somebody_anonymous(self):
        assert sent(anonymous=True, phone="12345", longitude=EAST[0]).number

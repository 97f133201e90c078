import io
import os
import stat
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.models import Attachment, HistoryRow
from zhicheng.core.cases.public import (
    add_draft_attachment,
    attachment_path,
    check_file,
    get_attachment,
    sweep_drafts,
)
from zhicheng.core.cases.tests.town import CHEN, GUO, LIU, NOW, do, key_for, later, opened, resident
from zhicheng.core.parties.values import ANONYMOUS
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.files import FileRefused

GPS, GPS_LATITUDE, MAKE, ORIENTATION = 0x8825, 2, 0x010F, 0x0112
SPOT = (22.0, 32.0, 31.5)


def photo(kind="JPEG", size=(64, 48), **options):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **options)
    return out.getvalue()


def located_photo(orientation=1):
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "LeakyCam of Wang Fang", orientation
    exif.get_ifd(GPS)[GPS_LATITUDE] = SPOT
    return photo(exif=exif)


def stored(name, content):
    file = check_file(name, content, NOW)
    return file, attachment_path(file.sha256).read_bytes()


class TestCheckFile:
    def test_stores_nothing_of_what_is_refused(self, settings, tmp_path):
        settings.FILES_ROOT = tmp_path
        with pytest.raises(FileRefused, match="请"):
            check_file("照片.jpg", "这不是照片".encode(), NOW)
        assert list(tmp_path.iterdir()) == []

    def test_strips_place_and_camera_from_a_photo(self):
        content = located_photo()
        assert dict(Image.open(io.BytesIO(content)).getexif().get_ifd(GPS)) == {GPS_LATITUDE: SPOT}
        _, kept = stored("路灯.jpg", content)
        assert not Image.open(io.BytesIO(kept)).getexif()
        assert b"LeakyCam" not in kept

    def test_turns_a_photo_upright_before_it_forgets_how_it_was_held(self):
        file, kept = stored("侧拍.jpg", located_photo(orientation=6))
        assert (file.width_px, file.height_px) == Image.open(io.BytesIO(kept)).size == (48, 64)

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP", "JPEG"])
    def test_takes_a_photo_by_its_content_whatever_its_name(self, kind):
        file, kept = stored("照片.jpg", photo(kind))
        assert (file.name, file.media_type) == ("照片.jpg", "image/jpeg")
        assert Image.open(io.BytesIO(kept)).format == "JPEG"

    def test_keeps_files_and_folders_closed_to_others(self):
        path = attachment_path(stored("证明.pdf", b"%PDF-1.7 closed %%EOF")[0].sha256)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert {stat.S_IMODE(folder.stat().st_mode) for folder in list(path.parents)[:3]} == {0o700}

    def test_makes_a_huge_photo_small(self):
        file, _ = stored("全景.png", photo("PNG", (6000, 1000)))
        assert (file.width_px, file.height_px) == (2560, 427)

    def test_takes_a_pdf_as_it_is(self):
        content = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
        file, kept = stored("证明.pdf", content)
        assert (file.media_type, kept) == ("application/pdf", content)


@pytest.mark.django_db
class TestDraftAttachments:
    def drafted(self, actor):
        return add_draft_attachment(check_file("凭证.png", photo("PNG"), NOW), actor=actor, now=NOW)

    def bound_to(self, draft):
        return Attachment.objects.get(pk=draft).case_id

    def test_are_bound_by_the_act_that_names_them(self, town):
        case, draft = opened(), self.drafted(CHEN)
        do(case.id, "note", given={"text": "见照片", "files": [str(draft)]})
        assert self.bound_to(draft) == case.id

    def refused(self, case, *files, now=NOW):
        with pytest.raises(FieldErrors) as raised:
            do(case.id, "note", given={"text": "见照片", "files": [str(file) for file in files]}, now=now)
        assert "请重新选择" in raised.value.fields["files"][0]
        assert HistoryRow.objects.filter(case_id=case.id, action="note").count() == 0

    def test_of_other_people_cannot_be_bound(self, town):
        draft = self.drafted(LIU)
        self.refused(opened(), self.drafted(CHEN), draft)
        assert self.bound_to(draft) is None

    def test_that_belong_to_a_case_cannot_be_moved_to_another(self, town):
        first, second, draft = opened(), opened(), self.drafted(CHEN)
        do(first.id, "note", given={"text": "见照片", "files": [str(draft)]})
        self.refused(second, draft)
        assert self.bound_to(draft) == first.id

    def test_are_too_old_to_be_bound_an_hour_before_they_may_be_swept(self, town):
        case, draft = opened(), self.drafted(CHEN)
        self.refused(case, draft, now=later(hours=23))
        do(case.id, "note", given={"text": "见照片", "files": [str(draft)]}, now=later(hours=22, minutes=59))
        assert self.bound_to(draft) == case.id

    @pytest.mark.django_db(transaction=True)
    def test_are_named_twice_by_the_same_request_and_bound_once(self, real_town):
        case, draft = opened(), self.drafted(CHEN)
        given = {"text": "见照片", "files": [str(draft)]}
        first = do(case.id, "note", given=given, key=key_for(given))
        again = do(case.id, "note", given=given, key=key_for(given))
        assert (first.replayed, again.replayed, self.bound_to(draft)) == (False, True, case.id)

    def test_show_themselves_to_their_owner_only(self, town):
        draft = self.drafted(CHEN)
        assert get_attachment(CHEN, draft)[0].name == "凭证.png"
        for other in (LIU, GUO, ANONYMOUS, None):
            with pytest.raises(CaseNotFound):
                get_attachment(other, draft)

    def test_once_bound_are_seen_with_their_case(self, town):
        fang = resident()
        case, draft = opened(requester=fang.party_id), self.drafted(CHEN)
        do(case.id, "note", given={"text": "内部照片", "files": [str(draft)]})
        assert get_attachment(GUO, draft)[0].id == draft
        for other in (fang, LIU, ANONYMOUS, None):  # the note is not public
            with pytest.raises(CaseNotFound):
                get_attachment(other, draft)
        with pytest.raises(CaseNotFound):
            get_attachment(None, draft, proof_case=case.id)

    def test_a_made_up_number_is_refused(self, town):
        self.refused(opened(), uuid4())
        assert not Attachment.objects.exists()


def age(path, **span):
    at = later(**span).timestamp()
    os.utime(path, (at, at))


def swept_all_day(now):
    """Hourly rounds, from an instant on: the whole folder is seen once."""
    return sum(sweep_drafts(now + timedelta(hours=hour)) for hour in range(24))


@pytest.mark.django_db
class TestSweepDrafts:
    def drafted(self, content=None):
        file = check_file("凭证.png", content or photo("PNG"), NOW)
        age(attachment_path(file.sha256))
        add_draft_attachment(file, actor=CHEN, now=NOW)
        return file

    def bind(self, file):
        do(opened().id, "note", given={"text": "见照片", "files": [str(file.id)]})

    def test_deletes_row_and_bytes_a_day_after_the_upload(self, town):
        file = self.drafted()
        assert sweep_drafts(later(days=1)) == 0
        assert attachment_path(file.sha256).exists()
        assert sweep_drafts(later(days=1, seconds=1)) == 1
        assert not Attachment.objects.exists()
        assert not attachment_path(file.sha256).exists()

    def test_keeps_what_was_attached_and_bytes_that_it_shares(self, town):
        kept, same = self.drafted(), self.drafted()
        self.bind(kept)
        assert (kept.sha256, swept_all_day(later(days=2))) == (same.sha256, 1)
        assert list(Attachment.objects.values_list("id", flat=True)) == [kept.id]
        assert attachment_path(kept.sha256).exists()

    def test_deletes_bytes_whose_row_a_killed_request_never_wrote(self, town):
        path = attachment_path(check_file("凭证.png", photo("PNG"), NOW).sha256)
        age(path)
        swept_all_day(later(days=2))
        assert not path.exists()

    def test_keeps_bytes_that_were_uploaded_again_meanwhile(self, town):
        file = self.drafted()
        Attachment.objects.all().delete()
        check_file("凭证.png", photo("PNG"), NOW)  # makes them new; its row comes in a moment
        swept_all_day(later(days=2))
        assert attachment_path(file.sha256).exists()

    @pytest.mark.parametrize("needed", [True, False])
    def test_puts_right_what_a_killed_round_left_behind(self, town, needed):
        file = self.drafted()
        path = attachment_path(file.sha256)
        if needed:
            self.bind(file)
        path.rename(path.with_name(f".{file.sha256}.swept"))
        half = path.with_name(f".{file.sha256}.0011")
        half.write_bytes(b"half")
        age(half)
        swept_all_day(later(days=2))
        assert [found.name for found in path.parent.iterdir()] == ([path.name] if needed else [])

    def test_killed_after_the_rows_leaves_nothing_for_ever(self, town, monkeypatch):
        file = self.drafted()
        monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sweep_drafts(later(days=2))
        monkeypatch.undo()
        assert not Attachment.objects.exists()
        swept_all_day(later(days=2))
        assert not attachment_path(file.sha256).exists()

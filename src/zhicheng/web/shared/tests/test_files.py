"""Files of a case, the base map, health: what every face shares."""

import io
from ipaddress import ip_network

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from zhicheng.apps.appeals.tests.town import REPLY, Attachment, browser, do, official, person, sent
from zhicheng.core.cases.public import add_draft_attachment, check_file

pytestmark = pytest.mark.usefixtures("monday")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "orange").save(out, "PNG")
    return out.getvalue()


def with_photo():
    """An anonymous appeal with a photo, in the browser that sent it."""
    client = browser()
    form = {
        "text": "东桥头的工地晚上还在打桩",
        "contact": "anonymous",
        "place": "云溪东桥",
        "idempotency_key": "photo-01",
        "photos": SimpleUploadedFile("工地.png", picture()),
    }
    client.post("/appeals/new/", form)
    return client, Attachment.objects.get()


def status(client, file) -> int:
    answer = client.get(f"/files/{file.id}/")
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to the end, as a browser does: the file is closed then
    return answer.status_code


class TestDownload:
    def test_gives_a_file_to_who_sent_it_and_who_works_on_it(self):
        client, file = with_photo()
        answer = client.get(f"/files/{file.id}/")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
        assert status(official("zhao.lei"), file) == 200

    def test_hides_it_from_everybody_else(self, client):
        _, file = with_photo()
        assert status(client, file) == status(official("li.na"), file) == 404
        assert client.get("/files/00000000-0000-0000-0000-000000000000/").status_code == 404

    def test_hides_evidence_of_another_case_from_a_follower(self):
        client, _ = with_photo()
        done, chen = sent(), person("chen.wei")
        file = check_file("现场.png", picture(), done.due_at)
        add_draft_attachment(file, actor=chen, now=done.due_at)
        do(done.case_id, "accept", "chen.wei")
        do(done.case_id, "reply", "chen.wei", evidence=[str(file.id)], **REPLY)
        assert (status(client, file), status(official("chen.wei"), file)) == (404, 200)


class TestOutlines:
    def test_are_kept_by_browsers_until_the_map_changes(self, client):
        first = client.get("/areas/district.geojson")
        assert first.json()["features"][0]["properties"]["code"] == "990101"
        assert client.get("/areas/district.geojson", headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert client.get("/areas/district.geojson", headers={"If-None-Match": '"old"'}).status_code == 200

    def test_of_fine_levels_need_an_area(self, client):
        assert client.get("/areas/community.geojson").status_code == 404
        assert len(client.get("/areas/community.geojson?within=990101001").json()["features"]) == 2

    def test_of_unknown_levels_and_areas_are_not_found(self, client):
        assert client.get("/areas/planet.geojson").status_code == 404
        assert client.get("/areas/street.geojson?within=123").status_code == 404


class TestHealth:
    def test_answers(self, client):
        assert (client.get("/healthz").content, client.get("/readyz").json()) == (b"ok\n", {"database": "ok"})

    def test_gives_figures_to_this_machine_or_with_the_token(self, client, settings):
        sent()
        body = client.get("/metrics").content.decode()
        assert "zhicheng_cases_open 1.0" in body
        assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403
        settings.METRICS_TOKEN = "prometheus-42"
        assert client.get("/metrics").status_code == 403
        shown = {"Authorization": "Bearer prometheus-42"}
        assert client.get("/metrics", headers=shown, REMOTE_ADDR="203.0.113.7").status_code == 200
        assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 403

    def test_tells_of_the_copy_of_the_lake_where_one_is_wanted(self, client, settings):
        assert "zhicheng_lake_copy" not in client.get("/metrics").content.decode()
        settings.LAKE_S3 = "s3://city-lake/sz"
        assert "zhicheng_lake_copy_seconds +Inf" in client.get("/metrics").content.decode()

    def test_gives_no_figures_to_whom_a_proxy_makes_look_local(self, client, settings):
        settings.SECURE = True
        assert client.get("/metrics").status_code == 403
        settings.TRUSTED_PROXIES = (ip_network("127.0.0.1"),)
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 403

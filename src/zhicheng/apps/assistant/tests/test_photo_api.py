"""POST …/photos: a photo of a material, sent into a conversation that fills in a form."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zhicheng.apps.assistant.tests.fixtures import stock_knowledge
from zhicheng.apps.assistant.tests.test_api import begun, post
from zhicheng.apps.services.tests.town import NOW, PHOTO, town_installed
from zhicheng.core.forms.public import list_documents, list_drafts, owner_of
from zhicheng.core.parties.values import ANONYMOUS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town(db: None, tmp_path: Path) -> Any:
    with town_installed(tmp_path):
        stock_knowledge()
        yield


def sent(client: Client, path: str, token: str, content: bytes = PHOTO, **fields: str) -> Any:
    file = SimpleUploadedFile("身份证.png", content, "image/png")
    return client.post(f"{path}/photos", {"file": file, **fields}, headers={"X-Conversation-Token": token})


def filling(client: Client) -> tuple[str, str]:
    """A conversation in which somebody without an account fills in a form."""
    path, token = begun(client)
    said = post(client, f"{path}/turns", {"text": "边聊边办：摊位经营许可"}, **{"X-Conversation-Token": token})
    assert said.json()["answer"]["outcome"] == "doing"
    return path, token


class TestAddPhoto:
    def test_keeps_it_for_the_material_that_is_missing(self, client: Client) -> None:
        path, token = filling(client)
        answer = sent(client, path, token)
        assert answer.status_code == 200
        assert "收到《居民身份证》" in "".join(answer.json()["answer"]["words"])
        (draft,) = list_drafts(owner_of(ANONYMOUS, f"header:{token}"), now=NOW)
        assert [one.material for one in list_documents(draft=draft.id)] == ["id_card"]

    def test_takes_no_other_file(self, client: Client) -> None:
        path, token = filling(client)
        answer = sent(client, path, token, b"not a photo", material="id_card")
        assert answer.status_code == 422
        assert answer.json()["code"] == "file.refused"

    def test_without_a_form_says_what_comes_first(self, client: Client) -> None:
        path, token = begun(client)
        answer = sent(client, path, token)
        assert answer.status_code == 422
        assert "现在没有在填申请表" in answer.json()["fields"]["photo"][0]

    def test_of_a_stranger_finds_no_conversation(self, client: Client) -> None:
        path, _ = filling(client)
        assert sent(client, path, "guessed").status_code == 404

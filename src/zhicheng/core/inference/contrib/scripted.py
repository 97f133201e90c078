"""A scripted model server that speaks the OpenAI protocol over HTTP: for tests, with the ways in which servers fail.

Modes: `ok`; `slow` (answers after `delay_s`); `down` (503); `refused` (401); `nonsense` (no JSON); `empty` (an answer
without text); `cut` (the connection ends in the middle of a stream); `garbled` (a stream whose middle is no JSON);
`trickle` (a stream that says a piece every `delay_s`); `long` (a stream that ends because the model may say no more).
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

Script = Callable[[Sequence[Mapping[str, str]]], str]
_DIMENSIONS = 32


class ScriptedModel:
    """A running server; `with ScriptedModel(script) as model:` gives its `url`. `requests` are the bodies it got."""

    def __init__(self, script: Script, *, mode: str = "ok", delay_s: float = 1.0) -> None:
        self.script = script
        self.mode = mode
        self.delay_s = delay_s
        self.requests: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"model": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The address to configure."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> "ScriptedModel":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    model: ClassVar[ScriptedModel]

    def do_POST(self) -> None:
        try:
            self._answer()
        except ConnectionError:  # whoever asked has gone
            self.close_connection = True

    def _answer(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.model.requests.append(body)
        if self.model.mode == "slow":
            time.sleep(self.model.delay_s)
        if self.model.mode in _FAILURES:
            self._send(*_FAILURES[self.model.mode])
        elif self.path.endswith("/embeddings"):
            self._send(200, json.dumps(_embeddings(body)))
        elif body.get("stream"):
            self._stream("" if self.model.mode == "empty" else self.model.script(body["messages"]))
        else:
            self._send(200, json.dumps(_completion(self.model, body)))

    def _send(self, status: int, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        mode = self.model.mode
        pieces = [text[start : start + 8] for start in range(0, len(text), 8)]
        for piece in pieces[: len(pieces) // 2] if mode in _HALVES else pieces:
            self._event({"choices": [{"index": 0, "delta": {"content": piece}}]})
            if mode == "trickle":
                time.sleep(self.model.delay_s)
        if mode == "cut":
            return
        if mode == "garbled":
            self.wfile.write(b"data: {\n\n")
        finish = "length" if mode == "long" else "stop"
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, value: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(value)}\n\n".encode())

    def log_message(self, *_: object) -> None:
        """Nothing: tests read their own output."""


_HALVES = frozenset({"cut", "garbled", "long"})
_FAILURES = {
    "down": (503, '{"error": {"message": "overloaded"}}'),
    "refused": (401, '{"error": {"message": "bad key"}}'),
    "nonsense": (200, "<html>hello</html>"),
}


def _completion(model: ScriptedModel, body: dict[str, Any]) -> dict[str, Any]:
    text = "" if model.mode == "empty" else model.script(body["messages"])
    asked = sum(len(message["content"]) for message in body["messages"])
    return {
        "id": "scripted",
        "object": "chat.completion",
        "model": body["model"],
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": asked, "completion_tokens": len(text), "total_tokens": asked + len(text)},
    }


def _embeddings(body: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {"object": "embedding", "index": place, "embedding": _vector(text)} for place, text in enumerate(body["input"])
    ]
    return {"object": "list", "model": body["model"], "data": rows}


def _vector(text: str) -> list[float]:
    """Each character votes for one dimension: alike texts have alike vectors."""
    vector = [0.01] * _DIMENSIONS
    for character in text:
        vector[hashlib.sha256(character.encode()).digest()[0] % _DIMENSIONS] += 1.0
    return vector

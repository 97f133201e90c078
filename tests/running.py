"""A complete city, started as a person would start it: `zhicheng up` with a home and a port of its own.

Used by the tests that need everything at once (crash, matrix, bad input, browser). Each `Visitor` comes from a
loopback address of its own, so that rate limits, which are on, count each of them alone.
"""

import contextlib
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import psycopg

from zhicheng.config.processes.postgres import EmbeddedPostgres
from zhicheng.simulator.officials import PASSWORD

RESIDENT, NEIGHBOUR = "13800138001", "13800138002"
_OWN = {"DATABASE_URL", "PORT", "ZHICHENG_LAKE_S3"}  # of the city that runs here already, if one does
_ADDRESSES = itertools.count(11)
_ALL_CODES = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "zhicheng.config.settings"
import django
django.setup()
from zhicheng.core.parties.public import present_totp
from zhicheng.kit.clock import now
print(json.dumps({login: present_totp(login, now=now()) for login in sys.argv[1:]}))
"""


class Visitor(httpx.Client):
    """A browser or program of one person: cookies, CSRF token, an address of its own."""

    def __init__(self, base_url: str, **options: Any) -> None:
        number = next(_ADDRESSES)
        transport = httpx.HTTPTransport(local_address=f"127.0.{number // 250}.{number % 250 + 1}", retries=2)
        super().__init__(base_url=base_url, transport=transport, timeout=60.0, trust_env=False, **options)

    def send_form(self, page: str, target: str = "", **fields: Any) -> httpx.Response:
        """Open a page, then send its form with the token that the page carries; `files` go with it."""
        files = fields.pop("files", None)
        seen = self.get(page)
        if seen.status_code >= 400:
            return seen
        return self.post(target or page, data={**fields, "csrfmiddlewaretoken": token_of(seen.text)}, files=files)


def token_of(html: str) -> str:
    """The CSRF token of a page; empty when it has no form."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    return found[1] if found else ""


def words_of(html: str) -> str:
    """What a page says, without its marks: for messages of failed tests and for looking for words."""
    main = html.partition("<main")[2].partition("</main>")[0] or html
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))[:1500]


@dataclass
class City:
    """One city. `start` returns when it serves; `stop` leaves no process behind."""

    demo: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    home: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="zhicheng-city-", dir="/tmp")))
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    _visitors: list[Visitor] = field(default_factory=list)
    _officials: dict[str, Visitor] = field(default_factory=dict)
    _residents: dict[str, Visitor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home.chmod(0o755)  # PostgreSQL runs as another user when we are root
        self.port = self.port or _free_port()

    @property
    def url(self) -> str:
        """Its one address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the processes say."""
        return self.home / "up.log"

    def __enter__(self) -> Self:
        try:
            self.start()
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        if EmbeddedPostgres(self.home).folder.parent != self.home:
            shutil.rmtree(EmbeddedPostgres(self.home).folder.parent, ignore_errors=True)

    def start(self) -> None:
        """`zhicheng up`; returns at once."""
        command = [*_zhicheng(), "up", "--port", str(self.port), *(["--demo"] if self.demo else [])]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self._environment(), stdout=log, stderr=log, cwd="/")

    def wait_until_ready(self, timeout_s: float = 180.0) -> None:
        """Until /healthz and /readyz answer 200."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            assert self.process is None or self.process.poll() is None, f"zhicheng up ended:\n{self.log_tail()}"
            if self._answers("/healthz") and self._answers("/readyz"):
                return
            time.sleep(0.1)
        raise AssertionError(f"the city did not get ready in {timeout_s:.0f} s:\n{self.log_tail()}")

    def stop(self) -> None:
        """End it as Ctrl-C would; kill what does not listen."""
        self.see_visitors_off()
        if self.process is None or self.process.poll() is not None:
            return
        left = [*descendants(self.process.pid)]
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        for pid in left:
            kill(pid)

    def see_visitors_off(self) -> None:
        """Close every connection that was opened to it."""
        for visitor in self._visitors:
            visitor.close()

    def failed_duties(self) -> Counter[str]:
        """How often each duty of the worker has failed so far."""
        lines = (self.home / "log" / "worker.log").read_text(encoding="utf-8").splitlines()
        return Counter(json.loads(line)["duty"] for line in lines if '"event": "duty failed' in line)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """One `zhicheng` command in this city."""
        environment = {**self._environment(), "DATABASE_URL": self.database_url()}
        return subprocess.run(
            [*_zhicheng(), *arguments], env=environment, capture_output=True, text=True, check=False, cwd="/"
        )

    def database_url(self) -> str:
        """Where its data are; for looking at them afterwards."""
        password = (self.home / "secrets" / "postgres").read_text().strip()
        folder = EmbeddedPostgres(self.home).socket_folder
        return f"postgresql://zhicheng:{password}@/zhicheng?host={folder}"

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds in its database."""
        with psycopg.connect(self.database_url(), connect_timeout=5) as connection:
            return connection.execute(sql, values or None).fetchall()

    def visitor(self, **options: Any) -> Visitor:
        """Somebody new, signed out."""
        visitor = Visitor(self.url, **options)
        self._visitors.append(visitor)
        return visitor

    def service(self) -> Visitor:
        """The demo's outside system, with its API key."""
        key = (self.home / "demo" / "api-key").read_text().strip()
        return self.visitor(headers={"Authorization": f"Bearer {key}"})

    def resident(self, phone: str = RESIDENT) -> Visitor:
        """A resident, signed in with the code that came by SMS; once a run."""
        if phone not in self._residents:
            self._residents[phone] = self._sign_resident_in(phone)
        return self._residents[phone]

    def officials(self, *logins: str) -> dict[str, Visitor]:
        """Demo officials, each signed in with password and authenticator code; once a run."""
        missing = [login for login in logins if login not in self._officials]
        if missing:
            codes = self._codes(missing)
            for login in missing:
                self._officials[login] = self._sign_official_in(login, codes[login])
        return {login: self._officials[login] for login in logins}

    def official(self, login: str) -> Visitor:
        """One demo official."""
        return self.officials(login)[login]

    def messages_to(self, phone: str) -> list[str]:
        """The SMS texts that the embedded sender wrote for a telephone, oldest first."""
        path = self.home / "outbound" / "sms.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [message["text"] for message in map(json.loads, lines) if message["to"] == phone]

    def wait_for_message(self, phone: str, *words: str, timeout_s: float = 30.0) -> str:
        """The newest SMS to a telephone that holds these words and a link, once it has been sent."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            found = [text for text in self.messages_to(phone) if "/t/" in text and all(word in text for word in words)]
            if found:
                return found[-1]
            time.sleep(0.2)
        raise AssertionError(f"no SMS with {words} and a link in {timeout_s:.0f} s: {self.messages_to(phone)[-3:]}")

    def log_tail(self, characters: int = 3000) -> str:
        """The end of what was said, by `up` and by each process."""
        files = [self.log, *sorted((self.home / "log").glob("*.log"))]
        return "\n".join(f"— {path.name}\n{path.read_text(errors='replace')[-characters:]}" for path in files)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _OWN}
        own = {
            "ZHICHENG_HOME": str(self.home),
            "ZHICHENG_RATE_SIGNIN": "200",
            "ZHICHENG_RATE_SUBMIT": "300",
            "NO_COLOR": "1",
        }
        return {**kept, **own, **self.environment}

    def _answers(self, path: str) -> bool:
        try:
            return httpx.get(f"{self.url}{path}", timeout=5.0, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def _sign_resident_in(self, phone: str) -> Visitor:
        visitor, known = self.visitor(), len(self._codes_sent_to(phone))
        asked = visitor.send_form("/signin/", phone=phone)
        assert asked.status_code == 200, words_of(asked.text)
        if len(self._codes_sent_to(phone)) == known:  # asked again within a minute, by a run before this one
            time.sleep(61)
            asked = visitor.send_form("/signin/", phone=phone)
        codes = self._codes_sent_to(phone)
        form = {"phone": phone, "code": codes[-1], "csrfmiddlewaretoken": token_of(asked.text)}
        done = visitor.post("/signin/code/", data=form)
        assert done.status_code == 302, words_of(done.text)
        return visitor

    def _codes_sent_to(self, phone: str) -> list[str]:
        return re.findall(r"验证码是 (\d{6})", " ".join(self.messages_to(phone)))

    def _sign_official_in(self, login: str, code: str) -> Visitor:
        visitor = self.visitor()
        asked = visitor.send_form("/signin/official/", login=login, password=PASSWORD)
        assert asked.status_code == 302, f"{login}: {asked.status_code} {words_of(asked.text)}"
        done = visitor.send_form("/signin/totp/", code=code)
        assert done.status_code == 302, f"{login}: {done.status_code} {words_of(done.text)}"
        return visitor

    def _codes(self, logins: list[str]) -> dict[str, str]:
        environment = {**self._environment(), "DATABASE_URL": self.database_url()}
        done = subprocess.run(
            [sys.executable, "-c", _ALL_CODES, *logins], env=environment, capture_output=True, text=True, cwd="/"
        )
        assert done.returncode == 0, done.stderr
        codes: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
        return codes


def descendants(pid: int) -> list[int]:
    """All processes below one, nearest first."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                after_name = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended while we looked
                continue
            parents.setdefault(int(after_name[1]), []).append(int(folder.name))
    found = list(parents.get(pid, []))
    for child in found:
        found.extend(parents.get(child, []))
    return found


def kill(pid: int) -> None:
    """`kill -9`; nothing when it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _zhicheng() -> list[str]:
    script = Path(sys.executable).with_name("zhicheng")
    return [str(script)] if script.exists() else [sys.executable, "-m", "zhicheng"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

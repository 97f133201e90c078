"""Writes SMS as lines of `OUTBOUND_ROOT/sms.jsonl` and each e-mail as `OUTBOUND_ROOT/email/<id>.eml`.

For demonstrations, tests, and cities whose gateway fetches files. The files hold contacts: mode 0600.
"""

import fcntl
import os
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

from zhicheng.core.notices.errors import NotDelivered
from zhicheng.core.notices.values import Channel, OutboundMessage
from zhicheng.kit.sqltext import to_json


class FilesProvider:
    """Safe against several processes at once, and on disk before `send` returns."""

    def send(self, message: OutboundMessage) -> None:
        """Write one message.

        Raises:
            NotDelivered: the folder cannot be written, or the address is none.
        """
        root = Path(settings.OUTBOUND_ROOT)
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            if message.channel is Channel.SMS:
                _append(root / "sms.jsonl", _sms_line(message))
            else:
                _write_mail(root / "email", message)
        except OSError as error:
            raise NotDelivered(f"无法写入外发目录({error.strerror})") from error


def _sms_line(message: OutboundMessage) -> bytes:
    values = {"id": message.id, "at": message.at, "to": message.to, "text": message.text}
    return to_json(values).encode() + b"\n"


def _append(path: Path, line: bytes) -> None:
    """One write under a lock, so that lines never mix; a part of a line (full disk) is taken back."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        end = os.fstat(descriptor).st_size
        if os.write(descriptor, line) != len(line):
            os.ftruncate(descriptor, end)
            raise NotDelivered("外发目录空间不足")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_mail(folder: Path, message: OutboundMessage) -> None:
    folder.mkdir(exist_ok=True, mode=0o700)
    draft = folder / f".{message.id}.draft"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_mail(message))
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / f"{message.id}.eml")


def _mail(message: OutboundMessage) -> bytes:
    mail = EmailMessage()
    try:
        mail["To"] = message.to
    except ValueError:
        raise NotDelivered("电子邮箱地址无效", may_retry=False) from None
    mail["From"] = getattr(settings, "NOTICE_SENDER", "noreply@localhost")
    mail["Subject"] = message.title
    mail["Date"] = message.at
    mail["Message-ID"] = f"<{message.id}@zhicheng>"
    mail.set_content(message.text)
    return mail.as_bytes()

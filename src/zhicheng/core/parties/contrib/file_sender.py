"""The embedded code sender: a line in `sms.jsonl` under `settings.OUTBOUND_ROOT`, read by `zhicheng demo code`.

For laptops and demos only: the code stands there in clear, so `doctor` refuses this sender in production.
"""

import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from zhicheng.core.parties.errors import CodeNotSent


def send_to_file(to: str, text: str, *, now: datetime) -> None:
    """Append one message: at, to, text.

    Raises:
        CodeNotSent: the file cannot be written.
    """
    path = Path(settings.OUTBOUND_ROOT) / "sms.jsonl"
    line = json.dumps({"at": now.isoformat(), "to": to, "text": text}, ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(line.encode())  # one write: lines of several processes do not mix
    except OSError as error:
        raise CodeNotSent() from error

"""The demonstration's file of provable people: keyed hashes of name and ID number, so that it names nobody.

For demonstrations only: it says that two texts belong together, not that they belong to whoever typed them.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from zhicheng.core.parties.crypto import keyring


def write_demo_proofs(people: Iterable[tuple[str, str]]) -> None:
    """Write the file anew for these names and ID numbers, readable by us alone."""
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    content = {"note": "演示：模拟人口库的核验摘要", "proofs": sorted(_proof(*each) for each in people)}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def is_demo_proof(name: str, id_number: str) -> bool | None:
    """Whether the file has this pair; None where there is no file, or no readable one."""
    try:
        known = json.loads(_path().read_text(encoding="utf-8"))["proofs"]
    except (OSError, ValueError, KeyError):
        return None
    return _proof(name, id_number) in known


def _path() -> Path:
    return Path(settings.HOME) / "demo" / "identity-proofs.json"


def _proof(name: str, id_number: str) -> str:
    return keyring().digest("identity_proof", f"{id_number}\0{name}").hex()

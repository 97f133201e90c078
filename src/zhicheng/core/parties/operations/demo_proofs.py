"""The demonstration's files of provable people and of companies: keyed hashes in place of people's names and numbers.

For demonstrations only: they say that two texts belong together, not that they belong to whoever typed them.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from zhicheng.core.parties.base import RegisteredCompany
from zhicheng.core.parties.crypto import keyring


def write_demo_proofs(people: Iterable[tuple[str, str]]) -> None:
    """Write the file anew for these names and ID numbers, readable by us alone."""
    proofs = sorted(_proof(*each) for each in people)
    _write("identity-proofs.json", {"note": "演示：模拟人口库的核验摘要", "proofs": proofs})


def is_demo_proof(name: str, id_number: str) -> bool | None:
    """Whether the file has this pair; None where there is no file, or no readable one."""
    try:
        known = json.loads(_path("identity-proofs.json").read_text(encoding="utf-8"))["proofs"]
    except (OSError, ValueError, KeyError):
        return None
    return _proof(name, id_number) in known


def write_demo_companies(companies: Iterable[tuple[RegisteredCompany, str]]) -> None:
    """Write the register anew: companies, each with the ID number of its legal representative."""
    rows = [
        {"uscc": one.uscc, "name": one.name, "active": one.active, "representative": _number(number)}
        for one, number in companies
    ]
    _write("company-register.json", {"note": "演示：模拟企业登记库", "companies": rows})


def demo_companies_of(id_number: str) -> list[RegisteredCompany] | None:
    """The companies that a person represents; None where there is no register, or no readable one."""
    try:
        rows = json.loads(_path("company-register.json").read_text(encoding="utf-8"))["companies"]
        mine = [row for row in rows if row["representative"] == _number(id_number)]
        return [RegisteredCompany(row["uscc"], row["name"], bool(row["active"])) for row in mine]
    except (OSError, ValueError, KeyError):
        return None


def _write(name: str, content: object) -> None:
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _path(name: str) -> Path:
    return Path(settings.HOME) / "demo" / name


def _number(id_number: str) -> str:
    return keyring().digest("company_representative", id_number).hex()


def _proof(name: str, id_number: str) -> str:
    return keyring().digest("identity_proof", f"{id_number}\0{name}").hex()

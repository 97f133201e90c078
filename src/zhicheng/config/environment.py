"""What the operator may set, read from the environment. Builds nothing; docs/settings.md documents the list."""

import os
import secrets
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


def home() -> Path:
    """`ZHICHENG_HOME`: where state lives; `var/` in the folder of the call unless set."""
    return Path(os.environ.get("ZHICHENG_HOME", "var")).resolve()


def pack_root() -> Path:
    """`ZHICHENG_PACK`: the folder of the city pack; the Shenzhen pack unless set."""
    if chosen := os.environ.get("ZHICHENG_PACK"):
        return Path(chosen).resolve()
    in_clone = REPOSITORY / "packs" / "shenzhen"
    return in_clone if in_clone.is_dir() else Path(__file__).resolve().parents[1] / "_packs" / "shenzhen"


def flag(name: str, *, default: bool = False) -> bool:
    """A yes-or-no variable: 1, true, yes, on are yes."""
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def text(name: str, default: str = "") -> str:
    """A text variable."""
    return os.environ.get(name, default)


def integer(name: str, default: int) -> int:
    """A whole number.

    Raises:
        SystemExit: the variable is set to something else.
    """
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise SystemExit(f"{name} must be a whole number, not {value!r}") from None


def write_private(path: Path, content: str) -> None:
    """Make a file that only we can read, from its first byte on.

    Raises:
        FileExistsError: there is one, whose readers nobody knows.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)


def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks in CIDR form or single addresses, comma-separated.

    Raises:
        SystemExit: one of them is neither.
    """
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in text(name).split(",") if part.strip())
    except ValueError as error:
        raise SystemExit(f"{name} must be networks such as 10.0.0.0/8, comma-separated: {error}") from None


@lru_cache
def secret(name: str) -> str:
    """A secret of this installation, from `ZHICHENG_<NAME>` or from a file made at first use with mode 0600."""
    if given := os.environ.get(f"ZHICHENG_{name.upper()}"):
        return given
    folder = home() / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        draft = folder / f".{name}.{secrets.token_hex(8)}"
        write_private(draft, secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # atomic: of several processes starting at once, one wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()

"""Where the W3C's vectors of eddsa-jcs-2022 lie on machines that have them; they are not part of this repository."""

from pathlib import Path

VECTORS = Path(__file__).resolve().parents[6] / "shared" / "data" / "vectors" / "eddsa-jcs-2022"


def text_of(name: str) -> str:
    return (VECTORS / name).read_text().strip()

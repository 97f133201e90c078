"""Keys of people and companies: the keyed hash that parties make, so that no number is in the lake."""

from datetime import date

from zhicheng.core.lake.queries.facts import entity_key
from zhicheng.core.parties.public import keyring, parse_id_number, parse_uscc


def person_key(id_number: str, *, today: date) -> str:
    """The key of a person's rows. It equals `entity_key` of the hash that parties store for the same number.

    Raises:
        InvalidIdentifier: the number cannot be one.
    """
    return entity_key(keyring().digest("id_number", parse_id_number(id_number, today=today).number))


def company_key(uscc: str) -> str:
    """The key of a company's rows.

    Raises:
        InvalidIdentifier: the code cannot be one.
    """
    return entity_key(keyring().digest("id_number", parse_uscc(uscc)))

"""What a masked field may show. Anything not known to be safe shows nothing."""

import re
from collections.abc import Callable, Mapping


def mask_name(name: str) -> str:
    """The first character; the rest, two at most, as stars.

    >>> mask_name("张三"), mask_name("欧阳娜娜"), mask_name("王")
    ('张*', '欧**', '*')
    """
    return name[:1] + "*" * min(len(name) - 1, 2) if len(name) > 1 else "*" * len(name)


def mask_phone(phone: str) -> str:
    """The first three (or the area code) and the last four; of a short number the last two.

    >>> mask_phone("13812341234"), mask_phone("0755-88123456"), mask_phone("+85291234567")
    ('138****1234', '0755-****3456', '+852****4567')
    """
    if len(phone) < 10:
        return "*" * max(len(phone) - 2, 0) + (phone[-2:] if len(phone) > 4 else "*" * min(len(phone), 2))
    area = re.match(r"0[0-9]{2,3}-|\+[0-9]{3}", phone)
    shown = area[0] if area else phone[:3]
    return shown + "*" * (len(phone) - len(shown) - 4) + phone[-4:]


def mask_id_number(number: str) -> str:
    """The first three and the last four of an ID number or company code.

    >>> mask_id_number("440301199001011234")
    '440***********1234'
    """
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) >= 15 else "*" * len(number)


def mask_email(email: str) -> str:
    """The first character and the domain.

    >>> mask_email("li.na@example.com")
    'l***@example.com'
    """
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}***@{domain}" if at and len(name) > 1 else "***" + at + domain if at else "***"


def mask_address(address: str) -> str:
    """As far as the district, at most a third of the text.

    >>> mask_address("深圳市福田区福中路 1 号 2 栋 301")
    '深圳市福田区****'
    """
    district = address.find("区") + 1
    shown = min(district, len(address) // 3) if district else 0
    return address[:shown] + "****" if address else ""


MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "id_number": mask_id_number,
    "phone": mask_phone,
    "email": mask_email,
    "address": mask_address,
}

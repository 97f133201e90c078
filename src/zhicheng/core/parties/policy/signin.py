"""The numbers of signing in, and what a password must be."""

import re
from datetime import datetime, timedelta

CODE_LIFETIME = timedelta(minutes=5)
CODE_ATTEMPTS = 5
CODE_INTERVAL = timedelta(seconds=60)
CODES_A_DAY = 10

FAILURES_BEFORE_LOCK = 5
LOCK_TIME = timedelta(minutes=15)

ADDRESS_WINDOW = timedelta(minutes=15)
FAILURES_PER_ADDRESS = 50  # an office behind one address shares it
CODES_PER_ADDRESS = 60
PROOFS_PER_PERSON = 5  # attempts to prove an identity, of one account and of one ID number
PROOFS_PER_ADDRESS = 60
PROOFS_PER_OFFICER = 30  # proofs taken down at a window by one officer

PASSWORD_LENGTH = 10
_KINDS_OF_CHARACTERS = 3
_LOOK_ALIKES = str.maketrans("@0$13", "aosle")
# What remains of a password when digits and symbols are dropped: these words are guessed first.
_STEMS = {
    "a", "aa", "aaa", "abc", "abcd", "abcde", "admin", "administrator", "password", "passwd", "pass", "word",
    "welcome", "login", "test", "root", "user", "guest", "demo", "qwe", "qwer", "qwert", "qwerty", "asd",
    "asdf", "asdfg", "zxc", "zxcv", "zxcvbn", "qaz", "qazwsx", "woaini", "shenzhen", "sz", "szgov", "zhicheng",
    "zhengfu", "gov", "china", "zhongguo", "iloveyou", "letmein", "changeme", "huawei", "tencent", "beijing",
    "guangdong",
}  # fmt: skip


def seconds_until_next_code(last_sent_at: datetime | None, now: datetime) -> int:
    """How long a person must wait before another code is sent; 0 when not at all."""
    if last_sent_at is None:
        return 0
    left = (last_sent_at + CODE_INTERVAL - now).total_seconds()
    return max(0, -int(-left // 1))


def password_fault(password: str, *, login: str) -> str:
    """What is wrong with a new password, as a sentence; empty when it will do.

    Common passwords are refused by the operation that stores it, which has the list.

    >>> password_fault("Shenzhen", login="chen.wei")
    '密码至少 10 个字符。'
    >>> password_fault("Lychee-park-42", login="chen.wei")
    ''
    """
    if len(password) < PASSWORD_LENGTH:
        return f"密码至少 {PASSWORD_LENGTH} 个字符。"
    if login and login.lower() in password.lower():
        return "密码不能包含登录名。"
    kinds = (
        any(character.islower() for character in password),
        any(character.isupper() for character in password),
        any(character.isdigit() for character in password),
        any(not character.isalnum() for character in password),
    )
    if sum(kinds) < _KINDS_OF_CHARACTERS:
        return "密码要包含大写字母、小写字母、数字、符号中的至少三种。"
    if len(set(password)) < PASSWORD_LENGTH // 2:
        return "密码里重复的字符太多。"
    if _stem(password) in _STEMS or _stem(re.sub(r"[^A-Za-z]+$", "", password).translate(_LOOK_ALIKES)) in _STEMS:
        return "密码不能只是常见的词加数字或符号，请换一个。"
    return ""


def _stem(password: str) -> str:
    return "".join(character for character in password.lower() if character.isalpha())

"""`zhicheng demo`: what only a demonstration needs, such as the code that an authenticator app would show."""

import argparse
import json
import re
import sys
from pathlib import Path

from zhicheng.kit.clock import now


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `demo` command."""
    parser = commands.add_parser("demo", help="演示用的小工具")
    actions = parser.add_subparsers(required=True, metavar="动作")

    code = actions.add_parser("code", help="显示演示账号的动态口令，或手机号最近收到的验证码")
    code.add_argument("user", help="演示账号的登录名，或手机号")
    code.set_defaults(run=run_code, needs_django=True)


def run_code(options: argparse.Namespace) -> int:
    """Print the present TOTP of a demo official, or the last code sent to a telephone; 1 when there is none."""
    from zhicheng.core.parties.errors import AccountNotFound, InvalidIdentifier
    from zhicheng.core.parties.public import parse_mobile, present_totp

    try:
        phone = parse_mobile(options.user)
    except InvalidIdentifier:
        phone = ""
    try:
        code = last_sms_code(phone) if phone else present_totp(options.user, now=now())
    except AccountNotFound:
        print(f"没有演示账号“{options.user}”。演示账号由 zhicheng up --demo 建立。", file=sys.stderr)
        return 1
    if not code:
        print(f"没有发往 {phone} 的验证码。请先在登录页获取。", file=sys.stderr)
        return 1
    print(code)
    return 0


def last_sms_code(phone: str) -> str:
    """The newest code that the embedded sender wrote for a telephone; empty when there is none."""
    from django.conf import settings

    path = Path(settings.OUTBOUND_ROOT) / "sms.jsonl"
    if not path.exists():
        return ""
    for line in reversed(path.read_text(encoding="utf-8").splitlines()):
        message = json.loads(line)
        found = re.search(r"验证码是 ([0-9]{6})", message["text"]) if message["to"] == phone else None
        if found:
            return found[1]
    return ""

"""`zhicheng keys`: new keys for personal data and for licences."""

import argparse
import sys
import time

from zhicheng.kit.clock import now

SUITES = ("ed25519", "sm2")
_PATIENCE_S, _PAUSE_S = 30.0, 0.5
_BATCH = 500


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `keys` command."""
    actions = commands.add_parser("keys", help="轮换密钥").add_subparsers(required=True, metavar="动作")
    personal = actions.add_parser("rotate-personal", help="换个人信息密钥，并用新密钥重新加密已有的内容")
    personal.set_defaults(run=run_personal)
    licences = actions.add_parser("rotate-licences", help="换证照签发密钥；旧密钥只验不签")
    licences.add_argument("--suite", choices=SUITES, default=SUITES[0], help="签名算法")
    licences.set_defaults(run=run_licences)


def run_personal(_options: argparse.Namespace) -> int:
    """Start, and reseal here until nothing is left; rows that others hold are left to the worker after a while."""
    from zhicheng.core.parties.public import rotate_personal_keys, start_key_rotation
    from zhicheng.core.parties.values import system_actor

    key = start_key_rotation(actor=system_actor("cli"), now=now())
    print(f"个人信息的新密钥 {key} 已启用，正在重新加密已有的内容……")
    left, moved_s = rotate_personal_keys(now=now(), batch=_BATCH).remaining, time.monotonic()
    while left and time.monotonic() - moved_s < _PATIENCE_S:
        sys.stderr.write(f"还剩 {left} 条\n")
        before, left = left, rotate_personal_keys(now=now(), batch=_BATCH).remaining
        if left < before:
            moved_s = time.monotonic()
        else:
            time.sleep(_PAUSE_S)
    print(f"还有 {left} 条正被占用，由后台进程接着做。" if left else "全部重新加密完毕。")
    print("旧密钥十分钟后由后台进程收进 retired/，请与以前的备份一起保管。")
    return 0


def run_licences(options: argparse.Namespace) -> int:
    """Sign with a new key from now on."""
    from zhicheng.apps.licences.public import rotate_issuer_key
    from zhicheng.core.parties.values import system_actor

    key = rotate_issuer_key(actor=system_actor("cli"), now=now(), suite=options.suite)
    print(f"证照改用新密钥 {key} 签发；以前签发的照常验证。请备份密钥目录。")
    return 0

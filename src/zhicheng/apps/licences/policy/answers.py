"""What a verifier is told, in words that say what to do next."""

from collections.abc import Mapping

from zhicheng.apps.licences.values import Answer, Outcome

SENTENCES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.VALID: ("证照有效", "签名真实，证照在有效期内，没有被吊销或暂停。请核对持证人与证照内容是否一致。"),
    Outcome.PRINTED: (
        "证照有效（打印件）",
        "签名真实，证照在有效期内，没有被吊销或暂停。这是打印件上的二维码，可能是复印件，请核对持证人的身份证件。",
    ),
    Outcome.MALFORMED: ("不是本市证照", "没有读出证照内容。请让持有人重新打开证照二维码，对准后再扫一次。"),
    Outcome.TAMPERED: ("内容被改动", "签名与内容不符，这本证照被改动过，请勿采信。可请持有人当面登录本人账户出示。"),
    Outcome.UNKNOWN_ISSUER: ("签发机关不明", "这份证照不是本市签发的，或所用签发密钥已经作废，请勿采信。"),
    Outcome.REPLAYED: (
        "二维码已经用过",
        "这个二维码刚才已在此处核验过，可能是截图或翻拍。请让持有人当面刷新后再出示。",
    ),
    Outcome.CODE_EXPIRED: (
        "二维码已过时",
        "二维码只在出示后的 90 秒内有效，打印件为 30 天，这可能是截图。请让持有人当面刷新或重新打印后再出示。",
    ),
    Outcome.NOT_YET: ("尚未生效", "签名真实，但还没有到生效日期，现在不能使用。"),
    Outcome.EXPIRED: ("证照已过期", "签名真实，但证照已经过了有效期。请持有人办理续期后再使用。"),
    Outcome.SUSPENDED: ("证照暂停使用", "签名真实，但发证机关已暂停这本证照的使用，现在不能采信。"),
    Outcome.REVOKED: ("证照已吊销", "签名真实，但发证机关已吊销这本证照，不能再使用。"),
    Outcome.REPLACED: ("已换发新证", "签名真实，但这本证照已由一本新证照替换，不能再使用。请持有人出示新证照。"),
}


def answer(outcome: Outcome) -> Answer:
    """The answer of an outcome, without what the credential says."""
    title, text = SENTENCES[outcome]
    return Answer(outcome, title, text)

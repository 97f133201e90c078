"""What can go wrong in the ledger."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class IdempotencyKeyReused(ZhichengError):
    """One key came with two different bodies."""

    code = "ledger.idempotency_key_reused"
    kind = ErrorKind.UNPROCESSABLE
    message = "这个防重复提交标识已经用于另一份内容，请换一个新的标识再提交。"


class IdempotencyKeyMalformed(ZhichengError):
    """A key is empty, too long, or holds characters that a header cannot carry."""

    code = "ledger.idempotency_key_malformed"
    kind = ErrorKind.INVALID
    message = "防重复提交标识应为 1 至 200 个可见的英文字母、数字或符号。"


class NotCanonical(ZhichengError):
    """A value has no canonical form, or PostgreSQL could not store it: NaN, NUL, lone surrogates, naive instants."""

    code = "ledger.not_canonical"
    kind = ErrorKind.UNPROCESSABLE
    message = "内容含有无法存证的字符或数值({detail}),请修改后再提交。"


class NotInTransaction(ZhichengError):
    """A record or an idempotent operation was asked for outside a transaction: it would not be atomic."""

    code = "ledger.not_in_transaction"
    kind = ErrorKind.UNAVAILABLE
    message = "台账记录必须与业务写入在同一个事务中完成。"


class SigningKeyMissing(ZhichengError):
    """Checkpoints exist but the key that signed them does not."""

    code = "ledger.signing_key_missing"
    kind = ErrorKind.UNAVAILABLE
    message = "找不到台账签名密钥 {path}，请从密钥备份中恢复后再试。"

"""What can go wrong when rules are asked."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class RuleUnknown(ZhichengError):
    """The rulebook has no such rule."""

    code = "rules.unknown"
    kind = ErrorKind.NOT_FOUND
    message = "找不到规则「{rule}」。请检查规则代码，或城市包是否已停用它。"


class MixedEntities(ZhichengError):
    """A run is about one kind of entity."""

    code = "rules.mixed_entities"
    kind = ErrorKind.UNPROCESSABLE
    message = "规则「{rule}」不是关于{entity}的，不能放进同一次批量计算。"


class DraftRefused(ZhichengError):
    """The rules of a draft pack have faults."""

    code = "rules.draft_refused"
    kind = ErrorKind.UNPROCESSABLE
    message = "草案城市包的规则有 {count} 处问题，第一处在 {first}，请先改正。"

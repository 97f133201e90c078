"""Errors of telemetry."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class PathUnknown(ZhichengError):
    """An address or a filter names what SensorThings does not have there."""

    code = "telemetry.path_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "{entity} 没有 {name}，请检查地址或表达式。"


class EntityUnknown(ZhichengError):
    """There is no such entity, or it is not for the asker."""

    code = "telemetry.entity_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到 {name}，请检查编号。"


class FilterUnreadable(ZhichengError):
    """A filter, an order or a list of names cannot be read."""

    code = "telemetry.filter_unreadable"
    message = "查询条件读不懂：{problem}（第 {at} 个字符附近）。请检查后再试。"


class OptionRefused(ZhichengError):
    """A query option that is not known, or has a value that cannot be."""

    code = "telemetry.option_refused"
    message = "查询选项 {name} 不对：{problem}。请检查后再试。"


class QueryTooWide(ZhichengError):
    """A query that would read too much."""

    code = "telemetry.query_too_wide"
    message = "查询的范围太大：{problem}。请先缩小范围。"


class DocumentRefused(ZhichengError):
    """A document that does not describe an entity."""

    code = "telemetry.document_refused"
    message = "内容不对：{problem}。请改正后再提交。"


class EntityTaken(ZhichengError):
    """Another thing has this device key, or this stream code; or others still need what shall be deleted."""

    code = "telemetry.entity_taken"
    kind = ErrorKind.CONFLICT
    message = "{problem}，请先处理后再试。"


class MethodNotAllowed(ZhichengError):
    """The address does not take this."""

    code = "telemetry.method_not_allowed"
    message = "这个地址不支持 {method}，请检查地址。"


class SensingForbidden(ZhichengError):
    """The asker may not write here."""

    code = "telemetry.forbidden"
    kind = ErrorKind.FORBIDDEN
    message = "没有权限{act}。请使用有权限的账号或接口密钥。"


class SensingUnauthenticated(ZhichengError):
    """Whoever is not known may not do this."""

    code = "telemetry.unauthenticated"
    kind = ErrorKind.UNAUTHENTICATED
    message = "请先登录，或出示接口密钥。"


class StorageFull(ZhichengError):
    """The disk does not take more readings; those acknowledged before are safe, this batch was not kept."""

    code = "telemetry.storage_full"
    kind = ErrorKind.FULL
    message = "存储空间不足，这批数据没有保存，请稍后重发；此前已确认的数据不受影响。请通知管理员清理或扩充磁盘。"
    retryable = True


class BrokerAway(ZhichengError):
    """The message broker does not answer; devices send again."""

    code = "telemetry.broker_away"
    kind = ErrorKind.UNAVAILABLE
    message = "设备消息服务暂时没有响应，正在恢复。设备会自动重发，已确认的数据不会丢失。"
    retryable = True


class BulkUnreadable(ZhichengError):
    """A body of many readings that has another form than it should."""

    code = "telemetry.bulk_unreadable"
    kind = ErrorKind.UNPROCESSABLE
    message = "批量数据的格式不对：{problem}。请按接口说明改正后再发。"


class KeyReused(ZhichengError):
    """An idempotency key came again with another body."""

    code = "telemetry.key_reused"
    kind = ErrorKind.UNPROCESSABLE
    message = "这个幂等键已用于另一批数据。请为每一批数据使用新的键。"


class TooOften(ZhichengError):
    """Every reading of a request was dropped because its streams send far too often."""

    code = "telemetry.too_often"
    kind = ErrorKind.RATE_LIMITED
    message = "上报过于频繁，超过约定频率的 {times} 倍，这批数据没有保存。请降低频率后再发。"
    retryable = True


class DevicesForbidden(ZhichengError):
    """The actor may not manage devices."""

    code = "telemetry.devices_forbidden"
    kind = ErrorKind.FORBIDDEN
    message = "没有权限{act}，请联系设备管理员。"


class DeviceUnknown(ZhichengError):
    """There is no such device, or it is not for the asker."""

    code = "telemetry.device_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到设备 {key}，请检查编号。"


class DeviceRetired(ZhichengError):
    """The device is out of use; a new password would let it in again."""

    code = "telemetry.device_retired"
    kind = ErrorKind.CONFLICT
    message = "设备 {key} 已停用，不能更换密钥。请先重新登记。"


class CandidateSettled(ZhichengError):
    """Somebody has decided about this device already."""

    code = "telemetry.candidate_settled"
    kind = ErrorKind.CONFLICT
    message = "设备 {key} 已经有人处理过，请刷新页面。"


class DeviceFileUnreadable(ZhichengError):
    """A file with devices that is no CSV or XLSX with the columns that are needed."""

    code = "telemetry.device_file_unreadable"
    kind = ErrorKind.UNPROCESSABLE
    message = "文件读不出来：{problem}。请使用 CSV（UTF-8）或 XLSX，第一行写列名。"

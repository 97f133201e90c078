"""Errors of published services. `english` tells a program's author the same."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class ServiceNeedsSignIn(ZhichengError):
    """The layer is not for everybody, and nobody knows who asks."""

    code = "twin.service_needs_sign_in"
    kind = ErrorKind.UNAUTHENTICATED
    message = "图层“{layer}”不对外公开。请先登录，或在请求头 Authorization 里写明接口密钥。"


class ServiceRefused(ZhichengError):
    """The layer needs a permission that the caller does not have."""

    code = "twin.service_refused"
    kind = ErrorKind.FORBIDDEN
    message = "您没有查看图层“{layer}”的权限。需要的话，请向系统管理员申请。"


class ServiceUnknown(ZhichengError):
    """There is no such layer, or it was taken out of the pack."""

    code = "twin.service_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有名为“{layer}”的图层，请先查看图层清单。"


class ServiceEmpty(ZhichengError):
    """The layer is declared but holds nothing now, perhaps because it was deleted while it was served."""

    code = "twin.service_empty"
    kind = ErrorKind.NOT_FOUND
    message = "图层“{layer}”现在没有数据，请稍后再试。"


class PageGone(ZhichengError):
    """A page of a version that is not kept any more."""

    code = "twin.page_gone"
    kind = ErrorKind.GONE
    message = "图层“{layer}”的数据已经更新，原来的翻页失效了。请从第一页重新查询。"


class QuotaSpent(ZhichengError):
    """Too many calls in a minute or a day; `wait_s` says when the next may come."""

    code = "twin.quota_spent"
    kind = ErrorKind.RATE_LIMITED
    message = "{what}的调用次数已经用完，请 {wait_s} 秒后再试。"
    retryable = True


class QueryInvalid(ZhichengError):
    """A parameter of a request cannot be used."""

    code = "twin.query_invalid"
    kind = ErrorKind.INVALID
    message = "参数 {name} 有误：{why}请改正后再试。"

    def __init__(self, name: str, why: str, english: str) -> None:
        super().__init__(name=name, why=why, english=english)


class TileOutside(ZhichengError):
    """There is no such tile, or the layer is not drawn at that zoom."""

    code = "twin.tile_outside"
    kind = ErrorKind.NOT_FOUND
    message = "没有这一张瓦片：图层“{layer}”在第 {least} 到 {most} 级显示，请检查行列号。"


class NoTiles(ZhichengError):
    """The layer has no geometry, so it is not drawn."""

    code = "twin.no_tiles"
    kind = ErrorKind.NOT_FOUND
    message = "图层“{layer}”没有图形，不提供瓦片。请用要素查询。"


class QuotaInvalid(ZhichengError):
    """A quota cannot be like that."""

    code = "twin.quota_invalid"
    kind = ErrorKind.UNPROCESSABLE
    message = "配额应是 0 到 10 亿之间的整数，0 表示不限，请改正。"


class ServicesRefused(ZhichengError):
    """The actor does not look after services."""

    code = "twin.services_refused"
    kind = ErrorKind.FORBIDDEN
    message = "您没有管理地图服务的权限，请联系系统管理员。"

"""Errors of places. Each says in one sentence what is wrong with the position and what to do."""

from typing import ClassVar

from zhicheng.kit.errors import ErrorKind, ZhichengError


class InvalidCoordinates(ZhichengError):
    """Not two finite numbers in the range of the earth, or an unknown coordinate system."""

    code: ClassVar[str] = "places.invalid_coordinates"
    kind: ClassVar[ErrorKind] = ErrorKind.UNPROCESSABLE
    message: ClassVar[str] = "位置的经纬度不正确：{problem}。请在地图上重新选点，或改用文字写明地址。"


class CoordinatesSwapped(ZhichengError):
    """Longitude and latitude were exchanged."""

    code: ClassVar[str] = "places.coordinates_swapped"
    kind: ClassVar[ErrorKind] = ErrorKind.UNPROCESSABLE
    message: ClassVar[str] = (
        "经度和纬度好像写反了：收到的是经度 {longitude}、纬度 {latitude}。请先填经度（东西），再填纬度（南北）。"
    )


class PointOutsideCity(ZhichengError):
    """A good position, but not in this city. `data["place"]` says where: a region's name, 海上 or 其他."""

    code: ClassVar[str] = "places.outside_city"
    kind: ClassVar[ErrorKind] = ErrorKind.UNPROCESSABLE
    message: ClassVar[str] = "{where}，不在{city}范围内。请在地图上重新选点，或改用文字写明地址。"


class DivisionNotFound(ZhichengError):
    """No division has this code."""

    code: ClassVar[str] = "places.division_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
    message: ClassVar[str] = "没有代码为 {division} 的区划，请核对后再试。"


class PlacesNotInstalled(ZhichengError):
    """The installed pack has no divisions, or no pack is installed yet."""

    code: ClassVar[str] = "places.not_installed"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE
    message: ClassVar[str] = "系统还没有装入区划数据，请管理员先安装城市包。"
    retryable: ClassVar[bool] = True


class LayerUnknown(ZhichengError):
    """The installed pack declares no such layer."""

    code: ClassVar[str] = "places.layer_unknown"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
    message: ClassVar[str] = "没有代码为“{layer}”的图层。请用 zhicheng layer list 查看已安装城市包声明的图层。"


class LayerEmpty(ZhichengError):
    """A declared layer holds nothing yet, holds nothing any more, or its index was not built yet."""

    code: ClassVar[str] = "places.layer_empty"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
    message: ClassVar[str] = "图层“{layer}”现在没有数据。请先装入：zhicheng layer install。"


class FeatureUnknown(ZhichengError):
    """A layer has no object of that key."""

    code: ClassVar[str] = "places.feature_unknown"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
    message: ClassVar[str] = "图层“{layer}”里没有编号为“{key}”的对象。"


class LayerHasNoShapes(ZhichengError):
    """A question about geometry was put to a layer that has none."""

    code: ClassVar[str] = "places.layer_without_shapes"
    kind: ClassVar[ErrorKind] = ErrorKind.UNPROCESSABLE
    message: ClassVar[str] = "图层“{layer}”没有图形，不能按位置查询。"


class LayerRefused(ZhichengError):
    """A file as a whole cannot become a layer; nothing was written."""

    code: ClassVar[str] = "places.layer_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.UNPROCESSABLE
    message: ClassVar[str] = "{name} 没有装入：{why}"


class ColumnUnknown(ZhichengError):
    """A layer has no such column, or one that cannot be used like that."""

    code: ClassVar[str] = "places.column_unknown"
    kind: ClassVar[ErrorKind] = ErrorKind.UNPROCESSABLE
    message: ClassVar[str] = "图层“{layer}”没有名为“{column}”的列，或者这一列不能这样用。"


class DiskFull(ZhichengError):
    """There is no room for the layer; what was there before is whole and served."""

    code: ClassVar[str] = "places.disk_full"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE
    message: ClassVar[str] = "磁盘空间不足，图层“{layer}”没有更新，原来的内容不受影响。请清理磁盘后重试。"
    retryable: ClassVar[bool] = True

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

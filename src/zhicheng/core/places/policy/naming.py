"""How residents shorten the names of divisions."""

_SUFFIXES = {
    "city": ("市",),
    "district": ("新区", "合作区", "区", "县", "市"),
    "street": ("街道办事处", "街道", "镇", "乡"),
    "community": ("社区居民委员会", "社区居委会", "社区", "村", "居委会"),
}


def short_name(name: str, level: str) -> str:
    """A name without the word for its level; the whole name where less than two characters would stay.

    >>> short_name("大鹏新区", "district"), short_name("桂园街道", "street"), short_name("老围社区", "community")
    ('大鹏', '桂园', '老围')
    """
    for suffix in _SUFFIXES.get(level, ()):
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name[: -len(suffix)]
    return name

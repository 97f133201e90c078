"""Numbers as people write them in Chinese, up to 99,999."""

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千", "万")


def numeral(number: int) -> str:
    """A positive number in words.

    >>> numeral(12), numeral(105), numeral(30)
    ('十二', '一百零五', '三十')
    """
    digits = str(number)
    words = ""
    for place, digit in enumerate(digits):
        if digit != "0":
            words += _DIGITS[int(digit)] + _PLACES[len(digits) - place - 1]
        elif not words.endswith("零"):
            words += "零"
    words = words.rstrip("零")
    return words.removeprefix("一") if words.startswith("一十") else words


def spelled(digits: str) -> str:
    """Digit by digit.

    >>> spelled("301")
    '三零一'
    """
    return "".join(_DIGITS[int(digit)] if digit.isdigit() else digit for digit in digits)

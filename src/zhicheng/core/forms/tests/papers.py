"""Papers drawn for tests: people and numbers are invented."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

_FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"),
)


def font(size: int) -> ImageFont.FreeTypeFont:
    path = next((path for path in _FONTS if path.exists()), None)
    if path is None:
        pytest.skip("no Chinese font: install fonts-noto-cjk")
    return ImageFont.truetype(str(path), size, index=2)


def draw(lines: Sequence[tuple[int, int, str]], size: tuple[int, int] = (1000, 640), tilt: float = 0) -> Image.Image:
    page = Image.new("RGB", size, (238, 242, 246))
    pen = ImageDraw.Draw(page)
    for x, y, text in lines:
        pen.text((x, y), text, font=font(34), fill=(25, 25, 35))
    if tilt:
        page = page.rotate(tilt, expand=True, fillcolor=(120, 120, 120)).filter(ImageFilter.GaussianBlur(0.8))
    return page


def jpeg(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=85)
    return out.getvalue()


def pdf(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "PDF", resolution=120)
    return out.getvalue()


def id_card(name: str, number: str, tilt: float = 0) -> Image.Image:
    lines = [
        (60, 60, f"姓名  {name}"),
        (60, 130, "性别  男    民族  汉"),
        (60, 200, f"出生  {number[6:10]} 年 {int(number[10:12])} 月 {int(number[12:14])} 日"),
        (60, 270, "住址  北京市朝阳区柳树街道榕荫路"),
        (160, 330, "18号院2单元301室"),
        (60, 500, f"公民身份号码  {number}"),
    ]
    return draw(lines, tilt=tilt)


def diploma(name: str) -> Image.Image:
    lines = [
        (300, 60, "普通高等学校毕业证书"),
        (60, 170, f"学生 {name} 性别 男，一九九〇年三月七日生，"),
        (60, 240, "于二〇〇八年九月至二〇一二年六月在本校计算机科学与技术专业"),
        (60, 310, "四年制本科学习，修完教学计划规定的全部课程，准予毕业。"),
        (60, 420, "校名：榕江大学"),
        (60, 490, "证书编号：105581201205001234"),
        (60, 560, "毕业日期：2012年6月30日"),
    ]
    return draw(lines, size=(1200, 660))

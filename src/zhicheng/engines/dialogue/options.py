"""Which of several options an answer means: by its name, another word for it, its number, its sound, or nearly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from zhicheng.engines.dialogue.plain_words import in_plain_words
from zhicheng.engines.text.numerals import read_number
from zhicheng.engines.text.sounds import syllables

_SAME_TEXT = """
丧葬补助金和抚恤金: 丧葬费 抚恤金 丧葬补助 安葬费
视力: 眼睛 看不见 失明 盲
听力: 耳朵 聋 听不见
言语: 说话 哑 说不了话
肢体: 腿 脚 手 胳膊 腰 走路
智力: 智障 弱智
精神: 精神病 抑郁 精神分裂
法定名称章: 公章 单位公章 名称章
财务专用章: 财务章
合同专用章: 合同章
发票专用章: 发票章
法定代表人名章: 法人章 私章
男: 男孩 男的 男生 儿子 男宝 先生 带把 公子 仔
女: 女孩 女的 女生 女儿 女宝 女士 千金 闺女 囡
个人: 自己 本人 我个人 私人 自然人 个人名义 我
单位: 公司 企业 厂里 机构 店里 我们厂 公家 法人
母亲: 妈妈 妈 母 孩子妈 我是妈
父亲: 爸爸 爸 父 孩子爸 爹
随母: 跟妈 随妈 跟母 妈妈 妈妈这边 跟我老婆
随父: 跟爸 随爸 跟父 爸爸 爸爸这边
未婚: 单身 没结婚 还没结婚 没有结婚 没结 没对象
已婚: 结婚了 结了婚 结了 成家 有老公 有老婆 领证 结婚
离异: 离婚 离了 离过
丧偶: 老伴走了 过世 去世 守寡 老伴不在
租赁: 租的 租房 出租屋 租住 租来 租个
租用: 租的 租来 租赁 租了
租房: 租的 租赁 付房租 交房租
自有: 自己的 自己买 买的 自购 自家 产权 名下
单位宿舍: 宿舍 公司宿舍 厂里宿舍 员工宿舍
亲友住房: 亲戚 朋友 借住 亲友
邮寄: 寄 快递 邮 送到家 寄到 顺丰 ems
窗口领取: 自取 自己拿 窗口 自己领 上门拿 去拿 过去拿
派出所领取: 自取 自己拿 自己领 派出所 去拿 过去拿
银行网点: 网点 银行 自取 自己拿 柜台
本科: 大学 学士 大本 一本 二本
大专: 专科 高职
硕士: 研究生 研 硕
博士: 博
高中（中专）: 高中 中专 职高 中学
城镇户口: 城镇 城市 居民户口 非农
农村户口: 农村 农业 乡下 村里
集体户口: 集体
遗失: 丢了 丢失 掉了 弄丢 不见 找不到 被偷 没了 漏了
丢失: 丢了 掉了 弄丢 不见 找不到 被偷 遗失
损毁: 坏了 烂了 破了 损坏 断了
损坏: 坏了 烂了 破了 损毁 断了 磨损
证件损坏: 坏了 烂了 破了 断了 磨损
破损: 坏了 烂了 破了 损坏
有效期满: 到期 过期 期满 快到期
期满换证: 到期 过期 期满 快到期
即将到期: 到期 过期 快到期 期满 要到期
页面用完: 用完 盖满 满了 没页
信息变更: 改名 改了 变更信息 信息变
香港: 港 香港人 hk
澳门: 澳 澳门人
台湾: 台 台胞 台湾人
住院: 住了院 入院 开刀 住院治疗
门诊: 看门诊 急诊
产检分娩: 生孩子 产检 分娩 生小孩
顺产: 自然生 顺
难产或者剖宫产: 剖腹 剖宫 剖 难产
合同到期: 到期 合同满 期满 没续签
被解除: 辞退 开除 裁 炒 解雇
本人辞职: 辞职 自己走 离职 不干 自己辞
单位关闭: 倒闭 关门 破产 关闭 关了
单位提出协商解除: 协商 商量
单位就业: 上班 打工 在公司 在单位
灵活就业: 兼职 自由职业 跑外卖 滴滴 零工 打零工
自主创业: 创业 自己开 当老板
未就业: 没工作 没上班 无业 失业 在家
工作: 上班 打工 就业
学习: 读书 上学 留学
团聚: 家属 陪 探亲
夫妻投靠: 投靠老公 投靠老婆 夫妻 投靠丈夫 投靠妻子 配偶
子女投靠父母: 孩子投靠 子女投靠 跟父母
父母投靠子女: 投靠儿子 投靠女儿 投靠孩子 投靠子女
餐饮: 饭店 餐馆 吃饭 小吃 奶茶
住宅: 住人 家里 小区 民用
商铺: 店 铺 门店
厂房: 工厂 厂
居住: 住 自己住 住人
办公: 写字楼 上班用 办公室
自来水: 水 用水 水费
用电: 电 电费
用水: 水 自来水
管道燃气: 燃气 煤气 天然气 气
居民燃气: 家用燃气 家里煤气 煤气
有线电视: 电视
社会保险: 社保
医疗保险: 医保
医疗生育保险: 医保 医疗 生育
住房公积金: 公积金
公积金: 住房公积金
社会保障卡: 社保卡
申领社会保障卡: 社保卡 社会保障卡
少儿医保参保: 医保 少儿医保
出生登记（落户）: 落户 上户口 户口 入户
申领生育津贴: 津贴 生育津贴
预防接种建档: 打疫苗 疫苗 接种 打针
法定代表人: 法人
企业职工基本养老保险: 职工养老 养老
城乡居民养老保险: 居民养老
职工医疗保险: 医保 医疗
配偶: 老公 老婆 丈夫 妻子 爱人 太太 先生
子女: 儿子 女儿 孩子 闺女 小孩
父母: 爸 妈 父亲 母亲 爸爸 妈妈
残疾: 残疾人 残障
重病: 大病 生病 癌 病
失业: 没工作 下岗 丢了工作
一楼: 1楼 首层 底层 地面
二楼以上: 楼上 二楼 三楼 2楼 3楼 四楼 五楼
地下: 负一 负一楼 地下室
一次: 单次 一回 1次
二次: 两次 2次 两回
一签多行: 多次 多行
劳动报酬: 欠薪 工资 拖欠
欠薪投诉: 欠薪 投诉 欠工资 拖欠
劳动仲裁: 仲裁
实体店铺: 实体 店面 门店 铺
网络经营场所: 网店 网上 淘宝 线上
自然人: 个人 本人
企业: 公司
工作时间和场所内: 上班时 车间 上班的时候 工作的时候 干活
上下班途中: 上班路上 下班路上 路上 途中
因工外出: 出差 外出

能自理: 可以自理 自己能
半失能: 半自理 部分自理
失能: 不能自理 卧床 躺床 瘫

首次申领: 第一次 首次 新办
补换: 补办 补卡 换卡
自主就业: 自己找工作
电子普通发票: 普票 普通
电子专用发票: 专票 专用
简易注销: 简易
一般注销: 一般 普通注销
公司设立: 开公司 新公司 注册公司
新办: 新开 第一次 首次
医疗机构: 医院
家中: 家里 在家
养老机构: 养老院 敬老院
人才引进: 人才
独立核算: 自己做账 自己记账
代理记账: 找人做账 代账 外包
公共租赁住房: 公租房 公租
租赁住房: 租的 租房 出租屋
自有住房: 自己的 买的 自己买 自住房 自购
本市户籍: 深户 深圳户口 本地户口 本地人
非本市户籍: 非深户 外地户口 外地 不是深户
小学一年级: 一年级 小学 小一
初中一年级: 初一 初中 七年级
幼儿园小班: 幼儿园 小班
合法稳定就业: 工作 上班 就业
合法稳定居所: 居所 住房 住这
合法稳定住所: 住所 住房 租房
在校就读: 读书 上学 在读
连续就读: 读书 上学 在读
只要电子证照: 电子的 电子证 电子版
同时邮寄纸质证照: 纸质 要纸质 邮寄 寄
迁入本市: 迁入 迁进 迁来 入深户 迁进来 迁到深圳 转入
迁出本市: 迁出 迁走 转出 迁回老家
"""
_SAME = {line.partition(":")[0]: tuple(line.partition(":")[2].split()) for line in _SAME_TEXT.split("\n") if line}
_ORDINAL = re.compile(
    r"第\s*(\d{1,2}|[一二三四五六七八九十]{1,2})(?:个|项|种|类|档|条)?|(?:选|要|办)\s*(\d{1,2}|[一二三四五六七八九十])(?!\w)"
)
_BARE = re.compile(r"(?:选|选项|是)?[（(]?(\d{1,2}|[A-Ha-h]|[一二三四五六七八九十])[)）、.。]?(?:号|项|个|吧|那个)?")
_LAST = re.compile(r"最后(?:一|那)?个|末尾")
_NOT = re.compile(r"(?:不是|不要|不用|不办|除了|并非|没有?(?!工作|结|上班|了|对象))([^，,。;；]{1,12})")
_ALL = re.compile(
    r"^(?:我?都|全部|全都|全|所有|一起|统统|一并)(?:要|选|办|是|勾|可以|给|上|了|的|转|申请|一起|做|需要|帮我|搞)*|都要|全要|都办|全办|都需要|全部都?要|全选|都选"
)
_FIRST_SOME = re.compile(r"前([两二三四五六\d])(?:个|项|种)")
_FUZZY, _MARGIN = 0.45, 0.12


@dataclass(frozen=True)
class Option:
    """One option: its stored value and what people are shown."""

    value: str
    label: str
    hint: str = ""


def choose(text: str, options: Sequence[Option], *, loose: bool = True) -> tuple[str, float]:
    """The option that an answer means and how sure it is (0 to 1); with `loose`, near ones and numbers count too.

    >>> kinds = (Option("rent", "租赁"), Option("own", "自有"), Option("unit", "单位宿舍"))
    >>> (
    ...     choose("租的", kinds)[0],
    ...     choose("第二个", kinds)[0],
    ...     choose("不是租的，自己买的", kinds)[0],
    ...     choose("dan wei su she", kinds)[0],
    ... )
    ('rent', 'own', 'own', 'unit')
    """
    plain = _denied_out(text, options)
    scored = sorted(((_meant(plain, option), option) for option in options), key=lambda pair: -pair[0])
    if scored and scored[0][0] > 0 and (len(scored) == 1 or scored[0][0] > scored[1][0]):
        return scored[0][1].value, 0.95 if scored[0][0] >= 100 else 0.85
    if not loose:
        return "", 0.0
    place = _ordinal(plain, len(options))
    if place is not None:
        return options[place].value, 0.95
    return _nearest(plain, options)


def choose_several(text: str, options: Sequence[Option], *, loose: bool = True) -> tuple[list[str], float]:
    """The options that an answer names, in the order of the form.

    >>> kinds = (Option("tax", "税务"), Option("social", "社会保险"), Option("seal", "公章"))
    >>> (
    ...     choose_several("社保和公章", kinds)[0],
    ...     choose_several("都要", kinds)[0],
    ...     choose_several("除了公章都要", kinds)[0],
    ... )
    (['social', 'seal'], ['tax', 'social', 'seal'], ['tax', 'social'])
    """
    denied = {option.value for found in _NOT.finditer(text) for option in options if _named(found[1], option) > 0}
    everything = loose and _ALL.search(text.strip())
    if everything and (denied or re.match(r"我?(?:都|全|所有)", text.strip())):
        return [option.value for option in options if option.value not in denied], 0.95
    plain = _ALL.sub("，", _denied_out(text, options))
    hits = [(option, _places(plain, option)) for option in options]
    found = [option.value for option, places in hits if _stands_alone(option, places, hits)]
    if not found and loose:
        found = _by_number(plain, options)
    if loose:
        for part in re.split(r"[，,、和跟及还有与加\s]+|以及|另外", plain):
            named = any(_places(part, option) for option in options)
            value, score = choose(part, options) if len(part) >= 2 and not named else ("", 0.0)
            found += [value] if score >= _FUZZY and value not in found else []
    order = [option.value for option in options]
    if everything and not found:
        return order, 0.95
    return sorted(set(found), key=order.index), 0.9 if found else 0.0


def _denied_out(text: str, options: Sequence[Option]) -> str:
    """The text without what it denies, as far as that is one of the options and something else is left."""
    for found in _NOT.finditer(text):
        exact = any(word in found[0] for option in options for word in _words(option) if word.startswith(found[0][:1]))
        if not exact and any(_named(found[1], option) > 0 for option in options):
            text = text.replace(found[0], "，")
    return text


def _words(option: Option) -> tuple[str, ...]:
    bare = _bare(option)
    inside = re.findall(r"[（(](.*?)[）)]", option.label)
    parts = [part for piece in (bare, *inside) for part in re.split(r"或者|、|，|和| ", piece) if len(part) >= 2]
    parts += [bare[:-1]] if len(bare) >= 3 and bare[-1] in "类章" else []
    same = [word for label in {option.label, bare} for word in _SAME.get(label, ())]
    return tuple(dict.fromkeys([option.label, bare, *parts, *same]))


def _meant(text: str, option: Option) -> float:
    """How well a text names an option, in its own words or in plain ones."""
    label, said = in_plain_words(_bare(option)), in_plain_words(text)
    return max(_named(text, option), 50 + len(label) if label and label in said else 0)


def _bare(option: Option) -> str:
    return re.sub(r"[（(].*?[）)]", "", option.label).strip()


def _named(text: str, option: Option) -> float:
    """How well a text names an option: by its label, 100 and more; by another word, its length; else 0."""
    low = text.lower()
    for label in (option.label, _bare(option)):
        if label and label.lower() in low:
            return 100 + len(label)
    return max((len(word) for word in _words(option) if word.lower() in low), default=0)


def _places(text: str, option: Option) -> list[tuple[int, int]]:
    low = text.lower()
    return [one.span() for word in _words(option) for one in re.finditer(re.escape(word.lower()), low)]


def _stands_alone(
    option: Option, places: list[tuple[int, int]], hits: Sequence[tuple[Option, list[tuple[int, int]]]]
) -> bool:
    """Whether an option is named somewhere that is not part of a longer other one's name."""
    others = [span for other, spans in hits if other.value != option.value for span in spans]

    def inside(span: tuple[int, int]) -> bool:
        return any(start <= span[0] and span[1] <= end and end - start > span[1] - span[0] for start, end in others)

    return any(not inside(span) for span in places)


def _ordinal(text: str, count: int) -> int | None:
    plain = text.strip()
    if _LAST.search(plain):
        return count - 1
    found = _ORDINAL.search(plain)
    bare = _BARE.fullmatch(plain)
    said = (found[1] or found[2]) if found else bare[1] if bare else ""
    if not said:
        return None
    place = "abcdefgh".find(said.lower()) if said.isascii() and said.isalpha() else int(read_number(said) or 0) - 1
    return place if 0 <= place < count else None


def _by_number(text: str, options: Sequence[Option]) -> list[str]:
    some = _FIRST_SOME.search(text)
    if some:
        return [option.value for option in options[: int(read_number(some[1]) or 0)]]
    places = [
        int(read_number(said) or 0) - 1
        for said in re.findall(r"(?<!\d)\d{1,2}(?!\d)|(?<=第)[一二三四五六七八九]", text)
    ]
    return [options[place].value for place in places if 0 <= place < len(options)]


def _nearest(text: str, options: Sequence[Option]) -> tuple[str, float]:
    """By the characters that tell the options apart, and by their sound."""
    scores = []
    said = in_plain_words(text)
    sounds = "".join(syllables(text.lower())).replace(" ", "")
    for option in options:
        words = [word for word in _words(option) if not word.isascii()]
        near = max((_shared(word, text, options) for word in words if word in option.label), default=0.0)
        near = max(near, _telling_pairs(said, option, options), _covered(said, in_plain_words(option.label)))
        heard = max((0.8 for word in words if len(word) >= 2 and "".join(syllables(word)) in sounds), default=0.0)
        scores.append((max(near, heard), option.value))
    scores.sort(key=lambda pair: -pair[0])
    if not scores or scores[0][0] < _FUZZY or (len(scores) > 1 and scores[0][0] - scores[1][0] < _MARGIN):
        return "", 0.0
    return scores[0][1], min(scores[0][0], 0.8)


def _covered(text: str, label: str) -> float:
    """How much of a short answer a label holds, by pairs of characters."""
    plain = re.sub(r"[\W_]|的|了|我|要|办|是|吧|想", "", text)
    pairs = [one + two for one, two in pairwise(plain)]
    return 0.8 * sum(pair in label for pair in pairs) / len(pairs) if len(plain) >= 3 else 0.0


def _telling_pairs(text: str, option: Option, options: Sequence[Option]) -> float:
    """Whether a text has pairs of characters that only this option's label has."""
    others = "，".join(in_plain_words(other.label) for other in options if other.value != option.value)
    own = {one + two for one, two in pairwise(in_plain_words(_bare(option)))}
    count = sum(pair in text and pair not in others for pair in own)
    return min(0.8, 0.4 + 0.1 * count) if count else 0.0


def _shared(word: str, text: str, options: Sequence[Option]) -> float:
    weights = {letter: 1 / max(1, sum(letter in option.label for option in options)) for letter in set(word)}
    whole = sum(weights.values())
    return sum(weight for letter, weight in weights.items() if letter in text) / whole if whole else 0.0

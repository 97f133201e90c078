"""What people write: appeals from the pack's examples, and the sentences of officials and residents."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhicheng.apps.appeals.public import get_taxonomy
from zhicheng.core.packs.public import current_definition

_EXAMPLES = "appeal_examples"

VAGUE: Sequence[str] = (
    "这里的情况很久没人管了，请派人来看一看。",
    "我想反映一个事情，跟你们说过好几次了还是老样子。",
    "能不能来个人处理一下，大家都等着呢。",
)
CONTACTS: Sequence[str] = (
    "您好，您反映的「{item}」我们已经收到，工作人员正在赶往现场查看，有进展马上告诉您。",
    "已与您取得联系并记下具体位置，今天之内会有工作人员到现场核实。",
    "您反映的情况已安排专人跟进，现场情况和处理办法会在系统里随时更新。",
)
REPLIES: Sequence[str] = (
    "您反映的「{item}」已处理。工作人员到现场核实情况属实，当场整改到位，并安排一周内每天巡查一次，防止反复。",
    "经核实，您反映的「{item}」问题存在。我们已要求责任单位限期整改，现场复查已恢复正常，感谢您的监督。",
    "关于「{item}」，工作人员已到场处理完毕，并与您电话说明了处理经过。如再次出现，请随时告诉我们。",
    "已完成处置：现场清理、维修均已结束，并加装了提示标识。后续由属地网格员每日查看，欢迎您继续监督。",
)
EMPTY_REPLIES: Sequence[str] = ("您反映的问题已收悉，我单位高度重视，将按照有关规定办理，感谢您的理解与支持。",)
PRAISE: Sequence[str] = ("处理得很快，谢谢！", "工作人员态度很好，问题解决了。", "", "晚上就解决了，点赞。")
BLAME: Sequence[str] = ("问题根本没解决，第二天又这样了。", "只说会处理，现场没人来过。", "答非所问。")
REFUSALS: Sequence[str] = (
    "经现场核实，该地点不在本单位管辖范围内，按职责清单应由所在地主管单位承办。",
    "该事项的主管职责不属于本单位，本单位没有处置权限，建议改派有权处理的单位。",
)
RULINGS: Sequence[str] = ("依据职责清单和现场位置，裁定由该单位承办，不得再退。",)
ORDERS: Sequence[str] = (
    "诉求人不满意，请到现场重新处理，并当面向诉求人说明。",
    "答复没有针对问题，请限期整改后重新答复。",
)
CALL_BACKS: Sequence[str] = ("已回访诉求人，说明了政策依据和后续安排，诉求人表示理解。",)
ASSISTANCE: Sequence[str] = ("请协助到现场核实并处置涉及贵单位职责的部分。",)
ASSISTED: Sequence[str] = ("已到现场协助处置完毕，情况反馈给主办单位。",)
PAUSES: Sequence[str] = ("需要等待第三方鉴定结果，预计三个工作日后出具，特申请暂停计时。",)
EXTENSIONS: Sequence[str] = ("涉及多家单位协调施工，需要办理占道审批，申请延长办理时间。",)


@dataclass(frozen=True)
class Saying:
    """A text and the item that its author had in mind."""

    text: str
    item: str


class Examples:
    """The example appeals of the installed pack."""

    def __init__(self) -> None:
        rows: Sequence[Mapping[str, str]] = current_definition(_EXAMPLES, _EXAMPLES).body["rows"]
        self.all = [Saying(row["text"], row["item"]) for row in rows]
        taxonomy = get_taxonomy()
        self._urgent = [saying for saying in self.all if taxonomy.get(saying.item).urgent]
        self._calm = [saying for saying in self.all if not taxonomy.get(saying.item).urgent]
        self._by_function: dict[str, list[Saying]] = {}
        for saying in self._calm:
            function = taxonomy.get(saying.item).responsible.partition("@")[0]
            self._by_function.setdefault(function, []).append(saying)

    def pick(self, chance: random.Random, *, urgent: bool | None = None, function: str = "") -> Saying:
        """One of them: any, urgent or not where the pack has such, or what units with a function handle."""
        if urgent and self._urgent:
            return chance.choice(self._urgent)
        if urgent is None:
            return chance.choice(self.all)
        return chance.choice(self._by_function.get(function) or self._calm)


def sentence(bank: Sequence[str], chance: random.Random, item: str = "") -> str:
    """One sentence of a bank, about an item."""
    return chance.choice(bank).format(item=item)

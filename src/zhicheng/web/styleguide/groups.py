"""The component groups of the style guide; each is a template under `styleguide/groups/` and a sample file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Components that are looked at together."""

    code: str
    title: str
    summary: str


GROUPS = (
    Group("basics", "按钮、标签与提示", "动词按钮、状态、数量、页内提示。"),
    Group("fields", "表单字段", "文字、号码、日期、地点、照片、选择、评价和错误。"),
    Group("forms", "办事表单", "预填来源、算出的一项、可添加的一组、材料、提交前核对。"),
    Group("time", "时间与理由", "时钟、步骤、经过、为什么。"),
    Group("lists", "列表与队列", "筛选、表格、翻页、消息、空状态。"),
    Group("shapes", "搜索、对话与证照", "搜索框、对话框、轻提示、材料、证照。"),
    Group("numbers", "数字与地图", "指标、图表、对比、地图。"),
)

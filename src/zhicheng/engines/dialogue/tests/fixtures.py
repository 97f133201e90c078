"""A form with everything: conditions, a repeated group, computed fields, a promise."""

from datetime import date

from zhicheng.engines.dialogue.slots import read_schema

TODAY = date(2026, 11, 20)
DIVISIONS = {"福田": "440304", "南山": "440305"}
CHOICE = [{"const": "rent", "title": "租赁"}, {"const": "own", "title": "自有"}]
SCHEMA = {
    "type": "object",
    "required": ["name", "id_number", "phone", "married", "spouse_name", "moved_date", "home", "rent", "district"],
    "x-sections": [
        {"code": "person", "label": "本人", "fields": ["name", "id_number", "birth_date", "phone", "address"]},
        {"code": "family", "label": "家庭", "fields": ["married", "spouse_name", "children"]},
        {"code": "home", "label": "住房", "fields": ["district", "home", "moved_date", "rent", "note", "promise"]},
    ],
    "properties": {
        "name": {
            "type": "string",
            "maxLength": 40,
            "x-label": "姓名",
            "x-document": [{"material": "id_card", "field": "name"}],
        },
        "id_number": {
            "type": "string",
            "x-widget": "id_number",
            "x-label": "身份证号码",
            "x-document": [{"material": "id_card", "field": "number"}],
        },
        "birth_date": {
            "type": "string",
            "x-widget": "date",
            "x-label": "出生日期",
            "x-computed": {"birth_date": "id_number"},
        },
        "phone": {"type": "string", "x-widget": "phone", "x-label": "手机号码"},
        "address": {
            "type": "string",
            "x-widget": "address",
            "x-label": "联系地址",
            "x-document": [{"material": "id_card", "field": "address"}],
        },
        "married": {"type": "boolean", "x-label": "是否已婚"},
        "spouse_name": {"type": "string", "x-label": "配偶姓名", "x-when": {"field": "married", "is": True}},
        "children": {
            "type": "array",
            "maxItems": 5,
            "x-label": "子女",
            "x-item-label": "子女",
            "items": {
                "type": "object",
                "required": ["name", "birth_date"],
                "properties": {
                    "name": {"type": "string", "x-label": "姓名"},
                    "birth_date": {"type": "string", "x-widget": "date", "x-label": "出生日期", "x-past": True},
                },
            },
        },
        "district": {"type": "string", "x-widget": "division", "x-label": "居住区"},
        "home": {"type": "string", "x-label": "住房性质", "oneOf": CHOICE},
        "moved_date": {"type": "string", "x-widget": "date", "x-label": "入住日期", "x-past": True},
        "rent": {
            "type": "integer",
            "x-widget": "money",
            "minimum": 0,
            "x-label": "月租金",
            "x-when": {"field": "home", "is": "rent"},
        },
        "note": {"type": "string", "x-widget": "textarea", "x-label": "情况说明"},
        "promise": {"type": "boolean", "x-label": "以上内容真实", "const": True},
    },
}
SCRIPT = read_schema(SCHEMA)


def resolve(kind, text):
    """The caller's knowledge of places."""
    if kind == "address":
        return text
    return next((code for name, code in DIVISIONS.items() if name in text), None)

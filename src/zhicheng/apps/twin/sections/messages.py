"""What the twin's messages are, and what they may name besides."""

from zhicheng.apps.twin.operations.commands_keeping import TEMPLATE
from zhicheng.core.notices.public import needed_messages, placeholders

for _name, _label in (("question", "订阅的问题"), ("before", "原来的结果"), ("after", "现在的结果")):
    placeholders.add(_name, _label)
needed_messages.add(TEMPLATE, "订阅的问题有变化")

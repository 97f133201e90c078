"""What messages about indicators may name besides."""

from zhicheng.core.notices.public import placeholders

placeholders.add("value", "指标数值")

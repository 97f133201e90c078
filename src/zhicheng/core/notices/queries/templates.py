"""Templates of the installed pack."""

from zhicheng.core.notices.values import MessageTemplate
from zhicheng.core.packs.public import current_definition

DEFINITION_KIND = "message"


def get_template(code: str) -> MessageTemplate:
    """The template that the installed pack gives to a code.

    Raises:
        NoPackInstalled: the city has none yet.
        DefinitionUnknown: the installed pack has no such message.
    """
    body = current_definition(DEFINITION_KIND, code).body
    return MessageTemplate(code, body["title"], body["text"], body["sms"])

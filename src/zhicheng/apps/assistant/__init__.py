"""The assistant: questions answered from sources, things done in conversation, people when it does not know."""

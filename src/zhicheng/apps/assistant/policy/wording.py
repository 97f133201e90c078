"""An answer as one text: for clients that show nothing else, for screen readers and for paper."""

from collections.abc import Iterator

from zhicheng.apps.assistant.values import Answer, Card


def as_text(answer: Answer, base_url: str = "") -> str:
    """The whole answer in plain words, sources and addresses at the end."""
    return "\n\n".join(_parts(answer, base_url))


def _parts(answer: Answer, base_url: str) -> Iterator[str]:
    if answer.words:
        yield "\n".join(answer.words)
    if answer.quotes:
        yield "".join(answer.rephrased or (quote.text for quote in answer.quotes))
        yield "\n".join(_sources(answer, base_url))
    for card in answer.cards:
        yield "\n".join(_card(card, base_url))
    said = [button.say for button in answer.options if button.say]
    if said:
        yield "您可以接着说：" + "；".join(said)


def _sources(answer: Answer, base_url: str) -> Iterator[str]:
    seen = dict.fromkeys((quote.source, quote.link) for quote in answer.quotes)
    for source, link in seen:
        yield f"来源：{source}" + (f" {_address(link, base_url)}" if link else "")


def _card(card: Card, base_url: str) -> Iterator[str]:
    yield f"【{card.title}】"
    for line in card.lines:
        yield f"{line.label}：{line.value}"
    for button in card.buttons:
        if button.url:
            yield f"{button.label}：{_address(button.url, base_url)}"


def _address(url: str, base_url: str) -> str:
    return f"{base_url}{url}" if url.startswith("/") else url

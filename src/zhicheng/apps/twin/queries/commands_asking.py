"""Asking the city in words: what a text means, and the answer to it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from zhicheng.apps.twin.errors.commands import CommandUnusable
from zhicheng.apps.twin.queries.commands_indicators import run_indicator
from zhicheng.apps.twin.queries.commands_places import spot_of
from zhicheng.apps.twin.queries.commands_running import run_order
from zhicheng.apps.twin.queries.commands_vocabulary import current_words
from zhicheng.apps.twin.values.commands import MOST_ROWS, Answer, Box, Order, Scene, Understood
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import LayerEmpty, LayerUnknown, open_layer
from zhicheng.engines.commands.completing import complete
from zhicheng.engines.commands.indicators import TABLE, read_asked
from zhicheng.engines.commands.plain import from_plain
from zhicheng.engines.commands.values import Command, Place, Refusal
from zhicheng.engines.commands.wording import without
from zhicheng.kit.clock import CHINA

_ROUND = 0.01  # degrees around a point that the map flies to


def understand(text: str, *, now: datetime) -> Understood:
    """What a text means, said back; or why it means nothing. Runs nothing."""
    words = current_words()
    reading = read_asked(text, words.lexicon, words.indicators, now.astimezone(CHINA))
    named = tuple((each.code, each.label) for each in reading.indicators)
    if reading.command is None:
        return Understood(text, refusal=reading.refusal, corrections=reading.corrections, indicators=named)
    return replace(_said(text, reading.command), corrections=reading.corrections, indicators=named)


def understand_plain(text: str, plain: Mapping[str, Any]) -> Understood:
    """A command that was stored, or edited on a page.

    Raises:
        CommandUnusable: the data are no command over the tables that there are.
    """
    try:
        command = from_plain(plain)
        return _said(text, command)
    except (ValueError, KeyError):
        raise CommandUnusable(why="查询的内容不完整，请重新提问。") from None


def leave_out(text: str, command: Command, part: str, index: int) -> Understood:
    """A command without one of its chips.

    Raises:
        CommandUnusable: there is no such chip, or nothing is left to ask without it.
    """
    try:
        return _said(text, without(command, part, index))
    except ValueError:
        raise CommandUnusable(why="这一项去不掉，请重新提问。") from None


def _said(text: str, command: Command) -> Understood:
    wording = current_words().wording
    code = command.measure.column if command.measure and command.table == TABLE else ""
    known = current_words().indicators.codes.get(code)
    named = ((known.code, known.label),) if known else ()
    chips = tuple(wording.chips(command))
    return Understood(text, command, None, wording.sentence(command), chips, indicators=named)


def ask_city(text: str, *, actor: Actor, now: datetime, scene: Scene | None = None, limit: int = MOST_ROWS) -> Answer:
    """The answer to words; a refusal where they are not understood or a place in them is not known.

    Raises:
        CommandRefused: the asker may not see the table.
        CommandDataMissing: it holds nothing.
        QueryTooSlow: it took too long.
    """
    understood = understand(text, now=now)
    if understood.command is None:
        return Answer(understood)
    return run_understood(understood, actor=actor, now=now, scene=scene, limit=limit)


def run_understood(
    understood: Understood, *, actor: Actor, now: datetime, scene: Scene | None = None, limit: int = MOST_ROWS
) -> Answer:
    """The answer to an understood command, or why it cannot be run. Raises as `ask_city`."""
    try:
        return run_command(understood, actor=actor, now=now, scene=scene, limit=limit)
    except CommandUnusable as error:
        refusal = Refusal("unusable", str(error))
        return Answer(replace(understood, refusal=refusal))


def run_command(
    understood: Understood, *, actor: Actor, now: datetime, scene: Scene | None = None, limit: int = MOST_ROWS
) -> Answer:
    """The answer, for who cannot go on without one.

    Raises:
        CommandUnusable: it cannot be run as it is.
        CommandRefused, CommandDataMissing, QueryTooSlow: as `ask_city`.
    """
    command = understood.command
    if command is None:
        return Answer(understood)
    if not command.table:
        return _going(understood, command)
    order = Order(understood, command, actor, now, scene or Scene(), limit)
    return run_indicator(order) if command.table == TABLE else run_order(order)


def _going(understood: Understood, command: Command) -> Answer:
    """飞到…: only a box."""
    place = command.places[0]
    box = _area_box(place)
    if box is None:
        spot = spot_of(place)
        west, south, east, north = spot.longitude, spot.latitude, spot.longitude, spot.latitude
        if spot.lines:
            west, south, east, north = _lines_box(spot.lines)
        box = (west - _ROUND, south - _ROUND, east + _ROUND, north + _ROUND)
    return Answer(understood, box=box)


def _area_box(place: Place) -> Box | None:
    try:
        reader = open_layer(place.kind)
    except (LayerUnknown, LayerEmpty):
        return None
    row = reader.row_of(place.code)
    if row is None:
        return None
    west, south, east, north = (reader.tree.boxes[row] / 1e7).tolist()
    return west, south, east, north


def _lines_box(lines: tuple[Any, ...]) -> Box:
    boxes = [line.bounds for line in lines]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def suggest_commands(text: str, *, limit: int = 8) -> tuple[str, ...]:
    """How a text may go on: whole examples first, then words that begin with its end."""
    return complete(text, current_words().lexicon, limit)

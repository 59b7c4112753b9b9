"""A step taken back at once, with a message that offers it again: no question where both ways stay open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.asking import Deed
from ui.context import Context
from villagedesk.text import Text, say


def take_back(
    context: Context,
    act: str,
    after: Callable[[], object],
    initiator: QWidget,
    said: Text | None = None,
    again: Text | None = None,
) -> None:
    """Take an act back behind the window, say so, and offer to do it ``again``; ``after`` shows the page anew.

    A list of the whole village is one act too.
    """
    history = context.desk.history

    def done(change: Any) -> None:
        context.tell_change(change, initiator)
        after()
        tell_done(context, change, said or say("Taken back."), again or say("Do it again"), after, initiator)

    Deed(context, initiator).do(say("Taking back"), lambda _step: history.undo(act), done)


def tell_done(
    context: Context, change: Any, said: Text, back: Text, after: Callable[[], object], initiator: QWidget
) -> None:
    """Say what was done, and offer to take it back by ``back``."""
    context.messages.tell(said, "ok", back, partial(take_back, context, change.act, after, initiator))

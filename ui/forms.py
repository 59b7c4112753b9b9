"""Fields of a draft side by side, each bound to its value, and verbs of the core tried on what they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtWidgets import QGridLayout, QWidget

from ui.binding import Binder
from ui.fields.rows import FieldRow, grid
from ui.messages import Messages
from villagedesk.errors import Refused, VillageDeskError

T = TypeVar("T")

Field = tuple[str, str, QWidget, int]
"""Name in the draft, title, editor, how many columns it takes."""


def bound(binder: Binder[Any], fields: Sequence[Field], columns: int = 4, prefix: str = "") -> QGridLayout:
    """The fields in a grid; ``prefix`` stands before each name (``measures.*.``)."""
    rows: list[FieldRow | tuple[FieldRow, int]] = []
    for name, title, editor, span in fields:
        made = FieldRow(title, editor)
        binder.bind(prefix + name, made)
        rows.append((made, min(span, columns)))
    return grid(rows, columns)


def attempt(messages: Messages, verb: Callable[[], T], *binders: Binder[Any]) -> T | None:
    """What ``verb`` gives; None when it could not be done: why stands in the message bar and beside the fields."""
    try:
        return verb()
    except Refused as refusal:
        for binder in binders:
            binder.show_problems(refusal.problems)
        messages.tell_error(refusal)
    except VillageDeskError as error:
        messages.tell_error(error)
    return None

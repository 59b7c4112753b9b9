"""Fields of a draft side by side, each bound to its value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from ui.binding import Binder
from ui.fields.rows import FieldRow, grid

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

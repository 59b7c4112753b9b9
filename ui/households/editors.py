"""Builds the editors of a form from its field list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QFrame, QWidget

from ui.binding import Binder
from ui.fields.choices import CodeField, CodesField, Option, YesNoField
from ui.fields.lines import IdField, NoteField, date_field, hundredths_field, text_field, whole_field
from ui.fields.rows import FieldRow, grid
from ui.households.spec import FieldSpec, Section
from ui.page import button, card
from villagedesk.policy.codes import CodeBook
from villagedesk.text import say, tr


def section_card(section: Section, codes: CodeBook, binder: Binder[Any], prefix: str = "", columns: int = 4) -> QFrame:
    """The fields of a section on a card, bound to ``prefix`` + field name."""
    rows: list[tuple[FieldRow, int]] = []
    for spec in section.fields:
        row = FieldRow(str(spec.label), editor(spec, codes), str(spec.hint) if spec.hint else "")
        binder.bind(prefix + spec.name, row)
        rows.append((row, min(spec.span, columns)))
    inner = QWidget()
    layout = grid(rows, columns)
    layout.setContentsMargins(0, 0, 0, 0)
    inner.setLayout(layout)
    made = card(inner, heading=str(section.heading))
    if section.sensitive:
        _cover(made, inner)
    return made


def editor(spec: FieldSpec, codes: CodeBook) -> QWidget:
    """The editor of one field."""
    if spec.kind == "code":
        return CodeField(options(codes, spec.codes))
    if spec.kind == "codes":
        return CodesField(options(codes, spec.codes))
    if spec.kind == "word":
        return CodeField([Option(word, word) for _, word in codes.choices(spec.codes)])
    if spec.kind == "grade":
        return CodeField([Option(str(n), tr("Grade {n}", n=n)) for n in range(1, 5)])
    return _PLAIN[spec.kind]()


def options(codes: CodeBook, name: str) -> Sequence[Option]:
    """A code list as a field offers it."""
    return [Option(code, word) for code, word in codes.choices(name)]


_PLAIN: dict[str, Callable[[], QWidget]] = {
    "text": text_field,
    "whole": whole_field,
    "hundredths": hundredths_field,
    "yesno": YesNoField,
    "yesno2": lambda: YesNoField(asked=False),
    "date": date_field,
    "id": IdField,
    "note": NoteField,
}


def _cover(card_: QFrame, inner: QWidget) -> None:
    """Hide tier 3 until somebody asks for it."""
    show = button(say("Show"), "eye", kind="link")
    show.clicked.connect(inner.show)
    show.clicked.connect(show.hide)
    layout = card_.layout()
    if layout is not None:
        layout.addWidget(show)
    inner.hide()

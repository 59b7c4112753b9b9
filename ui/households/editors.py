"""Builds the editors of a form from its field list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QWidget

from ui.binding import Binder
from ui.fields.choices import CodeField, CodesField, Option, VeiledCodeField
from ui.fields.jobs import JobsField
from ui.fields.lines import (
    IdField,
    NoteField,
    PhoneField,
    date_field,
    digits_field,
    hundredths_field,
    text_field,
    whole_field,
    yuan_field,
)
from ui.fields.rows import FieldRow, grid
from ui.fields.yesno import YesNoField
from ui.households.spec import FieldSpec, Section
from ui.page import button, card, label, row, scrolled
from villagedesk.policy.codes import CodeBook
from villagedesk.text import say, tr

Shown = Callable[[str], bool]
"""Asked before a restricted fact is shown, by the name of its field; False keeps it covered."""


def section_card(
    section: Section, codes: CodeBook, binder: Binder[Any], shown: Shown, prefix: str = "", columns: int = 4
) -> QFrame:
    """The fields of a section on a card, bound to ``prefix`` + field name."""
    rows: list[tuple[FieldRow, int]] = []
    for spec in section.fields:
        field = editor(spec, codes)
        made = FieldRow(str(spec.label), field, str(spec.hint) if spec.hint else "")
        if isinstance(field, IdField | VeiledCodeField):
            field.revealed.connect(partial(shown, spec.name))
        binder.bind(prefix + spec.name, made)
        rows.append((made, min(spec.span, columns)))
    inner = QWidget()
    layout = grid(rows, columns)
    layout.setContentsMargins(0, 0, 0, 0)
    inner.setLayout(layout)
    sheet = card(inner, heading=str(section.heading))
    if section.sensitive:
        Cover(sheet, inner, partial(shown, section.fields[0].name))
    return sheet


def editor(spec: FieldSpec, codes: CodeBook) -> QWidget:
    """The editor of one field."""
    coded = VeiledCodeField if spec.veiled else CodeField
    if spec.kind == "code":
        return coded(options(codes, spec.codes))
    if spec.kind == "jobs":
        return JobsField(options(codes, spec.codes))
    if spec.kind == "codes":
        return CodesField(options(codes, spec.codes))
    if spec.kind == "word":
        return coded([Option(word, word) for _, word in codes.choices(spec.codes)])
    if spec.kind == "grade":
        return CodeField([Option(str(n), tr("Grade {n}", n=n)) for n in range(1, 5)])
    return _PLAIN[spec.kind]()


def options(codes: CodeBook, name: str) -> Sequence[Option]:
    """A code list as a field offers it: what today's forms offer can be chosen, the rest is shown where it stands."""
    offered = dict(codes.choices(name))
    return [Option(each.code, each.word, each.code in offered) for each in codes.lists[name].entries]


_PLAIN: dict[str, Callable[[], QWidget]] = {
    "text": text_field,
    "digits": digits_field,
    "phone": PhoneField,
    "whole": whole_field,
    "hundredths": hundredths_field,
    "yesno": YesNoField,
    "yesno2": lambda: YesNoField(asked=False),
    "date": date_field,
    "id": IdField,
    "note": NoteField,
    "year": lambda: whole_field(empty=0),
    "amount": lambda: yuan_field(empty=0),
}


class Cover(QObject):
    """Hides tier 3 on a card until somebody asks for it, and again when another person comes to the front."""

    def __init__(self, card_: QFrame, inner: QWidget, shown: Callable[[], bool]) -> None:
        super().__init__(card_)
        self._inner = inner
        self._shown = shown
        self._show = button(say("Show"), "eye", self._on_show, kind="link")
        self._show.setProperty("passed", True)  # Enter goes on to the next field, the space bar shows
        layout = card_.layout()
        if layout is not None:
            layout.addWidget(self._show)
        inner.hide()

    def cover(self) -> None:
        """Hide it again."""
        self._inner.hide()
        self._show.show()

    def open_for(self, field: QWidget) -> None:
        """Show what is under it when ``field`` is there: somebody was led to that field."""
        if self._inner.isHidden() and self._inner.isAncestorOf(field):
            self._on_show()

    def _on_show(self) -> None:
        if self._shown():
            self._inner.show()
            self._show.hide()


class ChildCover:
    """Stands in place of the particulars of a child under 14, all of which are sensitive, until somebody asks."""

    def __init__(self, person: QWidget, wanted: Callable[[], None]) -> None:
        self._person = person
        show = button(say("Show"), "eye", wanted)
        show.setAccessibleName(tr("Show the particulars of the child"))
        told = tr("A child under 14: every particular is sensitive. Who looks at it is noted.")
        self.widget = scrolled(card(label(told, wrap=True), row(show), heading=tr("Particulars covered")))
        self.widget.hide()

    def cover(self, *, covered: bool) -> None:
        """Cover the particulars, or uncover them."""
        self._person.setVisible(not covered)
        self.widget.setVisible(covered)

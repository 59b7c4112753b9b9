"""One scanned sign-off sheet: each signer's place cut out beside the name, to be confirmed by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import LineField, date_field, text_field
from ui.page import button, label, row, scrolled
from villagedesk.drafts.exit import SignatureDraft
from villagedesk.policy.pack_steps import Signer
from villagedesk.policy.signoff import SignoffScheme
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.scan_cells import ScannedCell
    from villagedesk.services.scan_filing import ScanResult, ScanRow

_INK = {
    "signed": (say("written"), "ok"), "empty": (say("empty"), "problem"), "unsure": (say("cannot be told"), "warn"),
    "": (say("look at the page"), "warn"),
}  # fmt: skip


@dataclass(frozen=True)
class _Line:
    """The editors of one signer's place."""

    role: str
    item: str
    on_sheet: QCheckBox
    person: LineField
    signed_on: LineField
    mark: CodeField


class ConfirmSheet(QWidget):
    """A line a place of the sheet; ``confirm_wanted`` when somebody has looked at all of them.

    ``back_wanted`` when the page is another household's.
    """

    confirm_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._case_id = ""
        self._lines: list[_Line] = []
        self._days: dict[str, date] = {}  # by role: the day confirmed last, proposed on the next sheet of the pile
        self._holder = QVBoxLayout()
        self._holder.setContentsMargins(0, 0, 0, 0)
        self._by = text_field()
        self._by.setAccessibleName(tr("Looked at by"))
        self._by.show_value(context.desk.author)
        inner = QWidget()
        inner.setLayout(self._holder)
        below = QHBoxLayout()
        below.addWidget(label(tr("Looked at by"), "label"))
        below.addWidget(self._by, 1)
        below.addWidget(button(say("Confirm"), "ok", self.confirm_wanted.emit, kind="primary", key="Ctrl+Return"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(inner), 1)
        column.addLayout(below)
        self._back = button(say("Not this household's sheet: back into the tray"), "undo", self.back_wanted.emit,
                            kind="link")  # fmt: skip
        column.addLayout(row(self._back))
        self._enter = NextOnEnter(self)
        self._enter.watch(self)

    @property
    def looked_by(self) -> str:
        """Who looked at the page."""
        return self._by.value() or ""

    @property
    def marks(self) -> Sequence[SignatureDraft]:
        """What is on the sheet, by what the person ticked."""
        found = []
        for line in self._lines:
            if line.on_sheet.isChecked():
                day = line.signed_on.value()
                if day:
                    self._days[line.role] = day
                mark = SignatureDraft(
                    case_id=self._case_id, role=line.role, item=line.item, person=line.person.value() or "",
                    signed_on=day, mark=line.mark.value() or "signature",
                )  # fmt: skip
                found.append(mark)
        return found

    def show_sheet(self, shown: ScanRow, result: ScanResult) -> None:
        """Show the places of one sheet."""
        while self._holder.count():
            taken = self._holder.takeAt(0)
            widget = taken.widget() if taken is not None else None
            if widget is not None:
                widget.deleteLater()
        self._lines = []
        self._back.setVisible(shown.stands != "confirmed")
        desk = self._context.desk
        self._case_id = shown.scan.subject_id
        case = desk.exits.get(self._case_id)
        scheme = desk.exits.scheme_of(case)
        known = desk.signing.signers(self._case_id)
        stored = {(mark.role, mark.item): mark for mark in case.signatures}
        for role, item, cell in _places(scheme, result.cells):
            mark = stored.get((role.key, item)) or stored.get((role.key, ""))
            if mark is None:
                mark = SignatureDraft(
                    role=role.key, item=item, person=known.get(role.key, ""), signed_on=self._days.get(role.key),
                    mark=cell.mark if cell else role.marks[0],
                )  # fmt: skip
            self._holder.addWidget(self._place(scheme, role, item, cell, mark))
        self._enter.watch(self)

    def _place(
        self, scheme: SignoffScheme, role: Signer, item: str, cell: ScannedCell | None, mark: SignatureDraft
    ) -> QWidget:
        kinds: Mapping[str, str] = scheme.pack.signoff.mark_kinds
        line = _Line(
            role.key, item, QCheckBox(tr("is on the sheet")), text_field(), date_field(),
            CodeField([Option(key, kinds.get(key, key)) for key in role.marks]),
        )  # fmt: skip
        line.person.show_value(mark.person)
        line.signed_on.show_value(mark.signed_on)
        line.mark.show_value(mark.mark)
        line.on_sheet.setChecked(cell is not None and cell.ink == "signed")
        for editor, name in ((line.person, tr("Name")), (line.signed_on, tr("Signed on")), (line.mark, tr("Mark"))):
            editor.setAccessibleName(f"{role.title} {name}")
        line.on_sheet.setAccessibleName(f"{role.title} {line.on_sheet.text()}")
        self._lines.append(line)
        made = QFrame()
        made.setObjectName("card")
        column = QVBoxLayout(made)
        column.setSpacing(4)
        column.addLayout(self._head(role, scheme.preset.items[item].text if item else "", cell))
        if cell is not None:
            column.addWidget(CellPicture(cell, role.title))
        for widgets in ((line.on_sheet, line.person), (line.signed_on, line.mark)):
            editors = QHBoxLayout()
            for widget in widgets:
                editors.addWidget(widget, 1)
            column.addLayout(editors)
        return made

    def _head(self, role: Signer, item: str, cell: ScannedCell | None) -> QHBoxLayout:
        words, tone = _INK[cell.ink if cell else ""]
        head = QHBoxLayout()
        head.addWidget(label(f"{role.title}　{item}", "label", wrap=True), 1)
        if cell is not None and cell.ink == "signed" and not cell.dated:
            head.addWidget(label(tr("no date"), tone="warn", badge=True))
        head.addWidget(label(str(words), tone=tone, badge=True))
        return head


def _places(scheme: SignoffScheme, cells: Sequence[ScannedCell]) -> Sequence[tuple[Signer, str, ScannedCell | None]]:
    """The places cut out of the page, or those of the scheme where none could be cut out."""
    roles = scheme.preset.roles
    found = [(roles[cell.role], cell.item, cell) for cell in cells if cell.role in roles]
    if found:
        return found
    if scheme.preset.mode == "full":
        return [(role, "", None) for role in roles.values()]
    return [(cell.role, cell.item.key, None) for cell in scheme.cells]


class CellPicture(QWidget):
    """A signer's place as wide as there is room, never larger than it was cut out."""

    def __init__(self, cell: ScannedCell, name: str) -> None:
        super().__init__()
        self._picture = QPixmap()
        self._picture.loadFromData(cell.image)
        self.setAccessibleName(tr("{role}: cut out of the page", role=name))
        self._fit(style.letters() * 20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the proportions."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The place, scaled to the width."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scaled = self._picture.scaledToWidth(
            min(self.width(), self._picture.width()), Qt.TransformationMode.SmoothTransformation
        )
        painter.drawPixmap(0, 0, scaled)

    def _fit(self, width: int) -> None:
        if self._picture.width():
            shown = min(width, self._picture.width())
            self.setFixedHeight(max(1, round(self._picture.height() * shown / self._picture.width())))

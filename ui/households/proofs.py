"""Photographs and scans of a household, by drag, paste, file or camera folder; each linked to what it proves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QImage, QImageWriter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui import style
from ui.asking import Deed
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.households.spec import HOUSEHOLD, LABELS, LIVING, MEMBER
from ui.page import button, label, row, shortcut
from ui.pdfview import SheetArea
from ui.stack import Sheets
from ui.undoing import tell_done
from villagedesk.drafts.attachment import AttachmentDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import VillageDeskError
from villagedesk.text import say, tr
from villagedesk.values import Step, each_told

if TYPE_CHECKING:
    from villagedesk.desk import Desk

_KINDS = "JPEG, PNG, PDF (*.jpg *.jpeg *.png *.pdf)"
_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".pdf"})
_SMALL = 96  # pixels of a thumbnail
_PDF = "application/pdf"


class ProofsTab(QWidget):
    """What proves the figures of the household on the form."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._household = HouseholdDraft()
        self._picture = QPixmap()
        self.subject = CodeField(())
        self.field = CodeField(())
        self._statements: dict[str, int] = {}  # income statement → its year
        self.list = QListWidget()
        self._deed = Deed(context, self)
        self._large = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._sheets = SheetArea()
        self._viewer = Sheets()
        self._remove = button(say("Take off"), "remove", self._on_remove)
        self.setAcceptDrops(True)
        self._assemble()
        self.list.currentItemChanged.connect(self._on_current)
        self.subject.edited.connect(self._offer_fields)
        shortcut(self, "Ctrl+V", self.paste)

    def show_household(self, household: HouseholdDraft) -> None:
        """Show the proofs of another household."""
        self._household = household
        people = [Option(member.id, member.name) for member in household.members if member.id]
        incomes = self._context.desk.households.incomes(household.id) if household.id else ()
        self._statements = {income.id: income.year for income in incomes}
        years = [Option(each, tr("Income of {year}", year=year)) for each, year in self._statements.items()]
        self.subject.offer([Option(household.id, tr("Household (proof)")), *people, *years])
        self.choose(household.id)
        self.read()

    def choose(self, subject_id: str, field: str = "") -> None:
        """Let what is attached next prove this figure, and show what proves it already."""
        self.subject.show_value(subject_id)
        self._offer_fields()
        self.field.show_value(field)
        for number in range(self.list.count()):
            each: AttachmentDraft = self.list.item(number).data(Qt.ItemDataRole.UserRole)
            if (each.subject_id, each.field) == (subject_id, field):
                self.list.setCurrentRow(number)
                return

    def read(self) -> None:
        """Read what is attached to the household and its members."""
        self.list.clear()
        names = {self._household.id: "", **{member.id: member.name for member in self._household.members}}
        names |= {each: tr("Income of {year}", year=year) for each, year in self._statements.items()}
        for subject_id, name in names.items():
            for each in self._context.desk.evidence.of(subject_id) if subject_id else ():
                self.list.addItem(self._item(each, name))
        self.list.setCurrentRow(self.list.count() - 1)
        self._on_current()

    def attach(self, sources: Iterable[Path | QImage]) -> None:
        """Attach files or pictures to the chosen person and figure; a refused one stops the rest."""
        subject, field = self.subject.value() or self._household.id, self.field.value()
        work = partial(_attach, self._context.desk, subject, field, tuple(sources))
        self._deed.do(say("Keeping the proofs"), work, self._on_attached)

    def _on_attached(self, kept: tuple[Sequence[Any], VillageDeskError | None]) -> None:
        changes, refusal = kept
        for change in changes:
            self._context.tell_change(change, self)
        if refusal is not None:
            self._context.messages.tell_error(refusal)
        self.read()
        self.changed.emit()

    def paste(self) -> None:
        """Attach the picture or the files on the clipboard."""
        data = QApplication.clipboard().mimeData()
        if data.hasUrls():
            self.attach(_files(Path(url.toLocalFile()) for url in data.urls()))
        elif data.hasImage():
            self.attach([QApplication.clipboard().image()])
        else:
            self._context.messages.tell(say("There is no picture on the clipboard. Copy one first."), "warn")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that can be a proof."""
        if _files(Path(url.toLocalFile()) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        self.attach(_files(Path(url.toLocalFile()) for url in event.mimeData().urls()))
        event.acceptProposedAction()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture as large as there is room."""
        super().resizeEvent(event)
        self._show_picture()

    def _assemble(self) -> None:
        self.subject.setAccessibleName(tr("Whose proof"))
        self.field.setAccessibleName(tr("What it proves"))
        for box in (self.subject, self.field):
            box.setMinimumWidth(style.letters() * 12)
        self.list.setAccessibleName(tr("Proofs"))
        self.list.setIconSize(QSize(_SMALL, _SMALL))
        self._large.setMinimumSize(1, 1)
        self._viewer.addWidget(self._large)
        self._viewer.addWidget(self._sheets)
        choose = row(label(tr("Whose proof"), "label"), self.subject, label(tr("What it proves"), "label"), self.field)
        folder = button(say("From a camera or scanner folder"), "folder", self._on_folder)
        paste = button(say("Paste"), "", self.paste)
        acts = row(button(say("Add files"), "add", self._on_files), folder, paste, self._remove)
        hint = tr("Drop pictures here. They are made smaller, lose their place of taking, and are kept encrypted.")
        about = label(hint, "hint", wrap=True)
        both = QHBoxLayout()
        both.addWidget(self.list, 2)
        both.addWidget(self._viewer, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addLayout(choose)
        column.addLayout(acts)
        column.addWidget(about)
        column.addLayout(both, 1)

    def _item(self, each: AttachmentDraft, name: str) -> QListWidgetItem:
        items = self._context.desk.profile.income.items
        proves = items.get(each.field) or str(LABELS.get(each.field, "")) if each.field else ""
        item = QListWidgetItem("\n".join(filter(None, (each.title, "  ".join(filter(None, (name, proves)))))))
        item.setData(Qt.ItemDataRole.UserRole, each)
        picture = QPixmap()
        try:
            picture.loadFromData(self._context.desk.evidence.thumbnail(each.id))
        except VillageDeskError as error:
            item.setToolTip(str(error))
        item.setIcon(QIcon(picture))
        return item

    def _offer_fields(self, *_: Any) -> None:
        """The figures of whatever is chosen: of the household, of a person, of a year's income."""
        subject = self.subject.value()
        if subject in self._statements:
            self.field.offer([Option(item, title) for item, title in self._context.desk.profile.income.items.items()])
            return
        parts = (HOUSEHOLD, LIVING) if subject == self._household.id else (MEMBER,)
        specs = (spec for part in parts for section in part for spec in section.fields)
        self.field.offer([Option(spec.name, str(spec.label)) for spec in specs])

    def _on_current(self, *_: Any) -> None:
        item = self.list.currentItem()
        self._remove.setEnabled(item is not None)
        self._picture = QPixmap()
        each: AttachmentDraft | None = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        with self._context.messages.telling():
            data = self._context.desk.evidence.read(each.id) if each is not None else b""
            if each is not None and each.media_type == _PDF:
                self._sheets.show_pdf(data)
                self._viewer.setCurrentWidget(self._sheets)
                return
            self._picture.loadFromData(data)
            self._viewer.setCurrentWidget(self._large)
            self._show_picture()

    def _show_picture(self) -> None:
        if self._picture.isNull():
            self._large.setText(tr("Nothing attached yet.") if not self.list.count() else "")
            return
        fit = self._picture.scaled(self._large.size(), Qt.AspectRatioMode.KeepAspectRatio,
                                   Qt.TransformationMode.SmoothTransformation)  # fmt: skip
        self._large.setPixmap(fit)

    def _on_files(self) -> None:
        self.attach(self._context.messages.open_files(say("Pictures and scans"), _KINDS))

    def _on_folder(self) -> None:
        folder = self._context.messages.pick_folder(say("Folder of the camera or scanner"))
        if folder is not None:
            self.attach(_files(sorted(folder.iterdir())))

    def _on_remove(self) -> None:
        if self.list.currentRow() < 0:
            return
        each: AttachmentDraft = self.list.currentItem().data(Qt.ItemDataRole.UserRole)
        with self._context.messages.telling():
            change = self._context.desk.evidence.remove(each.id, tr("taken off"))
            self._on_attached(((change,), None))
            text = say("The proof “{title}” is taken off.", title=each.title)
            tell_done(self._context, change, text, say("Take it back"), self._read_again, self)

    def _read_again(self) -> None:
        self.read()
        self.changed.emit()


def _attach(
    desk: Desk, subject: str, field: str, sources: Sequence[Path | QImage], step: Step
) -> tuple[Sequence[Any], VillageDeskError | None]:
    """Keep the files one by one; what was kept before one is refused, or before it was stopped, stays."""
    kept: list[Any] = []
    try:
        for source in each_told(sources, step):
            title = source.stem if isinstance(source, Path) else tr("pasted picture")
            data = source if isinstance(source, Path) else _png(source)
            kept.append(desk.evidence.attach(subject, field, data, title))
    except VillageDeskError as error:
        if not kept:
            raise
        return kept, error
    return kept, None


def _files(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if path.suffix.lower() in _ENDINGS and path.is_file()]


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"PNG").write(image)
    return bytes(buffer.data().data())

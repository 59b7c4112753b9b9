"""The sign-off sheet as data: who signed what, when, with which mark. The ink on the paper is the legal act (§8.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ui.exits.widgets import clear
from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.flow import Flow
from ui.fields.lines import LineField, date_field, text_field
from ui.fields.rows import FieldRow, grid
from ui.page import button, card, label, row
from villagedesk.drafts.exit import ExitDraft, SignatureDraft
from villagedesk.policy.signoff import SignoffScheme
from villagedesk.services.exits import ExitRow
from villagedesk.text import say, tr


@dataclass(frozen=True)
class _Signer:
    """The editors of one role."""

    person: LineField
    signed_on: LineField
    mark: CodeField
    proxy: LineField
    proxy_reason: LineField
    items: Mapping[str, QCheckBox]


class SignaturesTab(QWidget):
    """A card a signer: one person signs once, and may confirm several things by it."""

    save_wanted = Signal()
    discard_wanted = Signal()

    def __init__(
        self, scheme_of: Callable[[ExitDraft], SignoffScheme], marks: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._case = ExitDraft()
        self._signers: dict[str, _Signer] = {}
        self._scheme_of = scheme_of
        self._scheme: SignoffScheme | None = None
        self._marks = marks
        self._sheet = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._sheet)
        save = button(say("Record the signatures"), "save", self.save_wanted.emit, kind="primary")
        discard = button(say("Sign anew"), "undo", self.discard_wanted.emit)
        column.addLayout(row(save, discard))
        column.addStretch(1)
        self._enter = NextOnEnter(self)

    def _lay_out(self, scheme: SignoffScheme) -> None:
        """The cards of the signers of one way of signing: a sheet is read by the way it was signed by."""
        self._scheme, self._signers = scheme, {}
        clear(self._sheet)
        if not scheme.confirmed:
            words = tr(
                "Not confirmed by the township yet: {preset}. It is fixed under Settings.", preset=scheme.preset.title
            )
            self._sheet.addWidget(label(words, "hint", wrap=True))
        for number, role in enumerate(scheme.preset.roles.values(), 1):
            cells = {cell.item.key: cell.item.text for cell in scheme.cells if cell.role.key == role.key}
            options = [Option(key, self._marks.get(key, key)) for key in role.marks]
            made = self._card(role.key, f"{number}  {role.title}", cells, options, proxy=role.substitute)
            self._sheet.addWidget(made)
        self._enter.watch(self)

    @property
    def marks(self) -> Sequence[SignatureDraft]:
        """The marks as typed: one a signer and thing confirmed."""
        known = {(mark.role, mark.item): mark for mark in self._case.signatures}
        found = []
        for role, signer in self._signers.items():
            for item, box in signer.items.items():
                if box.isChecked() and signer.person.value():
                    stored = known.get((role, item), SignatureDraft(case_id=self._case.id, role=role, item=item))
                    found.append(_written(stored, signer))
        return found

    def show_case(self, shown: ExitRow) -> None:
        """Show the marks recorded for a case; the household's line is proposed with its head."""
        self._case = shown.case
        scheme = self._scheme_of(shown.case)
        if self._scheme != scheme:
            self._lay_out(scheme)
        head = shown.household.head
        for key, signer in self._signers.items():
            marks = [mark for mark in shown.case.signatures if mark.role == key]
            household = scheme.preset.roles[key].level == "household"
            proposed = head.name if household and head else ""
            first = marks[0] if marks else SignatureDraft(person=proposed)
            signer.person.show_value(first.person)
            signer.signed_on.show_value(first.signed_on)
            signer.mark.show_value(first.mark)
            signer.proxy.show_value(first.proxy)
            signer.proxy_reason.show_value(first.proxy_reason)
            done = {mark.item for mark in marks}
            for item, box in signer.items.items():
                box.setChecked(item in done if marks else True)

    def _card(self, key: str, title: str, cells: Mapping[str, str], marks: Sequence[Option], *, proxy: bool) -> QWidget:
        boxes = {item: QCheckBox(text) for item, text in cells.items()}
        signer = _Signer(text_field(), date_field(), CodeField(marks), text_field(), text_field(), boxes)
        self._signers[key] = signer
        rows: list[FieldRow | tuple[FieldRow, int]] = [
            FieldRow(tr("Name"), signer.person),
            FieldRow(tr("Signed on"), signer.signed_on),
            FieldRow(tr("Mark"), signer.mark),
        ]
        in_place = [
            (FieldRow(tr("Signed in place by"), signer.proxy), 1),
            (FieldRow(tr("Why"), signer.proxy_reason), 2),
        ]
        for row_, _ in () if proxy else in_place:  # to show it here would open a window of its own for a moment
            row_.hide()
        rows += in_place
        flow = Flow()
        for box in boxes.values():
            flow.addWidget(box)
        for editor in (signer.person, signer.signed_on, signer.mark):
            editor.setAccessibleName(f"{title} {editor.accessibleName()}")
        return card(grid(rows, 3), flow, heading=title)


def _written(mark: SignatureDraft, signer: _Signer) -> SignatureDraft:
    return replace(
        mark,
        person=signer.person.value() or "",
        signed_on=signer.signed_on.value(),
        mark=signer.mark.value(),
        proxy=signer.proxy.value() or "",
        proxy_reason=signer.proxy_reason.value() or "",
    )

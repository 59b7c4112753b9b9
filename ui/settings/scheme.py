"""The township's own way of signing: who signs, what is confirmed, how, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ui import style
from ui.exits.widgets import clear
from ui.fields.choices import CodeField, CodesField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import text_field
from ui.fields.rows import FieldRow
from ui.page import button, card, label, resize_dialog, row, scrolled
from villagedesk.drafts.scheme import ConfirmationDraft, SchemeDraft, SignerDraft
from villagedesk.errors import Problem
from villagedesk.policy.pack import Pack
from villagedesk.text import Text, say, tr

_LEVELS: dict[str, Text] = {
    "household": say("the household"), "helper": say("the helper"), "group": say("the group"),
    "village": say("the village"), "team": say("the team"), "township": say("the township"),
}  # fmt: skip
_ORDER: dict[str, Text] = {
    "along_the_chain": say("Dates never run backwards along the list"),
    "household_before_village": say("The household not after the village"),
    "township_last": say("The township last"),
    "not_before_evaluation": say("Nobody before the villagers' meeting"),
    "within_term": say("No date ahead or outside the term"),
    "one_role_each": say("One person, one role"),
}


class SchemeDialog(QDialog):
    """A line a signer, a line an item; what is wrong is said below, beside the button."""

    def __init__(
        self,
        pack: Pack,
        draft: SchemeDraft,
        check: Callable[[SchemeDraft], Sequence[Problem]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Way of signing"))
        self._pack, self._check, self._draft = pack, check, draft
        self.title = text_field()
        self._modes = QButtonGroup(self)
        self._signers, self._items = QGridLayout(), QGridLayout()
        self._order = {rule: QCheckBox(str(words)) for rule, words in _ORDER.items()}
        self._scan = QCheckBox(tr("No step on without a scan of the signed sheet"))
        self._said = label("", tone="problem", wrap=True)
        self._buttons = QDialogButtonBox()
        self._fix = self._buttons.addButton(tr("The township has fixed this"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._enter = NextOnEnter(self)
        self._assemble()
        self._show()

    @property
    def draft(self) -> SchemeDraft:
        """The way of signing as edited."""
        return self._draft

    def put(self, draft: SchemeDraft) -> None:
        """Show another draft: a line was added, moved or taken out."""
        self._draft = draft
        self._show()

    def _assemble(self) -> None:
        self.title.edited.connect(self._on_title)
        modes = []
        for number, words in enumerate((tr("Each signer confirms one thing"), tr("Each signer confirms everything"))):
            choice = QRadioButton(words)
            self._modes.addButton(choice, number)
            modes.append(choice)
        self._modes.idClicked.connect(self._on_mode)
        order = QVBoxLayout()
        for rule, box in self._order.items():
            box.clicked.connect(partial(self._on_order, rule))
            order.addWidget(box)
        order.addWidget(self._scan)
        self._scan.clicked.connect(self._on_scan)
        add_signer = button(say("Add a signer"), "add", self._on_add_signer, kind="link")
        add_item = button(say("Add an item"), "add", self._on_add_item, kind="link")
        self._fix.setObjectName("primary")
        self._buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(
            scrolled(
                card(FieldRow(tr("Name of this way of signing"), self.title), row(*modes)),
                card(self._signers, row(add_signer), heading=tr("Who signs, in this order")),
                card(self._items, row(add_item), heading=tr("What is confirmed")),
                card(order, heading=tr("Order of the dates")),
            ),
            1,
        )
        column.addWidget(self._said)
        column.addWidget(self._buttons)
        resize_dialog(self, 66, 48)

    def _show(self) -> None:
        draft = self._draft
        self.title.show_value(draft.title)
        self._modes.button(1 if draft.mode == "full" else 0).setChecked(True)
        for rule, box in self._order.items():
            box.setChecked(rule in draft.order)
        self._scan.setChecked(draft.scan_required)
        clear(self._signers)
        for number, signer in enumerate(draft.signers):
            self._signer_line(number, signer)
        self._signers.setColumnStretch(1, 1)
        clear(self._items)
        for number, item in enumerate(draft.items):
            self._item_line(number, item)
        self._items.setColumnStretch(1, 1)
        self._enter.watch(self)
        self._judge()

    def _signer_line(self, number: int, signer: SignerDraft) -> None:
        title, level = text_field(), CodeField([Option(key, str(words)) for key, words in _LEVELS.items()])
        marks = CodesField([Option(key, words) for key, words in self._pack.signoff.mark_kinds.items()])
        required, substitute = QCheckBox(tr("must")), QCheckBox(tr("another may sign"))
        marks.setMinimumWidth(style.letters() * 14)
        level.setMinimumWidth(style.letters() * 8)
        title.show_value(signer.title)
        level.show_value(signer.level)
        marks.show_value(signer.marks)
        required.setChecked(signer.required)
        substitute.setChecked(signer.substitute)
        name = tr("Signer {n}", n=number + 1)
        for editor, what in ((title, tr("Name")), (level, tr("Level")), (marks, tr("Mark"))):
            editor.setAccessibleName(f"{name} {what}")
        title.edited.connect(partial(self._on_signer, number, "title"))
        level.edited.connect(partial(self._on_signer, number, "level"))
        marks.edited.connect(partial(self._on_signer, number, "marks"))
        required.clicked.connect(partial(self._on_signer, number, "required"))
        substitute.clicked.connect(partial(self._on_signer, number, "substitute"))
        self._signers.addWidget(label(str(number + 1), "label"), number, 0)
        line = (title, level, marks, required, substitute, *self._movers("signers", number, name))
        for place, widget in enumerate(line, 1):
            self._signers.addWidget(widget, number, place)

    def _item_line(self, number: int, item: ConfirmationDraft) -> None:
        text = text_field()
        evidence = CodesField([Option(key, words) for key, words in self._pack.signoff.evidence.items()])
        text.show_value(item.text)
        evidence.show_value(item.evidence)
        name = tr("Item {n}", n=number + 1)
        text.setAccessibleName(name)
        evidence.setAccessibleName(tr("{item} rests on", item=name))
        text.edited.connect(partial(self._on_item, number, "text"))
        evidence.edited.connect(partial(self._on_item, number, "evidence"))
        self._items.addWidget(label(str(number + 1), "label"), 2 * number, 0)
        self._items.addWidget(text, 2 * number, 1)
        for place, widget in enumerate(self._movers("items", number, name), 2):
            self._items.addWidget(widget, 2 * number, place)
        self._items.addWidget(evidence, 2 * number + 1, 1, 1, 3)

    def _movers(self, what: str, number: int, name: str) -> Sequence[QWidget]:
        up = button(None, "up", partial(self._on_up, what, number), kind="link")
        up.setAccessibleName(tr("{line}: one up", line=name))
        up.setToolTip(up.accessibleName())
        up.setEnabled(number > 0)
        out = button(None, "remove", partial(self._on_out, what, number), kind="link")
        out.setAccessibleName(tr("{line}: take out", line=name))
        out.setToolTip(out.accessibleName())
        return up, out

    def _on_title(self, title: str) -> None:
        self._change(replace(self._draft, title=title or ""))

    def _on_mode(self, number: int) -> None:
        self._change(replace(self._draft, mode="full" if number else "diagonal"))

    def _on_order(self, rule: str, held: bool) -> None:
        order = [each for each in self._draft.order if each != rule] + ([rule] if held else [])
        self._change(replace(self._draft, order=tuple(order)))

    def _on_scan(self, held: bool) -> None:
        self._change(replace(self._draft, scan_required=held))

    def _on_signer(self, number: int, name: str, value: Any) -> None:
        signers = list(self._draft.signers)
        signers[number] = replace(signers[number], **_given(name, value))
        self._change(replace(self._draft, signers=tuple(signers)))

    def _on_item(self, number: int, name: str, value: Any) -> None:
        items = list(self._draft.items)
        items[number] = replace(items[number], **_given(name, value))
        self._change(replace(self._draft, items=tuple(items)))

    def _on_add_signer(self) -> None:
        self.put(replace(self._draft, signers=(*self._draft.signers, SignerDraft())))

    def _on_add_item(self) -> None:
        self.put(replace(self._draft, items=(*self._draft.items, ConfirmationDraft())))

    def _on_up(self, what: str, number: int) -> None:
        lines = list(getattr(self._draft, what))
        lines[number - 1], lines[number] = lines[number], lines[number - 1]
        self._put_lines(what, lines)

    def _on_out(self, what: str, number: int) -> None:
        self._put_lines(what, [line for at, line in enumerate(getattr(self._draft, what)) if at != number])

    def _put_lines(self, what: str, lines: Sequence[Any]) -> None:
        changed: dict[str, Any] = {what: tuple(lines)}
        self.put(replace(self._draft, **changed))

    def _change(self, draft: SchemeDraft) -> None:
        self._draft = draft
        self._judge()

    def _judge(self) -> None:
        problems = self._check(self._draft)
        self._said.setText("\n".join(map(str, problems)))
        self._said.setVisible(bool(problems))
        self._fix.setEnabled(not problems)


def _given(name: str, value: Any) -> dict[str, Any]:
    return {name: "" if value is None else value}

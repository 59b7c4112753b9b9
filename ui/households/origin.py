"""Where a figure of an income statement comes from: who wrote it and when, its monthly cards, the scans behind it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.context import Context
from ui.exits import widgets
from ui.households.words import time_word
from ui.page import button, label
from villagedesk.drafts.household import IncomeDraft
from villagedesk.services.incomes import Source
from villagedesk.text import say, tr
from villagedesk.values import yuan


class Origin(QWidget):
    """The history of one figure and the ways to what stands behind it."""

    proof_wanted = Signal(str, str)  # statement, item
    month_wanted = Signal(int)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._said = label("", wrap=True)
        self._ways = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._said)
        column.addLayout(self._ways)
        self.clear()

    @property
    def text(self) -> str:
        """What is said of the figure."""
        return self._said.text()

    def clear(self) -> None:
        """Show no figure."""
        self._said.setText(tr("Choose “source” beside a figure."))
        widgets.clear(self._ways)

    def show_item(self, income: IncomeDraft, item: str) -> None:
        """Show where the figure of an item comes from."""
        found = self._context.desk.incomes.figure_history(income.id, item) if income.id else ()
        title = self._context.desk.profile.income.items.get(item, item)
        lines = [_line(one) for one in found]
        self._said.setText("\n".join([title, *lines]) if lines else tr("{item}: nothing entered yet.", item=title))
        widgets.clear(self._ways)
        for way in self._behind(income, item) if income.id else ():
            self._ways.addWidget(way)

    def _behind(self, income: IncomeDraft, item: str) -> Iterator[QWidget]:
        """Buttons to the monthly cards, to the scans behind a figure, and to attach one."""
        for line in sorted(income.lines, key=lambda line: line.month or 0):
            if line.item == item and line.month and line.amount:
                words = tr("card of month {month}: {amount}", month=line.month, amount=yuan(line.amount))
                yield button(words, "", partial(self.month_wanted.emit, line.month), kind="link")
        ask = partial(self.proof_wanted.emit, income.id, item)
        for each in self._context.desk.evidence.of(income.id, item):
            yield button(tr("open “{title}”", title=each.title or tr("proof")), "eye", ask, kind="link")
        yield button(say("Attach a proof"), "add", ask, kind="link")


def _line(one: Source) -> str:
    said = tr(
        "{at}, {author}: {old} → {new} ({reason})",
        at=time_word(one.at),
        author=one.author or "—",
        old=_said(one.field, one.old),
        new=_said(one.field, one.new),
        reason=one.reason,
    )
    return said + (tr(" Evidence: {evidence}.", evidence=one.evidence) if one.evidence else "")


def _said(field: str, value: object) -> str:
    """A value of a figure's history in words."""
    if value in (None, ""):
        return "—"
    return yuan(int(str(value))) if field == "amount" else str(value)

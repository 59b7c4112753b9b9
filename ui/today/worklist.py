"""What waits, by day: overdue, today, in the next fortnight. Each line opens its record; read beside the first page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.icons import drawing
from ui.page import button, card, label
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.services.worklist import WorkItem

_SHOWN = 6  # lines of one kind under one heading
_HEADINGS: tuple[tuple[str, Text, str], ...] = (
    ("today", say("Today"), "accent"),
    ("soon", say("In the next 14 days"), "muted"),
)
_SIGNS = {
    "notices": "notices", "objections": "notices", "concerns": "concerns", "visits": "visits", "promises": "ok",
    "monitoring": "eye", "findings": "findings", "leave": "team", "terms": "team", "leaving": "key",
}  # fmt: skip


class WorkListCard(QFrame):
    """The list; it fills itself by a job, so that the page is there before it.

    ``late`` is a card of its own, for the top of the page: what is overdue comes before everything else.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._context = context
        self.items: tuple[WorkItem, ...] = ()
        self._lines = QVBoxLayout(self)
        gap = style.letters()
        self._lines.setContentsMargins(gap, gap * 3 // 4, gap, gap)
        self._lines.addWidget(label(tr("Due by day"), "heading"))
        self._waiting = label(tr("Looking what is due …"), "hint")
        self._lines.addWidget(self._waiting)
        self._late = QVBoxLayout()
        self._late_waits = label(tr("Looking what is due …"), "hint")
        self._late.addWidget(self._late_waits)
        self.late = card(self._late, heading=tr("Overdue"))
        worklist = context.desk.worklist
        context.jobs.store(say("Work list"), lambda _step: worklist.items(), self._on_due)

    def _on_due(self, items: tuple[WorkItem, ...]) -> None:
        self.items = items
        self._waiting.setText(tr("Looking what the rules find …"))
        today = self._context.desk.site.today()
        late = [item for item in items if item.when(today) == "overdue"]
        self._late_waits.setText(tr("{n} in all", n=len(late)) if late else tr("Nothing is overdue."))
        self._kinds(self._late, "problem", late, dated=True)
        for when, heading, tone in _HEADINGS:
            lines = [item for item in items if item.when(today) == when]
            if lines:
                self._group(str(heading), tone, lines, dated=when != "today")
        self._lines.addWidget(self._waiting)  # below what stands already
        worklist = self._context.desk.worklist
        self._context.jobs.store(say("Findings"), lambda _step: worklist.findings(), self._on_findings)

    def _on_findings(self, findings: tuple[WorkItem, ...]) -> None:
        self.items = (*self.items, *findings)
        self._waiting.hide()
        if findings:
            self._group(tr("Found by the rules"), "warn", findings, dated=False)
        if all(item.when(self._context.desk.site.today()) == "overdue" for item in self.items):
            self._lines.addWidget(label(tr("Nothing is due in the next 14 days."), "hint"))

    def _group(self, heading: str, tone: str, lines: Sequence[WorkItem], *, dated: bool) -> None:
        self._lines.addWidget(label(tr("{heading}: {n}", heading=heading, n=len(lines)), "label"))
        self._kinds(self._lines, tone, lines, dated=dated)

    def _kinds(self, column: QVBoxLayout, tone: str, lines: Sequence[WorkItem], *, dated: bool) -> None:
        by_kind: dict[str, list[WorkItem]] = {}
        for line in lines:
            by_kind.setdefault(line.kind, []).append(line)
        for same in by_kind.values():
            for line in same[:_SHOWN]:
                column.addWidget(self._line(line, tone, dated=dated))
            if len(same) > _SHOWN:
                column.addWidget(self._more([(line, tone, dated) for line in same[_SHOWN:]]))

    def _more(self, rest: Sequence[tuple[WorkItem, str, bool]]) -> QWidget:
        """A button that gives way to the lines it stands for."""
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        opens = button(tr("and {n} more of this kind", n=len(rest)), "", kind="link")
        column.addWidget(opens)

        def unfold() -> None:
            opens.hide()
            for line, tone, dated in rest:
                column.addWidget(self._line(line, tone, dated=dated))

        opens.clicked.connect(unfold)
        return made

    def _line(self, item: WorkItem, tone: str, *, dated: bool) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        picture = QLabel()
        unit = round(style.letters() * 1.2)
        picture.setPixmap(drawing(_SIGNS.get(item.kind, "plans"), getattr(style.tokens(), tone), unit))
        line.addWidget(picture)
        if dated:
            line.addWidget(label(item.due_on.isoformat(), "hint"))
        line.addWidget(label(str(item.text), wrap=True), 1)
        opens = button(say("Open"), "", partial(self._go, item.page, **dict(item.place)), kind="link")
        opens.setAccessibleName(tr("Open: {text}", text=item.text))
        line.addWidget(opens)
        return made

    def _go(self, page: str, **place: Any) -> None:
        self._context.navigator.go(page, **place)

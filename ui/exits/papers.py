"""The papers of one case: as they were signed, what changed since, the whole pack, and the look back at an old exit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.exits.paper_dialog import PaperDialog
from ui.exits.widgets import clear
from ui.page import button, card, label, row
from ui.papers.output import PaperOutput
from villagedesk.errors import Refused
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.evidence import EvidencePack
    from villagedesk.services.exits import ExitRow
    from villagedesk.services.lookback import LookBackResult
    from villagedesk.services.papers import CasePaper
    from villagedesk.values import Step

_SIGNS = {"met": "ok", "unmet": "problem", "unknown": "warn"}


class CasePapersTab(QWidget):
    """A line a registered paper, the evidence pack, the look back."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._row: ExitRow | None = None
        self._output = PaperOutput(self, context.jobs, context.messages, context.remembered)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_case(self, shown: ExitRow) -> None:
        """Show the papers of one case."""
        self._row = shown
        clear(self._column)
        self._column.addWidget(self._registered(shown))
        self._column.addWidget(self._pack_card())
        if shown.case.marked_on is not None:
            self._column.addWidget(self._look_back(shown))
        self._column.addStretch(1)

    def _registered(self, shown: ExitRow) -> QWidget:
        papers = self._context.desk.papers.of_case(shown.case.id)
        if not papers:
            return card(
                label(tr("Nothing printed yet. What is printed is kept word for word."), "hint", wrap=True),
                heading=tr("Printed papers"),
            )
        lines = QGridLayout()
        lines.setHorizontalSpacing(style.letters())
        for number, each in enumerate(papers):
            words, tone = _state(each)
            lines.addWidget(label(each.title), number, 0)
            printed = each.paper.printed_on.isoformat() if each.paper.printed_on else ""
            lines.addWidget(label(printed, "hint"), number, 1)
            lines.addWidget(label(words, tone=tone, badge=True), number, 2)
            then = button(say("As it was"), "eye", partial(self._on_then, each), kind="link")
            then.setAccessibleName(tr("{paper}: as it was", paper=each.title))
            lines.addWidget(then, number, 3)
            if each.altered:
                both = button(say("Then and now"), "history", partial(self._on_both, each), kind="link")
                both.setAccessibleName(tr("{paper}: then and now", paper=each.title))
                lines.addWidget(both, number, 4)
        lines.setColumnStretch(0, 1)
        return card(lines, heading=tr("Printed papers"))

    def _pack_card(self) -> QWidget:
        hint = tr("One PDF: catalogue first, then every paper in archive order; signed ones word for word as signed.")
        make = button(say("Make the evidence pack"), "folder", self._on_pack, kind="primary")
        return card(label(hint, "hint", wrap=True), row(make), heading=tr("Evidence pack of the household"))

    def _look_back(self, shown: ExitRow) -> QWidget:
        try:
            found = self._context.desk.lookback.check(shown.case.id)
        except Refused as refusal:
            return card(label(str(refusal), "hint", wrap=True), heading=tr("Look back"))
        lines = QGridLayout()
        for place, title in enumerate((tr("Criterion"), tr("Then"), tr("Now"))):
            lines.addWidget(label(title, "label"), 0, place)
        for number, each in enumerate(found.criteria, 1):
            lines.addWidget(label(each.criterion, wrap=True), number, 0)
            lines.addWidget(label(each.then or "—"), number, 1)
            now = label(_result(each.now), tone=_SIGNS[each.now])
            now.setToolTip(str(each.because))
            lines.addWidget(now, number, 2)
        lines.setColumnStretch(0, 1)
        sheet = button(say("Print the look-back sheet"), "print", self._on_sheet, kind="link")
        return card(label(_verdict(found), wrap=True), lines, row(sheet), heading=tr("Look back"))

    def _on_then(self, each: CasePaper) -> None:
        papers, title = self._context.desk.papers, each.title
        self._context.jobs.store(
            say("Making the paper"), lambda _step: (title, [(tr("As it was"), papers.reprint(each.paper.id))], ()),
            self._on_made,
        )  # fmt: skip

    def _on_both(self, each: CasePaper) -> None:
        papers, title, paper = self._context.desk.papers, each.title, each.paper

        def work(step: Step) -> Any:
            now = papers.preview(paper.kind, [paper.subject_id], step)
            return title, [(tr("As it was"), papers.reprint(paper.id)), (tr("Now"), now)], each.altered

        self._context.jobs.store(say("Making the paper"), work, self._on_made)

    def _on_made(self, answer: Any) -> None:
        title, versions, altered = answer
        self._context.messages.show_dialog(PaperDialog(title, versions, altered, self._output, self))

    def _on_sheet(self) -> None:
        if self._row is not None:
            where = {"household_id": self._row.household.id, "year": self._row.case.year}
            self._context.navigator.go("papers", kind="lookback_sheet", **where)

    def _on_pack(self) -> None:
        if self._row is not None:
            case_id, packs = self._row.case.id, self._context.desk.packs
            self._context.jobs.store(
                say("Making the evidence pack"), lambda step: packs.pack(case_id, step), self._on_packed
            )

    def _on_packed(self, pack: EvidencePack) -> None:
        missing = tuple((title, str(why)) for title, why in pack.missing)
        title = tr("Evidence pack")
        self._context.messages.show_dialog(PaperDialog(title, [(title, pack)], (), self._output, self, missing))


def _state(each: CasePaper) -> tuple[str, str]:
    if each.altered:
        return (tr("altered since signing"), "problem") if each.paper.signed else (tr("data changed since"), "warn")
    return (tr("signed"), "ok") if each.paper.signed else (tr("as printed"), "ok")


def _result(word: str) -> str:
    return {"met": tr("met"), "unmet": tr("not met"), "unknown": tr("not known")}[word]


def _verdict(found: LookBackResult) -> str:
    if found.holds:
        return tr("By the data of {year} every criterion is still met.", year=found.year)
    return tr("By the data of {year} not every criterion is met. Visit the household.", year=found.year)

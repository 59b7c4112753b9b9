"""The papers of one case: as they were signed, what changed since, the whole pack, and the look back at an old exit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.context import Context
from ui.exits.lookback import look_back_cards
from ui.exits.paper_dialog import PaperDialog
from ui.exits.widgets import clear
from ui.page import button, card, label, row
from ui.papers.output import PaperOutput
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.evidence import EvidencePack
    from villagedesk.services.exits import ExitRow
    from villagedesk.services.papers import CasePaper
    from villagedesk.values import Step


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
            for made in look_back_cards(self._context.desk.lookback.check(shown.case.id), self._on_sheet):
                self._column.addWidget(made)
        self._column.addStretch(1)

    def _registered(self, shown: ExitRow) -> QWidget:
        papers = self._context.desk.papers.of_case(shown.case.id)
        if not papers:
            return card(
                label(tr("Nothing printed yet. What is printed is kept word for word."), "hint", wrap=True),
                heading=tr("Printed papers"),
            )
        lines = QVBoxLayout()
        for each in papers:
            lines.addLayout(self._line(each))
        return card(lines, heading=tr("Printed papers"))

    def _line(self, each: CasePaper) -> QLayout:
        """A paper: what it is and where it stands, below it when it was printed and its versions."""
        words, tone = _state(each)
        head = QHBoxLayout()
        head.addWidget(label(each.title, wrap=True), 1)
        head.addWidget(label(words, tone=tone, badge=True))
        printed = each.paper.printed_on.isoformat() if each.paper.printed_on else ""
        then = button(say("As it was"), "eye", partial(self._on_then, each), kind="link")
        then.setAccessibleName(tr("{paper}: as it was", paper=each.title))
        versions: list[QWidget] = [label(tr("printed on {day}", day=printed), "hint"), then]
        if each.altered:
            both = button(say("Then and now"), "history", partial(self._on_both, each), kind="link")
            both.setAccessibleName(tr("{paper}: then and now", paper=each.title))
            versions.append(both)
        made = QVBoxLayout()
        made.setSpacing(0)
        made.addLayout(head)
        made.addLayout(row(*versions))
        return made

    def _pack_card(self) -> QWidget:
        hint = tr("One PDF: catalogue first, then every paper in archive order; signed ones word for word as signed.")
        make = button(say("Make the evidence pack"), "folder", self._on_pack, kind="primary")
        return card(label(hint, "hint", wrap=True), row(make), heading=tr("Evidence pack of the household"))

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

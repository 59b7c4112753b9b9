"""All villages together: the counts of each, and the notices on their boards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.context import HubContext
from ui.page import label
from ui.tables import Column, PagedTable, TableView
from ui.tight import TightTabs
from ui.township.page import HubPage
from villagedesk.text import Text, say, tr

_STANDINGS: dict[str, tuple[Text, str]] = {
    "hangs": (say("on the board"), "ok"),
    "over": (say("days are over, the result is missing"), "problem"),
    "open": (say("not posted yet"), ""),
}


class AcrossPage(HubPage):
    """A tab of counts, a tab of notices; Enter opens the village."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(
            context, tr("Figures and notices"), tr("As the villages sent them, in the order of their codes.")
        )
        self._names: dict[str, str] = {}
        self.figures = PagedTable[Any](_figure_columns(), self)
        self.notices = PagedTable[Any](self._notice_columns(), self)
        self._total = label("", "hint", wrap=True)
        self._late = label("", "hint", wrap=True)
        self.tabs = TightTabs()
        tabs = (
            (
                self.figures,
                self._total,
                tr("Figures by village"),
                tr("No village has sent anything yet. Take the villages' files in first."),
            ),
            (
                self.notices,
                self._late,
                tr("Notices of all villages"),
                tr("No notice hangs or waits. What villages post stands here once their files are in."),
            ),
        )
        for model, said, name, said_when_empty in tabs:
            table, holder = TableView(model, name), QWidget()
            table.say_when_empty(said_when_empty)
            table.opened.connect(self._on_opened)
            column = QVBoxLayout(holder)
            column.addWidget(said)
            column.addWidget(table, 1)
            self.tabs.addTab(holder, name)
        self.column.addWidget(self.tabs, 1)

    def refresh(self) -> None:
        """Count again."""
        across = self._context.hub.across
        self._names = self._context.hub.review.names()
        figures, notices = across.figures(), across.notices()
        self.figures.show_rows(figures)
        self.notices.show_rows(notices)
        self._total.setText(
            tr(
                "Together: {households} {households:household|households}, {persons} "
                "{persons:person|persons}, {exited} exited, {monitored} monitored.",
                households=sum(one.households for one in figures),
                persons=sum(one.persons for one in figures),
                exited=sum(one.exited for one in figures),
                monitored=sum(one.monitored for one in figures),
            )
        )
        late = sum(one.standing == "over" for one in notices)
        self._late.setText(
            tr(
                "{n} {n:notice|notices} not finished; of {late} the days are over and no result is "
                "entered. Remind these villages.",
                n=len(notices),
                late=late,
            )
            if notices
            else tr("Every notice that came is finished.")
        )

    def _notice_columns(self) -> Sequence[Column[Any]]:
        return (
            Column(say("Village"), lambda one: self._names.get(one.village, one.village), 9),
            Column(say("Notice"), lambda one: one.title, 20, tip=lambda one: one.title),
            Column(say("Number"), lambda one: one.no, 10),
            Column(say("State"), lambda one: one.state, 8),
            Column(say("Posted on"), lambda one: one.posted_on.isoformat() if one.posted_on else "", 8),
            Column(say("Hangs until"), lambda one: one.ends_on.isoformat() if one.ends_on else "", 8),
            Column(say("Standing"), lambda one: str(_STANDINGS[one.standing][0]), 14,
                   tone=lambda one: _STANDINGS[one.standing][1]),
        )  # fmt: skip

    def _on_opened(self, one: Any) -> None:
        self._context.navigator.go("village", village=one.village)


def _figure_columns() -> Sequence[Column[Any]]:
    numbers: tuple[tuple[Text, str], ...] = (
        (say("Households"), "households"), (say("Persons"), "persons"), (say("Exited"), "exited"),
        (say("Monitored"), "monitored"), (say("Plans of the year"), "plans"), (say("Exits of the year"), "exits"),
        (say("Notices on the board"), "hanging"),
    )  # fmt: skip
    return (
        Column(say("Village"), lambda one: one.name or one.village, 10, tip=lambda one: one.village),
        *(Column(word, partial(_figure, key), 8, right=True) for word, key in numbers),
    )


def _figure(key: str, one: Any) -> str:
    return str(getattr(one, key))

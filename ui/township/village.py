"""One village: its files and what became of them, its laptops, what the rules find, its way of signing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.context import HubContext
from ui.findings.page import CLASSES
from ui.households.words import time_word
from ui.page import button, label, row
from ui.tables import Column, PagedTable, TableView
from ui.tight import TightTabs
from ui.township.page import HubPage
from ui.township.scheme import SchemeTab
from ui.township.words import VERDICTS, difference_words, totals_words
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from pathlib import Path

    from villagedesk.hub import Hub
    from villagedesk.policy.checks.run import CheckReport
    from villagedesk.services.laptops import Laptop
    from villagedesk.services.township import ArrivedFile
    from villagedesk.values import Step


class VillagePage(HubPage):
    """A tab a matter."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(context, tr("Village"))
        self._village = ""
        self._said = label("", wrap=True)
        self.files = PagedTable[Any](_file_columns(), self)
        self.laptops = PagedTable[Any](_laptop_columns(), self)
        self.findings = PagedTable[Any](_finding_columns(), self)
        self._files = TableView(self.files, tr("Files of this village"))
        self._laptops = TableView(self.laptops, tr("Laptops of this village"))
        self._files.say_when_empty(
            tr("Nothing yet. Give the village an invitation; its files come in under “Villages”.")
        )
        self._laptops.say_when_empty(tr("No laptop yet: each joins with the first file it sends."))
        self._found = label("", "hint")
        self.scheme = SchemeTab(context, self._do)
        self.tabs = TightTabs()
        self._assemble()
        self.tabs.currentChanged.connect(self._on_tab)

    def show_place(self, **place: Any) -> None:
        """Show the village with this code."""
        self._village = str(place.get("village", self._village))
        self.refresh()

    def refresh(self) -> None:
        """Look again."""
        hub = self._context.hub
        found = next((one for one in hub.township.villages() if one.village == self._village), None)
        if found is None:
            return
        self.retitle(found.name or found.village, found.village)
        self._said.setText(
            tr(
                "Here: {here}    The village counted: {there}    Difference: {difference}",
                here=totals_words(found.totals),
                there=totals_words(found.sent_totals),
                difference=difference_words(found.difference, found.sent_totals),
            )
        )
        self.files.show_rows(hub.township.files(self._village))
        self.laptops.show_rows(hub.laptops.of(self._village))
        self.scheme.show_village(self._village)
        self._on_tab()

    def _assemble(self) -> None:
        self.add_button(button(say("Write the reply"), "export", self._on_reply, kind="primary"))
        self.column.addWidget(self._said)
        release = button(say("The village means it: take it in"), "ok", self._on_release)
        take_out = button(say("Take this laptop out"), "remove", self._on_take_out)
        invite = button(say("New invitation"), "key", self._on_invite)
        tabs: tuple[tuple[str, QWidget, tuple[QWidget, ...]], ...] = (
            (tr("Files"), self._files, (release,)),
            (tr("Laptops"), self._laptops, (take_out, invite)),
            (tr("Findings"), TableView(self.findings, tr("Findings")), (self._found,)),
        )
        for title, table, tools in tabs:
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.addLayout(row(*tools))
            column.addWidget(table, 1)
            self.tabs.addTab(holder, title)
        self.tabs.addTab(self.scheme, tr("Way of signing"))
        self.column.addWidget(self.tabs, 1)

    def _on_tab(self, *_: object) -> None:
        """The rules run when their tab is looked at."""
        if self.tabs.currentIndex() == 2 and self._village:
            self._found.setText(tr("The rules are being run over this village's files."))
            work, village = partial(_checked, self._context.hub, self._village), self._village
            self._context.jobs.store(
                say("Checking"), work, partial(self._on_findings, village), partial(self._on_unchecked, village)
            )

    def _on_unchecked(self, village: str, error: Exception) -> None:
        self._context.messages.tell_error(error)
        if village == self._village:
            self.findings.show_rows(())
            self._found.setText(tr("Not checked to the end. Open this tab anew to check."))

    def _on_findings(self, village: str, report: CheckReport) -> None:
        if village != self._village:
            return  # another one is looked at by now
        self.findings.show_rows(report.findings)
        counts = report.counts
        self._found.setText(
            tr("{e} {e:error|errors}, {s} suspicious, {r} {r:reminder|reminders}, {m} accepted by the " "village",
               e=counts["E"], s=counts["S"], r=counts["R"], m=len(report.exempted))
        )  # fmt: skip

    def _on_release(self) -> None:
        chosen = self._files.current_row()
        if chosen is None or not chosen.asks:
            self._context.messages.tell(say("Choose a file that waits because it closes many households."), "warn")
            return
        if self._context.messages.ask(
            say("Has the village said that it means to close these households?"), say("It has"), danger=True,
            detail=say("{reason}", reason=str(chosen.verdict.reason)),
        ):  # fmt: skip
            work = partial(_released, self._context.hub, self._village, chosen.verdict.name)
            self._work(say("Taking the files in"), work, say("Taken in."))

    def _on_take_out(self) -> None:
        chosen = self._laptops.current_row()
        if chosen is None:
            self._context.messages.tell(say("Choose the laptop first."), "warn")
            return
        alike = self._context.hub.laptops.with_same_keys(chosen.device)
        reason = self._context.messages.ask_line(
            say(
                "Why is “{name}” taken out? Its files count no more, and its invitation lets nobody in. "
                "{n} {n:laptop|laptops} restored from its backup {n:has|have} the same keys and "
                "{n:goes|go} with it, until {n:it takes|they take} new keys and {n:joins|join} anew.",
                name=chosen.name,
                n=len(alike),
            )
            if alike
            else say(
                "Why is “{name}” taken out? Its files count no more, and its invitation lets nobody in.",
                name=chosen.name,
            )
        )
        if reason:
            self._do(
                say("Taken out. Give the village a new invitation: its other laptops join by it when they ask."),
                partial(self._context.hub.laptops.take_out, chosen.device, reason),
            )

    def _on_invite(self) -> None:
        folder = self._context.messages.pick_folder(say("Choose the stick or folder"))
        if folder is not None:
            verb = partial(self._context.hub.township.invite, self._village, folder)
            self._do(say("The invitation is written and read back. The stick may be removed."), verb)

    def _on_reply(self) -> None:
        folder = self._context.messages.pick_folder(say("Choose the stick or folder"))
        if folder is not None:
            done = say("The reply is written and read back. The stick may be removed.")
            self._work(say("Writing the reply"), partial(_replied, self._context.hub, folder, self._village), done)


def _checked(hub: Hub, village: str, step: Step) -> CheckReport:
    return hub.review.findings(village, step)


def _released(hub: Hub, village: str, file: str, _step: Step) -> None:
    hub.township.release(village, file)


def _replied(hub: Hub, folder: Path, village: str, step: Step) -> None:
    hub.township.reply(folder, village, step=step)


def _file_columns() -> Sequence[Column[Any]]:
    return (
        Column(say("File"), lambda one: one.verdict.name, 20),
        Column(say("Came on"), lambda one: time_word(one.at), 10),
        Column(say("Outcome"), _outcome, 12, tone=lambda one: VERDICTS[one.verdict.status][1]),
        Column(say("Changes"), lambda one: str(one.verdict.revisions), 5, right=True),
        Column(say("Reason"), lambda one: str(one.verdict.reason or ""), 34),
    )


def _outcome(one: ArrivedFile) -> str:
    return tr("waits for your word") if one.asks else str(VERDICTS[one.verdict.status][0])


def _laptop_columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Laptop"), lambda one: one.name, 14, tone=lambda one: "muted" if one.taken_out_at else ""),
        Column(say("Files sent"), lambda one: str(one.sequence), 6, right=True),
        Column(say("Digits to compare by telephone"), lambda one: one.fingerprint, 22, whole=True),
        Column(say("Taken out"), _taken_out, 24, tone=lambda _: "warn"),
    )


def _taken_out(one: Laptop) -> str:
    return f"{time_word(one.taken_out_at)}  {one.reason}" if one.taken_out_at else ""


def _finding_columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Class"), lambda f: str(CLASSES[f.class_][0]), 6, tone=lambda f: CLASSES[f.class_][2]),
        Column(say("Rule"), lambda f: f.rule, 4),
        Column(say("Household"), lambda f: f.household_no, 10),
        Column(say("Person"), lambda f: f.screen_name, 6),
        Column(say("What was found"), lambda f: str(f.message), 46),
    )

"""What is held back: files that wait or were refused, record by record with the reason, and what to do about each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.context import HubContext
from ui.exchange.newer import kind_word, newer_columns, newer_words
from ui.households.words import time_word
from ui.page import button, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from ui.tight import TightTabs
from ui.township.page import HubPage
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.hub import Hub
    from villagedesk.services.intake import FileResult
    from villagedesk.services.quarantine import Held, HeldRecord
    from villagedesk.values import Step

_KINDS: dict[str, tuple[Text, str]] = {
    "gap": (say("waits for an earlier file"), "warn"),
    "closing": (say("waits for your word"), "warn"),
    "refused": (say("refused"), "problem"),
}
_ADVICE: dict[str, Text] = {
    "gap": say("Look for the earlier file on the stick and take it in; this one then comes in by itself. If it is "
               "lost, write the village its reply: it sends again what is missing."),
    "closing": say("Telephone the village. If it means to close these households, take the file in; if not, set it "
                   "aside, and the village reads why in its next reply."),
    "refused": say("The reason is in the village's next reply. Let it copy or send the file again; the new file is "
                   "taken in as usual."),
}  # fmt: skip


class HeldPage(HubPage):
    """Files above, what stands in the chosen one below; facts of a newer program on a tab of their own."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(
            context,
            tr("Held back"),
            tr("Nothing here is in the tables. Each file and record says why, and what to do."),
        )
        self._names: dict[str, str] = {}
        self.files = PagedTable[Any](self._file_columns(), self)
        self.records = PagedTable[Any](_record_columns(), self)
        self.unread = PagedTable[Any](newer_columns(), self)
        self._files = TableView(self.files, tr("Files held back"))
        self._records = TableView(self.records, tr("Records in this file"))
        self._advice = label("", wrap=True)
        self._take = button(say("The village means it: take it in"), "ok", self._on_take)
        self._aside = button(say("Set aside, with a reason"), "remove", self._on_aside)
        self._retry = button(say("Try all again"), "redo", self._on_retry, kind="primary")
        self.tabs = TightTabs()
        self._assemble()
        self._files.selectionModel().selectionChanged.connect(self._on_chosen)

    def refresh(self) -> None:
        """Look again."""
        quarantine = self._context.hub.quarantine
        self._names = self._context.hub.review.names()
        held, unread = quarantine.held(), quarantine.unread()
        self.files.show_rows(held)
        self.unread.show_rows(unread)
        self.tabs.setTabText(1, tr("Facts of a newer version ({n})", n=len(unread)))
        self._retry.setEnabled(any(one.kind == "gap" for one in held))
        if held:
            self._files.selectRow(0)
        else:
            self._show(None, ())
            self._advice.setText(tr("Nothing is held back. Every file that came is in, or came twice."))

    def _assemble(self) -> None:
        files, newer, inner = QWidget(), QWidget(), QWidget()
        self._files.setFixedHeight(style.letters() * 10)
        self._records.setMinimumHeight(style.letters() * 12)  # in large letters the page scrolls, rows stay readable
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._files)
        column.addWidget(self._advice)
        column.addLayout(row(self._take, self._aside))
        column.addWidget(self._records, 8)
        column.addStretch(1)
        QVBoxLayout(files).addWidget(scrolled(inner))
        said = label(newer_words(), "hint", wrap=True)
        second = QVBoxLayout(newer)
        second.addWidget(said)
        second.addWidget(TableView(self.unread, tr("Facts of a newer version")), 1)
        self.tabs.addTab(files, tr("Files"))
        self.tabs.addTab(newer, tr("Facts of a newer version"))
        self.add_button(self._retry)
        self.column.addWidget(self.tabs, 1)

    def _on_chosen(self, *_: object) -> None:
        chosen: Held | None = self._files.current_row()
        self._show(chosen, ())
        if chosen is not None and chosen.kind != "refused":
            work = partial(_records, self._context.hub, chosen)
            self._context.jobs.store(say("Reading the file"), work, partial(self._show, chosen))

    def _show(self, chosen: Held | None, records: Sequence[HeldRecord]) -> None:
        if chosen is not None and chosen != self._files.current_row():
            return  # another one was chosen while this was read
        kind = chosen.kind if chosen else ""
        self.records.show_rows(records)
        self._records.setVisible(kind in {"gap", "closing"})
        self._take.setVisible(kind == "closing")
        self._aside.setVisible(kind in {"gap", "closing"})
        self._advice.setText(f"{chosen.reason}\n{_ADVICE[kind]}" if chosen else "")

    def _on_take(self) -> None:
        chosen: Held | None = self._files.current_row()
        if chosen is not None and self._context.messages.ask(
            say("Has the village said that it means to close these households?"), say("It has"), danger=True,
            detail=chosen.reason,
        ):  # fmt: skip
            work = partial(_released, self._context.hub, chosen)
            self._work(say("Taking the files in"), work, say("Taken in."))

    def _on_aside(self) -> None:
        chosen: Held | None = self._files.current_row()
        reason = (
            self._context.messages.ask_line(say("Why is this file set aside? The village reads it.")) if chosen else ""
        )
        if chosen is not None and reason:
            self._do(say("Set aside. The village reads why in its next reply."),
                     partial(self._context.hub.quarantine.set_aside, chosen, reason))  # fmt: skip

    def _on_retry(self) -> None:
        self._context.jobs.store(say("Taking the files in"), partial(_retry, self._context.hub), self._on_retried)

    def _on_retried(self, results: Sequence[FileResult]) -> None:
        taken = sum(one.status in {"accepted", "repeated"} for one in results)
        text = (
            say("{n} {n:file|files} came in.", n=taken)
            if taken
            else say("None fits yet; the earlier files are still missing.")
        )
        self._context.messages.tell(text, "ok" if taken else "warn")
        self._context.tell_change(None, self)
        self.refresh()

    def _file_columns(self) -> Sequence[Column[Any]]:
        return (
            Column(say("Village"), lambda one: self._names.get(one.village, one.village), 9),
            Column(say("File"), lambda one: one.file, 18, tip=lambda one: one.file),
            Column(say("Came on"), lambda one: time_word(one.at), 10),
            Column(
                say("Standing"),
                lambda one: str(_KINDS[one.kind][0]),
                11,
                tone=lambda one: _KINDS[one.kind][1],
                whole=True,
            ),
            Column(say("Reason"), lambda one: str(one.reason), 34, tip=lambda one: str(one.reason)),
        )


def _records(hub: Hub, held: Held, _step: Step) -> Sequence[HeldRecord]:
    return hub.quarantine.records(held)


def _released(hub: Hub, held: Held, _step: Step) -> None:
    hub.township.release(held.village, held.file)


def _retry(hub: Hub, step: Step) -> Sequence[FileResult]:
    return hub.quarantine.retry(step)


def _record_columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Record"), lambda one: kind_word(one.kind), 8),
        Column(say("Household"), lambda one: one.household_no or "—", 10),
        Column(say("Written by"), lambda one: one.author or "—", 7),
        Column(say("When"), lambda one: time_word(one.at), 10),
        Column(say("Reason"), lambda one: str(one.reason), 38, tip=lambda one: str(one.reason)),
    )

"""Backups: by themselves into a second place, by one button onto a stick; what a backup would bring back or lose."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QComboBox

from ui import style
from ui.context import Context
from ui.fields.rows import FieldRow, grid
from ui.households.words import time_word, verb_word
from ui.page import Page, button, card, label, row, scrolled
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.errors import VillageDeskError
from villagedesk.text import say, tr
from villagedesk.values import Step

if TYPE_CHECKING:
    from villagedesk.services.retrieval import Comparison, Merged
    from villagedesk.services.safekeeping import Kept

_RHYTHMS = (30, 60, 120, 240, 480)
_KINDS = "VillageDesk (*.vdbackup)"
_SHOWN = 8


class BackupsPage(Page):
    """Where backups go, which there are, and what is in one."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("Backups"), tr("A backup is one encrypted file with everything in it. Without a passphrase it is noise.")
        )
        self._context = context
        self._folder = label("", wrap=True)
        self._every = QComboBox()
        self._on_close = QCheckBox(tr("Also when the desk is closed"))
        self._compared = label("", wrap=True)
        self._compared.hide()
        self._file = Path()
        self._merge = button(say("Take over what the desk lacks"), "import", self._on_merge)
        self.kept = PagedTable[Any](_columns(), self)
        self._table = TableView(self.kept, tr("Backups in the second place"))
        self._body = Sheets()
        self._assemble()

    def show_place(self, **place: Any) -> None:
        """Show what was chosen and which backups there are."""
        del place
        plan = self._context.desk.safekeeping.plan()
        self._folder.setText(plan.folder or tr("No place chosen yet: nothing is backed up by itself."))
        self._every.setCurrentIndex(max(0, self._every.findData(plan.every_minutes)))
        self._on_close.setChecked(plan.on_close)
        kept = self._context.desk.safekeeping.kept()
        self.kept.show_rows(kept)
        self._body.setCurrentIndex(0 if kept else 1)

    def _assemble(self) -> None:
        for minutes in _RHYTHMS:
            self._every.addItem(tr("every {n} {n:minute|minutes} of work", n=minutes), minutes)
        self._every.activated.connect(self._on_plan)
        self._on_close.clicked.connect(self._on_plan)
        choose = button(say("Choose the second place"), "folder", self._on_choose)
        now = button(say("Back up now"), "ok", self._on_now)
        stick = button(say("Onto a stick"), "stick", self._on_stick, kind="primary")
        self._body.addWidget(self._table)
        self._body.addWidget(EmptyState(tr("No backup in the second place yet.")))
        self._body.setMinimumHeight(style.letters() * 12)
        fields = grid([FieldRow(tr("How often"), self._every), FieldRow(tr("On closing"), self._on_close)], 3)
        by_itself = card(
            label(tr("Another disk than the laptop's is best. Old ones go by themselves: days, weeks, months stay.")
                  , "hint", wrap=True),
            self._folder, row(choose, now), fields, heading=tr("By itself, into a second place"),
        )  # fmt: skip
        by_hand = card(
            label(tr("Keep the stick where the laptop does not lie."), "hint", wrap=True), row(stick),
            heading=tr("By hand, onto a stick"),
        )  # fmt: skip
        compare = button(say("Look into the chosen one"), "search", self._on_compare)
        other = button(say("Another file…"), "folder", self._on_compare_other)
        self._merge.hide()
        inside = card(
            self._body, row(compare, other), self._compared, row(self._merge), heading=tr("What is in a backup")
        )
        self.column.addWidget(scrolled(by_hand, by_itself, inside), 1)

    def _on_choose(self) -> None:
        folder = self._context.messages.pick_folder(say("Where shall backups lie?"))
        if folder is not None:
            self._choose(folder=str(folder))

    def _on_plan(self) -> None:
        self._choose(every_minutes=int(self._every.currentData()), on_close=self._on_close.isChecked())

    def _choose(self, **changed: Any) -> None:
        keeping = self._context.desk.safekeeping
        try:
            keeping.choose(replace(keeping.plan(), **changed))
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
        self.show_place()

    def _on_now(self) -> None:
        self._context.jobs.store(say("Writing the backup"), self._context.desk.safekeeping.run, self._on_written)

    def _on_stick(self) -> None:
        folder = self._context.messages.pick_folder(say("Choose the stick"))
        if folder is not None:
            place = self._context.desk.place

            def work(step: Step) -> Path:
                from villagedesk.services.backups import backup

                return backup(place, folder, step)

            self._context.jobs.store(say("Writing the backup"), work, self._on_written)

    def _on_written(self, file: Path) -> None:
        self._context.messages.tell(say("Backup written and read back: “{file}”.", file=file.name), "ok")
        self.show_place()

    def _on_compare(self) -> None:
        chosen: Kept | None = self._table.current_row()
        if chosen is None:
            self._context.messages.tell(say("Choose a backup in the list first."))
        else:
            self._compare(chosen.path)

    def _on_compare_other(self) -> None:
        file = self._context.messages.open_file(say("Choose the backup"), _KINDS)
        if file is not None:
            self._compare(file)

    def _compare(self, file: Path) -> None:
        self._file = file
        place = self._context.desk.place

        def work(_step: Step) -> Comparison:
            from villagedesk.services.retrieval import compare

            return compare(place, file)

        self._context.jobs.store(say("Looking into the backup"), work, self._on_compared)

    def _on_compared(self, found: Comparison) -> None:
        lines = [
            tr("“{file}”: last change {when}.", file=self._file.name, when=time_word(found.backup_at) or "—"),
            tr("Changes the desk has and this backup lacks: {n}.", n=found.only_here),
            *map(_act, found.lost[:_SHOWN]),
            tr("Changes this backup has and the desk lacks: {n}.", n=found.only_there),
            *map(_act, found.found[:_SHOWN]),
        ]
        self._compared.setText("\n".join(lines))
        self._compared.show()
        self._merge.setVisible(found.only_there > 0)

    def _on_merge(self) -> None:
        work = partial(_merge, self._context.desk.place, self._file)
        self._context.jobs.store(say("Taking over from the backup"), work, self._on_merged)

    def _on_merged(self, merged: Merged) -> None:
        self._merge.hide()
        self._compared.hide()
        self._context.messages.tell(
            say(
                "Taken over: {n} {n:change|changes}, {files} {files:attachment|attachments}; {conflicts} "
                "{conflicts:field waits|fields wait} for your decision.",
                n=merged.revisions,
                files=merged.attachments,
                conflicts=merged.conflicts,
            ),
            "warn" if merged.conflicts else "ok",
        )
        self._context.tell_change(None, self)


def _merge(place: Any, file: Path, _step: Step) -> Merged:
    from villagedesk.services.retrieval import merge

    return merge(place, file)


def _act(act: Any) -> str:
    return tr(
        "•  {when}  {who}  {what}",
        when=time_word(act.at),
        who=act.author or "—",
        what=" · ".join(filter(None, (verb_word(act.verb), act.reason))),
    )


def _columns() -> tuple[Column[Any], ...]:
    return (
        Column(say("Written"), lambda kept: f"{kept.made_at:%Y-%m-%d %H:%M}", 12),
        Column(say("Size"), lambda kept: f"{kept.size / 1e6:.1f} MB", 8, right=True),
        Column(say("File"), lambda kept: kept.path.name, 30),
    )

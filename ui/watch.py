"""What goes on by itself while a desk is open: backups by the clock and on closing, the lock."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from ui import rubbish
from ui.autolock import AutoLock
from ui.jobs import Jobs
from ui.lockscreen import LockScreen
from ui.messages import Messages
from ui.remembered import Remembered
from ui.window import Window
from villagedesk.errors import VillageDeskError
from villagedesk.services.safekeeping import Safekeeping
from villagedesk.services.users import Users
from villagedesk.text import say
from villagedesk.values import Step, no_step

if TYPE_CHECKING:
    from villagedesk.desk import Desk
    from villagedesk.hub import Hub

_LOOK_EVERY = 60_000  # milliseconds
_READY_AFTER = 2_000  # milliseconds: the first page comes first
_AWAY = 120.0  # seconds without a key or a click
_FAILED = "backup/failed"
_LATER = (
    "villagedesk.services.papers", "ui.households.form", "ui.households.list", "ui.exits.page", "ui.plans.form",
    "ui.notices.page", "ui.papers.page", "ui.village.page", "ui.money.page", "ui.help.view", "ui.settings.page",
    "ui.exchange.page", "ui.scans.page", "ui.projects.page", "ui.evaluations.page", "ui.signing.page",
    "ui.measures.page", "ui.events.page", "ui.concerns.page", "ui.team.page", "villagedesk.services.sync",
    "villagedesk.services.doubles",
)  # fmt: skip


class Watch(QObject):
    """Of one open desk or hub."""

    def __init__(self, opened: Desk | Hub, window: Window, jobs: Jobs, remembered: Remembered) -> None:
        super().__init__(window)
        self._safekeeping = Safekeeping(opened.place)
        self._users = Users(opened.place)
        self._window = window
        self._jobs = jobs
        self._remembered = remembered
        self._running = False
        self._swept = False  # since somebody was there
        self.lock_screen: LockScreen | None = None
        self._lock = AutoLock(remembered, self)
        self._lock.due.connect(self.lock)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        # only now: to ask for it before the first frame would cost that the whole Qt namespace
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme)
        self._tell_failed(window.messages)
        self._ready = QTimer(self)
        self._ready.setSingleShot(True)
        self._ready.timeout.connect(partial(self._get_ready, opened))
        self._ready.start(_READY_AFTER)
        for timer in (self._timer, self._ready):
            jobs.destroyed.connect(timer.stop)

    def look(self) -> None:
        """Make a backup when it is time, and look for rubbish while nobody waits."""
        self._sweep(away=self._lock.untouched > _AWAY)
        if not self._running and self._safekeeping.due():
            self._running = True
            self._jobs.store(say("Writing the backup"), self._safekeeping.run, self._on_kept, self._on_not_kept)

    def _sweep(self, *, away: bool) -> None:
        if not away:
            self._swept = False
        elif not self._swept and not self._jobs.running:
            self._swept = True
            rubbish.sweep()

    def lock(self) -> None:
        """Cover everything and ask for the passphrase."""
        if self.lock_screen is None:
            self.lock_screen = LockScreen(self._window, self._users, self._jobs)
            self.lock_screen.unlocked.connect(self._on_unlocked)
            self.lock_screen.other_wanted.connect(self._on_other)
            self.lock_screen.open()

    def end(self) -> None:
        """The desk is about to close: a last backup, if one was asked for. What keeps it is told at the next start."""
        self._timer.stop()
        self._ready.stop()
        self._lock.deleteLater()
        try:
            if self._safekeeping.due(closing=True):
                self._safekeeping.run()
                self._remembered.keep(_FAILED, "")
        except VillageDeskError as error:
            self._remembered.keep(_FAILED, str(error))
        self.deleteLater()

    def _get_ready(self, opened: Desk | Hub) -> None:
        """Look at the history's end, then at what the first click and the first search would wait for.

        Who clicks before does the second himself.
        """
        self._jobs.store(say("Checking the desk"), partial(_glance, opened), self._on_glanced)
        self._jobs.store(say("Getting ready"), partial(get_ready, opened), None, self._on_not_ready)

    def _on_scheme(self) -> None:
        self._window.follow_system()

    def _on_not_ready(self, _error: Exception) -> None:
        """Whoever needs it next meets the same error and tells it."""

    def _on_glanced(self, faults: Sequence[object]) -> None:
        if faults:
            self._window.messages.tell(
                say("The history of this desk was damaged or altered. Check the desk, then restore a backup."),
                "problem", say("Proof and inspection"), self._on_show_audit,
            )  # fmt: skip

    def _on_show_audit(self) -> None:
        self._window.go("audit")

    def _tell_failed(self, messages: Messages) -> None:
        failed = self._remembered.word(_FAILED)
        if failed:
            messages.tell(
                say("The last backup was not written: {why}", why=failed), "warn", say("Backups"), self._on_show_backups
            )

    def _on_show_backups(self) -> None:
        self._window.go("backups")

    def _on_kept(self, _file: object) -> None:
        self._running = False
        self._remembered.keep(_FAILED, "")

    def _on_not_kept(self, error: Exception) -> None:
        self._running = False
        self._remembered.keep(_FAILED, str(error))
        self._tell_failed(self._window.messages)

    def _on_unlocked(self) -> None:
        self.lock_screen = None

    def _on_other(self) -> None:
        if self.lock_screen is not None:
            self.lock_screen.lift()
            self.lock_screen = None
        self._window.leave_wanted.emit()


def _glance(opened: Desk | Hub, _step: Step) -> Sequence[object]:
    from villagedesk.services.audit import glance

    return glance(opened.place)


def get_ready(opened: Desk | Hub, _step: Step = no_step) -> None:
    """Import, and read once, what the first click would wait for."""
    from villagedesk.desk import Desk

    for name in _LATER:
        import_module(name)
    if isinstance(opened, Desk):
        opened.lists.pay_search()
        _read_once(opened)
    gc.freeze()  # as at the end of doors.warm_up


def _read_once(desk: Desk) -> None:
    """One file as its form reads it: the first statement of a kind costs ten times the second."""
    household_id = next(iter(desk.lists.household_ids(None, "group")), "")
    if household_id and not desk.covered:
        desk.checks.of_draft(desk.households.get(household_id))
        desk.sources.of_field("household.no")
        desk.households.incomes(household_id)
        desk.households.history(household_id)
        desk.plans.of_household(household_id)
        desk.wishes.of_household(household_id)
        desk.evidence.of(household_id)
        desk.team.pairings(household_id)
        desk.exits.of_year(next(iter(desk.exits.years()), 0))

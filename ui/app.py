"""The program: starts Qt, shows the first frame before the core is loaded, and leads from welcome to desk and back."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from ui import clicked, fonts, rubbish, style
from ui.jobs import Jobs
from ui.remembered import Remembered
from ui.welcome.entrance import Entrance, speak
from ui.window import Window
from villagedesk import text
from villagedesk.errors import VillageDeskError
from villagedesk.text import say

if TYPE_CHECKING:
    from ui.opened import Opened
    from ui.watch import Watch
    from villagedesk.desk import Desk
    from villagedesk.hub import Hub

_POLICY = "policy"  # of the desk opened last
_SETTLE = 300  # milliseconds a page needs to be drawn whole
_TURN = 0.0005  # seconds after which a thread at work lets the window's in: ten times sooner than Python's usual
_IBUS_SPEAKERS = ("", "fcitx", "fcitx5")


class Program(QObject):
    """What is in front of the user, from the first frame to the last."""

    def __init__(self, remembered: Remembered, *, folder: Path | None = None, brought: Path | None = None) -> None:
        super().__init__()
        self.remembered = remembered
        self.jobs = Jobs(self)
        self.window = Window(remembered, self.jobs)
        self.entrance = Entrance(self.window, self.jobs, remembered, self)
        self.desk: Desk | None = None
        self.hub: Hub | None = None
        self._opened: Opened | None = None
        self._watch: Watch | None = None
        self._picture = Path()
        folder = folder or next(iter(remembered.desks()), None)
        self.entrance.opened.connect(self.show)
        self.window.closed.connect(self._on_closed)
        self.window.leave_wanted.connect(self.lock)
        self.window.take_off_wanted.connect(self._on_take_off)
        self.window.redress_wanted.connect(self._on_redress)
        self.window.status.page_wanted.connect(self.window.go)
        if folder is not None and not (brought is not None and clicked.begins(brought)):
            self.entrance.show_unlock(folder)
        else:
            self.entrance.show_welcome()
        if brought is not None:
            self.window.messages.tell(clicked.way_in(brought), "warn")

    def start(self) -> None:
        """Show the window; the core loads behind it."""
        rubbish.leave_the_old()
        sys.setswitchinterval(_TURN)
        self.window.show()
        QTimer.singleShot(0, self._warm_up)

    def show(self, opened: Desk | Hub) -> None:
        """What was opened: a village's desk, or a township's hub."""
        from villagedesk.desk import Desk

        if isinstance(opened, Desk):
            self.show_desk(opened)
        else:
            self.show_hub(opened)

    def show_desk(self, desk: Desk) -> None:
        """The desk is open."""
        from ui.context import Context
        from ui.opened import opened_desk

        self.desk = desk
        self.remembered.keep(_POLICY, desk.profile.id)
        self._show(opened_desk(Context(desk, self.jobs, self.window.messages, self.window, self.remembered)))

    def show_hub(self, hub: Hub) -> None:
        """The hub is open."""
        from ui.context import HubContext
        from ui.township.opened import opened_hub

        self.hub = hub
        self._show(opened_hub(HubContext(hub, self.jobs, self.window.messages, self.window, self.remembered)))

    def photograph(self, file: Path) -> None:
        """Leave a picture of the window once its page is there, and end."""
        self._picture = file
        self.jobs.finished.connect(self._on_ready_for_picture)

    def lock(self) -> None:
        """Close the desk and ask for the passphrase again."""
        frame = self.window.frame
        if self._opened is None or (frame is not None and not frame.may_close()):
            return
        if not self.window.may_stop_work(say("Stop it and lock")):
            return
        folder = self._opened.folder
        self._close_desk()
        self.window.leave_desk()
        self.entrance.show_unlock(folder)

    def _show(self, opened: Opened) -> None:
        from ui.watch import Watch

        self._opened = opened
        self.remembered.keep_desk(opened.folder)
        opened.context.changes.changed.connect(self._on_changed)
        self._show_frame(opened, opened.pages.first, {})
        self._watch = Watch(opened.context.opened, self.window, self.jobs, self.remembered)

    def _show_frame(self, opened: Opened, page: str, place: Mapping[str, Any]) -> None:
        self.window.show_desk(opened, page, place)
        self.window.setWindowTitle(opened.title)
        self._on_changed(None, None)

    def _on_redress(self) -> None:
        frame = self.window.frame
        if frame is not None and self._opened is not None:
            self._show_frame(self._opened, *frame.place)

    def _on_ready_for_picture(self, _job: object) -> None:
        if self._opened is not None and not self.jobs.running:
            self.jobs.finished.disconnect(self._on_ready_for_picture)
            QTimer.singleShot(_SETTLE, self._take_picture)

    def _take_picture(self) -> None:
        self.window.grab().save(str(self._picture))
        self.window.close()

    def _warm_up(self) -> None:
        from ui import doors
        from ui.icons import application_icon
        from ui.inview import InView

        InView(self.window)
        self.window.setWindowIcon(application_icon())
        warm_up = partial(doors.warm_up, self.remembered.word(_POLICY))
        self.jobs.papers(say("Starting"), warm_up, lambda _: fonts.load_rare_fonts())

    def _on_changed(self, _change: Any, _initiator: Any) -> None:
        if self._opened is not None:
            self.window.status.show_standing(self._opened.standing())

    def _close_desk(self) -> None:
        opened, self._opened, self.desk, self.hub = self._opened, None, None, None
        if opened is not None:
            self.jobs.finish()
            if self._watch is not None:
                self._watch.end()
                self._watch = None
            opened.close()

    def _on_take_off(self, folder: Path, passphrase: str) -> None:
        from ui import doors

        self._close_desk()
        self.window.leave_desk()
        self.entrance.show_unlock(folder)
        work = doors.take_off(folder, passphrase)
        self.jobs.store(say("Taking the desk off"), work, self._on_taken_off)

    def _on_taken_off(self, note: Path) -> None:
        self.entrance.show_welcome()
        self.window.messages.tell(
            say("The desk is off this computer. “{note}” says when; keep it with the papers.", note=note.name), "ok"
        )

    def _on_closed(self) -> None:
        self._close_desk()
        self.entrance.forget()
        rubbish.as_ever()

    def on_mistake(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Whatever nobody caught: on the terminal for a developer, as a sentence for the user."""
        if not isinstance(error, VillageDeskError):
            traceback.print_exception(kind, error, trace)
        self.window.messages.tell_error(error)


def make_application(arguments: Sequence[str], remembered: Remembered, language: str = "") -> QApplication:
    """Qt with our fonts, our look, and the user's language, or the one given."""
    _choose_input_method()
    app = QApplication([*arguments, "-style", "fusion"])
    app.setApplicationName("villagedesk")
    app.setDesktopFileName("villagedesk")
    speak(app, language or remembered.word("language", text.DEFAULT_LANGUAGE))
    app.setFont(fonts.window_font(fonts.load_fonts()))
    style.apply(app, remembered.word("look", "light"), remembered.number("scale", 100))
    return app


def _choose_input_method() -> None:
    """Chinese typing under fcitx: the wheels of PySide6 speak ibus only, and fcitx5 answers to that (TECH §5.6)."""
    if sys.platform.startswith("linux") and os.environ.get("QT_IM_MODULE", "") in _IBUS_SPEAKERS:
        os.environ["QT_IM_MODULE"] = "ibus"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program: ``[DESK|FILE] [--lang=zh_CN|en] [--screenshot=FILE]``. Returns the exit status.

    With the passphrase in ``VILLAGEDESK_PASSPHRASE`` the desk opens by itself; ``--screenshot`` leaves a picture of the
    first page and ends.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = {key: value for key, _, value in (word[2:].partition("=") for word in given if word.startswith("--"))}
    path = next((Path(word) for word in given if not word.startswith("--")), None)
    folder = clicked.desk_of(path) if path is not None else None
    if "screenshot" in words and not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    remembered = Remembered()
    app = make_application(sys.argv[:1], remembered, words.get("lang", ""))
    program = Program(remembered, folder=folder, brought=path if folder is None else None)
    sys.excepthook = program.on_mistake
    program.start()
    secret = os.environ.pop("VILLAGEDESK_PASSPHRASE", "")
    if folder is not None and secret:
        program.entrance.unlock(folder, "", secret)
    if "screenshot" in words:
        program.photograph(Path(words["screenshot"]))
    return app.exec()


def _has_display() -> bool:
    return not sys.platform.startswith("linux") or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))

"""The program: starts Qt, shows the first frame before the core is loaded, and leads from welcome to desk and back."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QStandardPaths, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from ui import doors, style
from ui.jobs import Jobs
from ui.remembered import Remembered
from ui.welcome.answers import SetUp
from ui.welcome.unlock import UnlockPage
from ui.welcome.welcome import WelcomePage
from ui.window import Window
from villagedesk import text
from villagedesk.errors import VillageDeskError
from villagedesk.text import say

if TYPE_CHECKING:
    from ui.context import Context
    from ui.papers.output import PaperOutput
    from villagedesk.desk import Desk

_SETTLE = 300  # milliseconds a page needs to be drawn whole
_IBUS_SPEAKERS = ("", "fcitx", "fcitx5")


class Program(QObject):
    """What is in front of the user, from the first frame to the last."""

    def __init__(self, remembered: Remembered, *, folder: Path | None = None) -> None:
        super().__init__()
        self.remembered = remembered
        self.jobs = Jobs(self)
        self.window = Window(remembered, self.jobs)
        self.desk: Desk | None = None
        self._context: Context | None = None
        self._recovery = b""
        self._picture = Path()
        self._folder = folder or next(iter(remembered.desks()), None)
        self.window.closed.connect(self._on_closed)
        self.window.leave_wanted.connect(self.lock)
        self.window.status.page_wanted.connect(self.window.go)
        if self._folder is not None:
            self.show_unlock(self._folder)
        else:
            self.show_welcome()

    def start(self) -> None:
        """Show the window; the core loads behind it."""
        self.window.show()
        QTimer.singleShot(0, self._warm_up)

    def show_welcome(self) -> None:
        """The ways to begin."""
        page = WelcomePage(self.remembered.desks())
        page.way_chosen.connect(self._on_way)
        page.desk_chosen.connect(self.show_unlock)
        page.language_chosen.connect(self._on_language)
        self.window.show_front(page)

    def show_unlock(self, folder: Path) -> None:
        """Ask for the passphrase of one desk."""
        self._folder = folder
        page = UnlockPage(folder)
        page.unlock_wanted.connect(self._on_unlock)
        page.other_wanted.connect(self.show_welcome)
        self.window.show_front(page)

    def show_desk(self, desk: Desk) -> None:
        """The desk is open."""
        from ui.context import Context
        from ui.opened import finder_of, standing_of

        self.desk = desk
        self.remembered.keep_desk(desk.place.folder)
        self._context = Context(desk, self.jobs, self.window.messages, self.window, self.remembered)
        self._context.changes.changed.connect(self._on_changed)
        self.window.show_desk(self._context, finder_of(desk))
        self.window.setWindowTitle(standing_of(desk).village)
        self._on_changed(None, None)

    def unlock(self, folder: Path, passphrase: str) -> None:
        """Open a desk whose passphrase is at hand."""
        self._on_unlock(folder, "", passphrase)

    def photograph(self, file: Path) -> None:
        """Leave a picture of the window once its page is there, and end."""
        self._picture = file
        self.jobs.finished.connect(self._on_ready_for_picture)

    def lock(self) -> None:
        """Close the desk and ask for the passphrase again."""
        frame = self.window.frame
        if self.desk is None or (frame is not None and not frame.may_close()):
            return
        folder = self.desk.place.folder
        self._close_desk()
        self.window.leave_desk()
        self.show_unlock(folder)

    def _on_ready_for_picture(self, _job: object) -> None:
        if self.desk is not None and not self.jobs.running:
            self.jobs.finished.disconnect(self._on_ready_for_picture)
            QTimer.singleShot(_SETTLE, self._take_picture)

    def _take_picture(self) -> None:
        self.window.grab().save(str(self._picture))
        self.window.close()

    def _warm_up(self) -> None:
        style.load_rare_fonts()
        self.jobs.papers(say("Starting"), doors.warm_up)

    def _on_unlock(self, folder: Path, author: str, passphrase: str) -> None:
        self.jobs.store(
            say("Opening the desk"), doors.open_folder(folder, passphrase, author), self.show_desk, self._on_refused
        )

    def _on_refused(self, error: Exception) -> None:
        page = self.window.front
        if isinstance(page, UnlockPage) and isinstance(error, VillageDeskError):
            page.refused(str(error))
        else:
            self.window.messages.tell_error(error)

    def _on_way(self, way: str) -> None:
        ways = {
            "new": self._set_up,
            "open": self._open_other,
            "demo": self._open_demo,
            "join": self._join,
            "restore": self._restore,
        }
        ways[way]()

    def _set_up(self) -> None:
        from ui.welcome.wizard import SetUpWizard

        wizard = SetUpWizard(self.jobs, self.window.messages)
        wizard.left.connect(self.show_welcome)
        wizard.make_wanted.connect(self._on_make)
        wizard.finished.connect(self._on_set_up)
        wizard.print_wanted.connect(self._on_print_recovery)
        wizard.save_wanted.connect(self._on_save_recovery)
        self.window.show_front(wizard)

    def _on_make(self, answers: SetUp) -> None:
        self.jobs.store(say("Making the desk"), doors.make(answers), self._on_made, self._on_not_made)

    def _on_made(self, made: doors.MadeDesk) -> None:
        from ui.welcome.wizard import SetUpWizard

        self.desk = made.desk
        self._recovery = made.desk.recovery_sheet(made.recovery_key)
        wizard = self.window.front
        if isinstance(wizard, SetUpWizard):
            wizard.made(made.recovery_key)

    def _on_not_made(self, error: Exception) -> None:
        from ui.welcome.wizard import SetUpWizard

        self.window.messages.tell_error(error)
        wizard = self.window.front
        if isinstance(wizard, SetUpWizard):
            wizard.refused()

    def _on_print_recovery(self) -> None:
        self._recovery_output().print(self._recovery, 1)

    def _on_save_recovery(self) -> None:
        self._recovery_output().save(self._recovery, text.tr("recovery sheet"))

    def _recovery_output(self) -> PaperOutput:
        from ui.papers.output import PaperOutput

        return PaperOutput(self.window, self.jobs, self.window.messages, self.remembered)

    def _on_set_up(self) -> None:
        self._recovery = b""
        if self.desk is not None:
            self.show_desk(self.desk)

    def _open_other(self) -> None:
        folder = self.window.messages.pick_folder(say("Choose the folder of the desk"))
        if folder is not None:
            self.show_unlock(folder)

    def _open_demo(self) -> None:
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)) / "demo"
        self.window.messages.tell(say("Making a village of invented people; this takes half a minute."))
        self.jobs.store(say("Making the demo village"), doors.make_demo(folder), self._on_demo)

    def _on_demo(self, folder: Path) -> None:
        self._on_unlock(folder, "", doors.DEMO_PASSPHRASE)

    def _join(self) -> None:
        self.window.messages.tell(
            say("Set up the desk of your village first; then open the invitation under Exchange.")
        )
        self._set_up()

    def _restore(self) -> None:
        messages = self.window.messages
        file = messages.open_file(say("Choose the backup"), "VillageDesk (*.vdbackup)")
        parent = messages.pick_folder(say("Into which folder?")) if file is not None else None
        if file is None or parent is None:
            return
        secret = messages.ask_line(say("Passphrase of the desk in this backup"), secret=True)
        if secret:
            work = doors.restore(file, parent / file.stem, secret)
            self.jobs.store(say("Restoring the backup"), work, self.show_unlock)

    def _on_language(self, language: str) -> None:
        text.use(language)
        self.remembered.keep("language", language)
        self.show_welcome()

    def _on_changed(self, _change: Any, _initiator: Any) -> None:
        from ui.opened import standing_of

        if self.desk is not None:
            self.window.status.show_standing(standing_of(self.desk))

    def _close_desk(self) -> None:
        desk, self.desk, self._context = self.desk, None, None
        if desk is not None:
            self.jobs.wait()
            desk.close()

    def _on_closed(self) -> None:
        self._close_desk()

    def on_mistake(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Whatever nobody caught: on the terminal for a developer, as a sentence for the user."""
        if not isinstance(error, VillageDeskError):
            traceback.print_exception(kind, error, trace)
        self.window.messages.tell_error(error)


def make_application(arguments: Sequence[str], remembered: Remembered, language: str = "") -> QApplication:
    """Qt with our fonts, our look, and the user's language, or the one given."""
    _choose_input_method()
    app = QApplication(list(arguments))
    app.setApplicationName("villagedesk")
    app.setDesktopFileName("villagedesk")
    text.use(language or remembered.word("language", text.DEFAULT_LANGUAGE))
    app.setFont(style.window_font(style.load_fonts()))
    style.apply(app, remembered.word("look", "light"), remembered.number("scale", 100))
    _translate_qt(app)
    return app


def _choose_input_method() -> None:
    """Chinese typing under fcitx: the wheels of PySide6 speak ibus only, and fcitx5 answers to that (TECH §5.6)."""
    if sys.platform.startswith("linux") and os.environ.get("QT_IM_MODULE", "") in _IBUS_SPEAKERS:
        os.environ["QT_IM_MODULE"] = "ibus"


def _translate_qt(app: QApplication) -> None:
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if text.language() == "zh_CN" and translator.load(QLocale("zh_CN"), "qtbase", "_", folder):
        app.installTranslator(translator)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program: ``[DESK] [--lang=zh_CN|en] [--screenshot=FILE]``. Returns the exit status.

    With the passphrase in ``VILLAGEDESK_PASSPHRASE`` the desk opens by itself; ``--screenshot`` leaves a picture of the
    first page and ends.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = {key: value for key, _, value in (word[2:].partition("=") for word in given if word.startswith("--"))}
    folder = next((Path(word) for word in given if not word.startswith("--")), None)
    if "screenshot" in words and not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    remembered = Remembered()
    app = make_application(sys.argv[:1], remembered, words.get("lang", ""))
    program = Program(remembered, folder=folder)
    sys.excepthook = program.on_mistake
    program.start()
    secret = os.environ.pop("VILLAGEDESK_PASSPHRASE", "")
    if folder is not None and secret:
        program.unlock(folder, secret)
    if "screenshot" in words:
        program.photograph(Path(words["screenshot"]))
    return app.exec()


def _has_display() -> bool:
    return not sys.platform.startswith("linux") or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))

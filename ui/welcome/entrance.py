"""What stands before an open desk: the ways to begin, the passphrase, the set-up. Ends with an open desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6 import QtCore, QtWidgets
from PySide6.QtCore import QObject, Signal

from ui.jobs import Jobs
from ui.qtwords import QtWords
from ui.remembered import Remembered
from ui.window import Window
from villagedesk import text
from villagedesk.errors import OpenElsewhere, VillageDeskError
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from ui.doors import Invited, MadeDesk, MadeHub
    from ui.papers.output import PaperOutput
    from ui.township.setup import HubWizard
    from ui.welcome.answers import HubSetUp, SetUp
    from ui.welcome.wizard import SetUpWizard
    from villagedesk.desk import Desk
    from villagedesk.hub import Hub
    from villagedesk.values import Step


class Entrance(QObject):
    """Shows the pages before the desk and opens it; nothing of the core is imported before somebody asks for it."""

    opened = Signal(object)  # Desk or Hub

    def __init__(self, window: Window, jobs: Jobs, remembered: Remembered, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._jobs = jobs
        self._remembered = remembered
        self._made: Desk | Hub | None = None
        self._recovery = b""
        self._invitation: Path | None = None  # the new desk joins by it
        self._take_over: Callable[[Step], Desk | Hub] | None = None

    def show_welcome(self) -> None:
        """The ways to begin."""
        from ui.welcome.welcome import WelcomePage

        self._invitation = None
        page = WelcomePage(self._remembered.desks())
        page.way_chosen.connect(self._on_way)
        page.desk_chosen.connect(self.show_unlock)
        page.language_chosen.connect(self._on_language)
        self._window.show_front(page)

    def show_unlock(self, folder: Path) -> None:
        """Ask for the passphrase of one desk."""
        from ui.welcome.unlock import UnlockPage

        page = UnlockPage(folder)
        page.unlock_wanted.connect(self.unlock)
        page.other_wanted.connect(self.show_welcome)
        page.forgotten.connect(self._on_forgotten)
        self._window.show_front(page)

    def unlock(self, folder: Path, author: str, passphrase: str) -> None:
        """Open a desk whose passphrase is at hand."""
        from ui import doors

        work = doors.open_folder(folder, passphrase, author)
        self._take_over = doors.open_folder(folder, passphrase, author, take_over=True)
        self._jobs.store(say("Opening the desk"), work, self._on_opened, self._on_refused)

    def show_set_up(self) -> None:
        """The questions of a new desk."""
        from ui.welcome.wizard import SetUpWizard

        self._ask_all(SetUpWizard(self._jobs, self._window.messages), self._on_make)

    def _ask_all(self, wizard: SetUpWizard | HubWizard, make: Callable[[Any], None]) -> None:
        wizard.left.connect(self.show_welcome)
        wizard.make_wanted.connect(make)
        wizard.finished.connect(self._on_set_up)
        wizard.print_wanted.connect(self._on_print_recovery)
        wizard.save_wanted.connect(self._on_save_recovery)
        self._window.show_front(wizard)

    def show_hub_set_up(self) -> None:
        """The questions of a new hub."""
        from ui.township.setup import HubWizard

        self._ask_all(HubWizard(self._jobs, self._window.messages), self._on_make_hub)

    def forget(self) -> None:
        """Close a desk that was made and never shown."""
        made, self._made = self._made, None
        if made is not None:
            made.close()

    def _on_opened(self, desk: Desk) -> None:
        self._take_over = None
        self.opened.emit(desk)

    def _on_refused(self, error: Exception) -> None:
        from ui.welcome.unlock import UnlockPage

        page = self._window.front
        take_over, self._take_over = self._take_over, None
        if isinstance(error, OpenElsewhere) and take_over is not None and self._takes_over(error):
            self._jobs.store(say("Opening the desk"), take_over, self._on_opened, self._on_refused)
        elif isinstance(page, UnlockPage) and isinstance(error, VillageDeskError):
            page.refused(str(error))
        else:
            self._on_way_failed(error)

    def _takes_over(self, error: OpenElsewhere) -> bool:
        return self._window.messages.ask(
            error.text,
            say("Nobody works there, open it here"),
            detail=say("Two computers in one desk at a time would spoil each other's work."),
            danger=True,
        )

    def _on_forgotten(self, folder: Path) -> None:
        from ui import doors

        messages = self._window.messages
        key = messages.ask_line(say("The recovery key as it stands on the sheet"))
        secret = messages.ask_line(say("A new passphrase"), secret=True) if key else None
        if key and secret:
            self._jobs.store(say("Trying the recovery key"), doors.let_in_again(folder, key, secret), self._on_let_in)

    def _on_let_in(self, name: str) -> None:
        self._window.messages.tell(say("“{name}” can open the desk by the new passphrase.", name=name), "ok")

    def _on_way(self, way: str) -> None:
        ways = {
            "new": self.show_set_up,
            "open": self._open_other,
            "demo": self._open_demo,
            "join": self._join,
            "restore": self._restore,
            "hub": self.show_hub_set_up,
        }
        ways[way]()

    def _on_make(self, answers: SetUp) -> None:
        from ui import doors

        self._jobs.store(say("Making the desk"), doors.make(answers), self._on_made, self._on_not_made)

    def _on_make_hub(self, answers: HubSetUp) -> None:
        from ui import doors

        self._jobs.store(say("Making the hub"), doors.make_hub(answers), self._on_made_hub, self._on_not_made)

    def _on_made_hub(self, made: MadeHub) -> None:
        self._made, self._recovery = made.hub, made.sheet
        self._wizard.made(made.recovery_key)

    def _on_made(self, made: MadeDesk) -> None:
        self._made, self._recovery = made.desk, made.sheet
        self._wizard.made(made.recovery_key)

    def _on_not_made(self, error: Exception) -> None:
        self._window.messages.tell_error(error)
        self._wizard.refused()

    @property
    def _wizard(self) -> SetUpWizard | HubWizard:
        return cast("SetUpWizard | HubWizard", self._window.front)

    def _on_print_recovery(self) -> None:
        self._recovery_output().print(self._recovery, 1)

    def _on_save_recovery(self) -> None:
        self._recovery_output().save(self._recovery, tr("recovery sheet"))

    def _recovery_output(self) -> PaperOutput:
        from ui.papers.output import PaperOutput

        return PaperOutput(self._window, self._jobs, self._window.messages, self._remembered)

    def _on_set_up(self) -> None:
        self._recovery = b""
        made, self._made = self._made, None
        if made is not None:
            self.opened.emit(made)
        if self._invitation is not None:
            self._window.go("exchange", invite=self._invitation)
            self._invitation = None

    def _open_other(self) -> None:
        folder = self._window.messages.pick_folder(say("Choose the folder of the desk"))
        if folder is not None:
            self.show_unlock(folder)

    def _open_demo(self) -> None:
        from ui import doors

        folder = _own_folder() / "demo"
        self._window.messages.tell(say("Making a village of invented people; this takes half a minute."))
        self._set_busy(True)
        self._jobs.store(say("Making the demo village"), doors.make_demo(folder), self._on_demo, self._on_way_failed)

    def _set_busy(self, busy: bool) -> None:
        from ui.welcome.welcome import WelcomePage

        page = self._window.front
        if isinstance(page, WelcomePage):
            page.set_busy(busy)

    def _on_way_failed(self, error: Exception) -> None:
        self._set_busy(False)
        self._window.messages.tell_error(error)

    def _on_demo(self, folder: Path) -> None:
        from ui import doors

        self.unlock(folder, "", doors.DEMO_PASSPHRASE)

    def _join(self) -> None:
        from ui import doors

        file = self._window.messages.open_file(say("Open the invitation"), f"{tr('Invitations')} (*.vdinvite)")
        if file is not None:
            self._set_busy(True)
            work = doors.invited(file)
            self._jobs.papers(say("Reading the invitation"), work, self._on_invited, self._on_way_failed)

    def _on_invited(self, invited: Invited) -> None:
        """The set-up, with the village of the invitation; the desk joins by it at the end."""
        from ui.welcome.wizard import SetUpWizard

        self.show_set_up()
        self._invitation = invited.file
        wizard = self._window.front
        if isinstance(wizard, SetUpWizard):
            wizard.village.search("", invited.village)
        self._window.messages.tell(
            say("Set up the desk of the village that was invited; it joins by itself at the end."), "ok"
        )

    def _restore(self) -> None:
        from ui import doors

        messages = self._window.messages
        file = messages.open_file(say("Choose the backup"), "VillageDesk (*.vdbackup)")
        parent = messages.pick_folder(say("Into which folder?")) if file is not None else None
        if file is None or parent is None:
            return
        secret = messages.ask_line(say("Passphrase of the desk in this backup"), secret=True)
        if secret:
            work = doors.restore(file, parent / file.stem, secret)
            self._set_busy(True)
            self._jobs.store(say("Restoring the backup"), work, self._on_restored, self._on_way_failed)

    def _on_restored(self, folder: Path) -> None:
        self.show_unlock(folder)
        self._window.messages.tell(say("The backup is restored. It opens with the passphrase it was made under."), "ok")

    def _on_language(self, language: str) -> None:
        app = cast("QtWidgets.QApplication", QtWidgets.QApplication.instance())
        self._window.redress(lambda: speak_anew(app, language))
        self._remembered.keep("language", language)
        self.show_welcome()


def speak(app: QtWidgets.QApplication, language: str) -> None:
    """Let the window and Qt's own dialogs speak ``language``; :func:`speak_anew` after another one."""
    text.use(language)
    if language == "zh_CN":
        app.installTranslator(QtWords(app))
        translator = QtCore.QTranslator(app)
        translator.setObjectName("qtbase")
        folder = QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load("qtbase_zh_CN", folder):
            app.installTranslator(translator)


def speak_anew(app: QtWidgets.QApplication, language: str) -> None:
    """Let the window and Qt's own dialogs speak ``language`` from now on."""
    for before in app.findChildren(QtCore.QTranslator):
        app.removeTranslator(before)
        before.deleteLater()
    speak(app, language)


def _own_folder() -> Path:
    kind = QtCore.QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QtCore.QStandardPaths.writableLocation(kind))

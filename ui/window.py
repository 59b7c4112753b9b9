"""The one window: what is in front (welcome, unlock, set-up, the desk), the message bar, the status line, the menu."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6 import QtCore
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence, QMouseEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QPushButton, QVBoxLayout, QWidget

from ui import style
from ui.jobs import Job, Jobs
from ui.messages import MessageBar, Messages
from ui.progress import JobBar
from ui.remembered import Remembered
from ui.stack import Stack
from ui.status import StatusLine
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from ui.finder import Found
    from ui.frame import DeskFrame
    from ui.opened import Opened
    from ui.recent import Recent

_LONG = 2.0  # seconds of work before somebody is asked whether it shall be stopped
_KEEP_AFTER = 1_000  # milliseconds
_TITLE_BAR = 3  # letters that the frame around the window may take

Act = tuple[str, str, Callable[[], object]]
"""A menu entry: its words, its key, what it does."""

_BARE = "QStatusBar { background: transparent; border-color: transparent; }"
"""The line below as if it was not there. By a sheet of its own: to ask for its style would load all names of styles."""


class Window(QMainWindow):
    """The window of the program."""

    closed = Signal()
    leave_wanted = Signal()
    take_off_wanted = Signal(object, str)  # folder, passphrase
    redress_wanted = Signal()

    def __init__(self, remembered: Remembered, jobs: Jobs) -> None:
        super().__init__()
        self._remembered = remembered
        self._jobs = jobs
        self.setWindowTitle(tr("VillageDesk"))
        self._bar = MessageBar()
        self.messages = Messages(self, self._bar)
        self._front = Stack()
        self.frame: DeskFrame | None = None
        self._status = StatusLine()
        self._progress = JobBar()
        self._covered: QWidget | None = None
        self._moved = QTimer(self)
        self._moved.setSingleShot(True)
        self._moved.timeout.connect(self._keep_place)
        self._help = QAction(self)
        self._help.triggered.connect(self.show_help)
        self.addAction(self._help)
        self._assemble()
        jobs.started.connect(self._on_job)
        jobs.failed.connect(self.messages.tell_error)
        self._restore()
        style.dress(self)

    @property
    def front(self) -> QWidget | None:
        """What fills the window now."""
        return self._front.currentWidget()

    def show_front(self, widget: QWidget) -> None:
        """Let ``widget`` fill the window in place of what was there."""
        self.close_help()
        self._bar.hide()  # what was said stood above what goes now
        before = self._front.currentWidget()
        here = QApplication.focusWidget()
        if before is not None and here is not None and before.isAncestorOf(here):
            here.clearFocus()
        self._front.addWidget(widget)
        self._front.setCurrentWidget(widget)
        if before is not None and before is not widget:
            self._front.removeWidget(before)
            before.deleteLater()
        _go_into(widget)

    def show_desk(self, opened: Opened, page: str, place: Mapping[str, Any]) -> None:
        """Let the open desk or hub fill the window, at this page."""
        from ui.frame import DeskFrame

        self.frame = DeskFrame(opened.pages)
        self.show_front(self.frame)
        self.frame.went.connect(self._on_went)
        self._make_menu(self.frame, opened.recent)
        self.frame.finder.others = partial(self._found_beside, self.frame)
        self._status.show()
        self._show_line(True)
        self.frame.open(opened.context, opened.ask, page, place)

    def _found_beside(self, frame: DeskFrame, typed: str) -> Sequence[Found]:
        from ui.targets import targets  # brings the manual along: with the first word sought, not with the first page

        return targets(self, frame, typed)

    def show_help(self) -> None:
        """Open the manual over what fills the window, at the page that speaks of it."""
        if self._covered is None:
            front = self._front.currentWidget()
            self.show_manual(self.frame.topic if self.frame is not None else str(getattr(front, "topic", "")))

    def show_manual(self, topic: str) -> None:
        """Open the manual over what fills the window, at ``topic``."""
        from ui.help.view import HelpView

        self.close_help()
        view = HelpView()
        view.closed.connect(self.close_help)
        view.keys_wanted.connect(self.show_keys)
        view.print_wanted.connect(self._print_manual)
        self._covered = self._front.currentWidget()
        if self.frame is not None:
            self.frame.finder.leave()
        self._front.addWidget(view)
        self._front.setCurrentWidget(view)
        view.show_topic(topic)
        view.setFocus()

    @QtCore.Slot()
    def close_help(self) -> None:
        """Back to what the manual covered."""
        covered, self._covered = self._covered, None
        view = self._front.currentWidget()
        if covered is not None and view is not None:
            self._front.setCurrentWidget(covered)
            self._front.removeWidget(view)
            view.deleteLater()
            _go_into(covered)

    def _on_went(self, page: str) -> None:
        """Another page is in front: the manual and the good news of the one before go; where the user is is kept."""
        self.close_help()
        self._bar.grow_old()
        frame = self.frame
        if frame is not None and page != frame.pages.first:
            kind = frame.pages.kind_of(page)
            self._remembered.keep(f"last/{frame.pages.first}", kind.under or kind.key)

    def leave_desk(self) -> None:
        """The desk is closed: no menu, no status line."""
        self.frame = None
        self.menuBar().clear()
        self._status.hide()
        self._show_line(False)
        self.setWindowTitle(tr("VillageDesk"))

    def take_off(self, folder: Path, passphrase: str) -> None:
        """Ask for the desk to be closed and taken off this computer."""
        self.take_off_wanted.emit(folder, passphrase)

    def redress(self, change: Callable[[], object]) -> bool:
        """Make ``change`` of language or look, then everything in the window anew; False when unsaved work stays."""
        if self.frame is not None and not self.frame.may_close():
            return False
        if self.frame is not None:
            self.frame.empty(partial(self._redress, change))  # or pages would be dressed that are made anew
        else:
            self._redress(change)
        return True

    def _redress(self, change: Callable[[], object]) -> None:
        change()
        self._bar.retranslate()
        self._progress.retranslate()
        QTimer.singleShot(0, self.redress_wanted.emit)

    @property
    def status(self) -> StatusLine:
        """The line below."""
        return self._status

    def go(self, page: str, **place: Any) -> bool:
        """Show a page of the open desk."""
        return self.frame is not None and self.frame.go(page, **place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 before a desk is open (a shortcut would cost the first frame all names of Qt); Enter on a button."""
        here = QApplication.focusWidget()
        if event.key() == QtCore.Qt.Key.Key_F1:
            self.show_help()
        elif event.key() in {QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter} and isinstance(here, QPushButton):
            here.click()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The side buttons of a mouse go back and forward, as Alt+Left and Alt+Right do."""
        buttons, frame = QtCore.Qt.MouseButton, self.frame
        if frame is None or event.button() not in {buttons.BackButton, buttons.ForwardButton}:
            super().mousePressEvent(event)
        elif event.button() == buttons.ForwardButton:
            frame.forward()
        elif self._covered is not None:
            self.close_help()
        else:
            frame.back()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the window stands is remembered soon: a computer may go out before it is closed."""
        super().resizeEvent(event)
        self._moved.start(_KEEP_AFTER)

    def moveEvent(self, event: QMoveEvent) -> None:
        """The same for its place."""
        super().moveEvent(event)
        self._moved.start(_KEEP_AFTER)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask for what is not saved; let running work end whole; remember the place."""
        if (self.frame is not None and not self.frame.may_close()) or not self.may_stop_work(say("Stop it and quit")):
            event.ignore()
            return
        for job in self._jobs.running:
            job.cancel()
        self._moved.stop()
        self._keep_place()
        self.closed.emit()
        super().closeEvent(event)

    def may_stop_work(self, stop: Text) -> bool:
        """Ask whether long work shall be stopped, by ``stop``; True when there is none."""
        since = time.monotonic() - _LONG
        far = next(((job, job.far) for job in self._jobs.running if job.far is not None and job.began <= since), None)
        if far is None:
            return True
        job, (done, total) = far
        agreed = self.messages.ask(
            say("“{work}” is still at work: {done} of {total}. Stop it?", work=job.title, done=done, total=total), stop,
            detail=say("What is not finished is left undone; nothing stays half done."), danger=True,
        )  # fmt: skip
        for each in self._jobs.running if agreed else ():
            each.cancel()
        return agreed

    def _assemble(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._front, 1)
        self.setCentralWidget(middle)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self._status, 1)
        self.statusBar().addPermanentWidget(self._progress)
        self._status.hide()
        self.statusBar().setStyleSheet(_BARE)
        self._progress.appeared.connect(self._show_line)

    def _show_line(self, there: bool) -> None:
        """Before a desk is open the line below is seen only while there is work; its room stays: nothing moves."""
        self.statusBar().setStyleSheet(_BARE if not there and self.frame is None else "")

    def _keep_place(self) -> None:
        self._remembered.keep("window/geometry", self.saveGeometry())

    def _restore(self) -> None:
        room = self.screen().availableSize() - QtCore.QSize(0, style.letters() * _TITLE_BAR)
        self.resize(QtCore.QSize(style.letters() * 86, style.letters() * 52).boundedTo(room))
        self.restoreGeometry(self._remembered.state("window/geometry"))

    def _make_menu(self, frame: DeskFrame, recent: Recent | None) -> None:
        from ui.pagemenu import PageMenu

        bar = self.menuBar()
        bar.clear()
        first = bar.addMenu(tr("Desk"))
        of_page = bar.addMenu(PageMenu(frame, self))
        self._fill(first, (
            *self._daily_acts(frame),
            (tr("What can be done on this page"), "Ctrl+M", lambda: bar.setActiveAction(of_page)),
            (tr("Lock the desk"), "Ctrl+L", self.leave_wanted.emit),
            (tr("Quit"), "Ctrl+Q", self.close),
        ))  # fmt: skip
        self._make_go_menu(bar.addMenu(tr("Go")), frame, recent)
        helping = bar.addMenu(tr("Help"))
        self._help.setText(tr("Manual: this page"))
        self._help.setShortcut(QKeySequence("F1"))
        helping.addAction(self._help)
        self._fill(helping, (
            (tr("Keyboard map"), "Ctrl+F1", self.show_keys),
            (tr("Print the hand-out (2 pages)"), "", partial(self._print_manual, "handout")),
            (tr("Print the whole manual"), "", partial(self._print_manual, "manual")),
        ))  # fmt: skip

    def _daily_acts(self, frame: DeskFrame) -> Iterable[Act]:
        """What is done every day at a desk; a hub has no such pages."""
        acts = (
            ("import", (tr("Import a roster…"), "Ctrl+I", lambda: self.go("import"))),
            ("household", (tr("New household"), "Ctrl+N", lambda: self.go("household", household_id=""))),
            ("papers", (tr("Print papers…"), "Ctrl+Shift+P", lambda: self.go("papers"))),
            ("settings", (tr("Last steps, to take one back"), "Ctrl+Alt+Z", lambda: self.go("settings", field="acts"))),
        )
        known = {page.key for page in frame.pages.pages}
        return [act for key, act in acts if key in known]

    def _make_go_menu(self, menu: QMenu, frame: DeskFrame, recent: Recent | None) -> None:
        self._fill(menu, (
            (tr("Find"), "Ctrl+K", self._find),
            (tr("Back"), "Alt+Left", frame.back),
            (tr("Forward"), "Alt+Right", frame.forward),
            (tr("Next page of the group"), "Ctrl+PgDown", lambda: frame.step(1)),
            (tr("Page of the group before"), "Ctrl+PgUp", lambda: frame.step(-1)),
        ))  # fmt: skip
        if recent is not None:
            from ui.lately import remember

            menu.addMenu(remember(frame, recent, self))
        menu.addSeparator()
        go_group = frame.navigation.go_group
        for number, group in enumerate(frame.pages.shown_groups(), 1):
            key, pages = f"Ctrl+{number}", frame.pages.pages_of(group.key)
            self._fill(menu, ((str(group.title), key, partial(go_group, group.key)),))
            if len(pages) > 1:
                self._fill(
                    menu,
                    ((f"        {page.title}", "", partial(self.go, page.key)) for page in pages),
                )

    def _fill(self, menu: QMenu, acts: Iterable[Act]) -> None:
        for words, key, slot in acts:
            action = QAction(words, self)
            if key:
                action.setShortcut(QKeySequence(key))
            action.setShortcutContext(QtCore.Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(slot)
            menu.addAction(action)

    def follow_system(self) -> None:
        """The computer went dark or light: so does the window whose user wishes it."""
        if self._remembered.word("look") == style.SYSTEM:
            app = cast("QApplication", QApplication.instance())
            self.redress(lambda: style.apply(app, style.SYSTEM, self._remembered.number("scale", 100)))

    def _find(self) -> None:
        self.close_help()
        if self.frame is not None:
            self.frame.finder.setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)
            self.frame.finder.selectAll()

    def show_keys(self) -> None:
        """Every key of the program on one sheet."""
        from ui.keymap import KeyMap

        self.messages.show_dialog(KeyMap(self))

    def _print_manual(self, name: str) -> None:
        from ui.help import manual
        from ui.papers.output import PaperOutput
        from ui.pdfview import Sheets
        from villagedesk.text import language

        pdf = manual.pdf(language(), name)
        sheets = Sheets(pdf)
        pages = len(sheets.sizes)
        sheets.close()
        PaperOutput(self, self._jobs, self.messages, self._remembered).print(pdf, pages)

    def _on_job(self, job: Job) -> None:
        self._progress.watch(job)


def _go_into(front: QWidget) -> None:
    """The cursor where the page begins; by way of the page itself, a screen reader would hear the page last."""
    first: QWidget = getattr(front, "first", front)
    first.setFocus()

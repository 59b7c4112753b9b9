"""``python -m ui.gallery [DIR]``: a picture of every page, in both languages and three sizes of letters.

The pictures are of the program as it is, on a village of invented people. Beside them lie ``sheet-1.png`` … with nine
pictures each, and ``faults.txt``: words cut off and windows grown, found by measuring, and what Qt warned of.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QSize, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ui import doors, gallery_every, gallery_faults, gallery_hub, gallery_scenes, style
from ui.app import Program, make_application
from ui.gallery_scenes import Scene
from ui.remembered import Remembered
from ui.slices import SlicedCards
from villagedesk import text

_PATIENCE = 120  # seconds; other work may share the machine
_AFTER = 0.2
_ROUNDS = 12
_OF_NO_SCREEN = "propagateSizeHints"  # said at every show where there is no screen


class Gallery:
    """Walks the program and takes the pictures."""

    def __init__(
        self, app: QApplication, program: Program, folder: Path, screen: QSize, only: Sequence[str] = ()
    ) -> None:
        self._app = app
        self._program = program
        self._folder = folder
        self._screen = screen
        self._only = tuple(only)
        self._name = ""
        self._asked: set[str] = set()  # scenes whose picture is that of a dialog
        self.taken: list[Path] = []
        self.faults: list[str] = []
        qInstallMessageHandler(lambda _kind, _where, said: self._on_warning(said))
        setattr(program.window.messages, "show_dialog", self._on_dialog)  # noqa: B010  in place of waiting for an answer

    def walk(self, desk: Path, roster: Path) -> None:
        """Take a picture of everything, before and behind the passphrase; ``roster`` is shown as an import."""
        self._take(gallery_scenes.before(self._program, desk))
        gallery_scenes.open_desk(self._program, desk)
        self._settle()
        if self._program.desk is not None:
            gallery_scenes.stage(self._program.desk)
        self._take(gallery_scenes.behind(self._program, roster))
        self._take(gallery_scenes.dialogs(self._program))

    def walk_hub(self, hub: Path) -> None:
        """Take a picture of every page of a township's hub."""
        self._take([("70-hub-setup", self._program.entrance.show_hub_set_up)])
        gallery_scenes.open_desk(self._program, hub)
        self._settle()
        self._take(gallery_scenes.hub(self._program))

    def walk_empty(self, desk: Path) -> None:
        """Take a picture of every page of a desk in which nothing stands yet."""
        gallery_scenes.open_desk(self._program, desk)
        self._settle()
        self._take(gallery_scenes.empty(self._program))

    def _on_warning(self, said: str) -> None:
        if _OF_NO_SCREEN not in said:
            self.faults.append(f"{self._name}: Qt says {said}")

    def _take(self, scenes: Iterable[Scene]) -> None:
        for name, show in scenes:
            self._name = name
            show()
            self._program.window.resize(self._screen)
            wanted = not self._only or name.startswith(self._only)
            self._settle(0.4 if wanted else 0.0)
            if wanted and name not in self._asked:
                self._take_widget(name, self._program.window)

    def _on_dialog(self, dialog: QDialog) -> bool:
        dialog.show()
        self._settle()
        if not self._only or self._name.startswith(self._only):
            self._take_widget(self._name, dialog)
        self._asked.add(self._name)
        dialog.close()
        dialog.deleteLater()
        return False

    def _take_widget(self, name: str, widget: QWidget) -> None:
        file = self._folder / f"{name}.png"
        widget.grab().save(str(file))
        if file not in self.taken:
            self.taken.append(file)
        self.faults += [f"{name}: {fault}" for fault in gallery_faults.faults(widget, self._screen)]

    def _growing(self) -> bool:
        """Whether cards are still put on the page in front."""
        return any(part.isVisible() and not part.whole for part in self._program.window.findChildren(SlicedCards))

    def _settle(self, rest: float = 0.4) -> None:
        until = time.monotonic() + max(rest, 0.01)
        limit = time.monotonic() + _PATIENCE
        while time.monotonic() < min(until, limit):
            if self._program.jobs.running or self._growing():  # what it brings is laid out after it
                until = max(until, time.monotonic() + _AFTER)
            self._app.processEvents()
            time.sleep(0.01)
        for _ in range(_ROUNDS):  # on a busy machine the time is over before every layout has had its turn
            self._app.processEvents()
            time.sleep(0.005)
        self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # as a running event loop would
        self._app.processEvents()


def asked(arguments: Sequence[str]) -> argparse.Namespace:
    """What the words of the command line ask for."""
    parser = argparse.ArgumentParser(prog="python -m ui.gallery", description="Photograph every page of the program.")
    add = parser.add_argument
    add("folder", nargs="?", default="gallery", type=Path, help="where the pictures go (default: gallery)")
    add("--lang", choices=text.LANGUAGES, help="only this language, in one size of letters")
    add("--scale", type=int, help="only this size of letters, in percent, in one language")
    add("--look", choices=style.LOOKS, default="light", help="colours of the window")
    add("--size", default=QSize(1366, 768), type=_size, help="size of the screen, as 1366x768")
    add("--only", action="append", default=[], help="only the pictures whose names begin so, again for more")
    add("--desk", type=Path, help="a demo desk; without it a village is made in the folder, once")
    add("--role", choices=("desk", "empty", "hub"), action="append", help="what to show, again for more (desk and hub)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Make the demo village where it is missing, and the pictures."""
    wanted = asked(arguments)
    folder = wanted.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    desk = wanted.desk or doors.make_demo(folder / "demo")(lambda _done, _total: None)
    if wanted.lang or wanted.scale:
        return _one(folder, desk, wanted)
    rest = [word for word in arguments if word.startswith("--") and not word.startswith("--desk=")]
    for made in gallery_every.every(folder, desk, rest):
        print(made, flush=True)  # noqa: T201  a program of the command line
    return 0


def _size(words: str) -> QSize:
    wide, _, high = words.partition("x")
    return QSize(int(wide), int(high))


def _walk(gallery: Gallery, program: Program, folder: Path, desk: Path, roles: Sequence[str]) -> None:
    if "desk" in roles:
        shutil.rmtree(folder / "desk", ignore_errors=True)
        shutil.copytree(desk, folder / "desk")
        gallery.walk(folder / "desk", desk.parent / "roster.xlsx")
        program.lock()
    if "empty" in roles:
        gallery.walk_empty(gallery_scenes.new_desk(folder / "empty"))
        program.lock()
    if "hub" in roles:
        gallery.walk_hub(gallery_hub.stage(desk.parent / "hub", folder))


def _one(folder: Path, desk: Path, wanted: argparse.Namespace) -> int:
    settings = folder / "gallery.ini"
    settings.unlink(missing_ok=True)
    remembered = Remembered(settings)
    remembered.keep("scale", str(wanted.scale or 100))
    remembered.keep("look", wanted.look)
    remembered.keep("language", wanted.lang or text.DEFAULT_LANGUAGE)
    app = make_application(sys.argv[:1], remembered, wanted.lang or text.DEFAULT_LANGUAGE)
    program = Program(remembered)
    program.window.resize(wanted.size)
    program.start()
    gallery = Gallery(app, program, folder, wanted.size, wanted.only)
    _walk(gallery, program, folder, desk, wanted.role or ("desk", "hub"))
    program.window.close()
    gallery_every.contact_sheets(folder)
    (folder / "faults.txt").write_text("\n".join(gallery.faults), "utf-8")
    print(len(gallery.taken), "pictures,", len(gallery.faults), "faults in", folder)  # noqa: T201  likewise
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""``python -m ui.gallery [DIR]``: a picture of every page, in both languages and three sizes of letters.

With ``--lang=zh_CN|en`` or ``--scale=100`` only that one. Further words: ``--look=light|dark|contrast
--size=1366x768 --desk=DIR --role=desk|hub`` (both without it).

The pictures are of the program as it is, on a village of invented people. Beside them lie ``sheet-1.png`` … with nine
pictures each, and ``faults.txt``: words cut off and windows grown, found by measuring.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ui import doors, gallery_every, gallery_faults, gallery_hub, gallery_scenes
from ui.app import Program, make_application
from ui.gallery_scenes import Scene
from ui.remembered import Remembered
from villagedesk import text

_PATIENCE = 30  # seconds


class Gallery:
    """Walks the program and takes the pictures."""

    def __init__(self, app: QApplication, program: Program, folder: Path, screen: QSize) -> None:
        self._app = app
        self._program = program
        self._folder = folder
        self._screen = screen
        self._name = ""
        self.taken: list[Path] = []
        self.faults: list[str] = []
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

    def _take(self, scenes: Iterable[Scene]) -> None:
        for name, show in scenes:
            self._name = name
            show()
            self._program.window.resize(self._screen)
            self._settle()
            if self._folder / f"{name}.png" not in self.taken:
                self._take_widget(name, self._program.window)

    def _on_dialog(self, dialog: QDialog) -> bool:
        dialog.show()
        self._settle()
        self._take_widget(self._name, dialog)
        dialog.close()
        dialog.deleteLater()
        return False

    def _take_widget(self, name: str, widget: QWidget) -> None:
        file = self._folder / f"{name}.png"
        widget.grab().save(str(file))
        if file not in self.taken:
            self.taken.append(file)
        self.faults += [f"{name}: {fault}" for fault in gallery_faults.faults(widget, self._screen)]

    def _settle(self) -> None:
        until = time.monotonic() + 0.4
        limit = time.monotonic() + _PATIENCE
        while time.monotonic() < until or (self._program.jobs.running and time.monotonic() < limit):
            self._app.processEvents()
            time.sleep(0.01)
        self._app.processEvents()


def main(arguments: list[str]) -> int:
    """Make the demo village where it is missing, and the pictures."""
    words = {key: value for key, _, value in (word[2:].partition("=") for word in arguments if word.startswith("--"))}
    folder = Path(next((word for word in arguments if not word.startswith("--")), "gallery")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    desk = Path(words["desk"]) if "desk" in words else doors.make_demo(folder / "demo")(lambda _done, _total: None)
    if "lang" in words or "scale" in words:
        return _one(folder, desk, words)
    rest = [word for word in arguments if word.startswith("--") and not word.startswith("--desk=")]
    for made in gallery_every.every(folder, desk, rest):
        print(made, flush=True)  # noqa: T201
    return 0


def _one(folder: Path, desk: Path, words: Mapping[str, str]) -> int:
    shutil.rmtree(folder / "desk", ignore_errors=True)
    shutil.copytree(desk, folder / "desk")
    settings = folder / "gallery.ini"
    settings.unlink(missing_ok=True)
    remembered = Remembered(settings)
    for key, default in (("scale", "100"), ("look", "light")):
        remembered.keep(key, words.get(key, default))
    app = make_application(sys.argv[:1], remembered, words.get("lang", text.DEFAULT_LANGUAGE))
    program = Program(remembered)
    wide, high = (int(part) for part in words.get("size", "1366x768").split("x"))
    program.window.resize(wide, high)
    program.start()
    gallery = Gallery(app, program, folder, QSize(wide, high))
    if words.get("role", "desk") == "desk":
        gallery.walk(folder / "desk", desk.parent / "roster.xlsx")
    if words.get("role", "hub") == "hub":
        program.lock()
        gallery.walk_hub(gallery_hub.stage(desk.parent / "hub", folder))
    program.window.close()
    (folder / "faults.txt").write_text("\n".join(gallery.faults), "utf-8")
    print(len(gallery.taken), "pictures,", len(gallery.faults), "faults in", folder)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

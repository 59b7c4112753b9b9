"""Types pinyin by real keys into the real window, with IBus between: started by ``test_gui_input_method`` on a server.

    python -m tests.gui.typist DESK PASSPHRASE

Prints as JSON what stood in each editor before the choice and after it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit

from ui.app import Program, make_application
from ui.households.form import HouseholdForm
from ui.remembered import Remembered

_PATIENCE = 30.0


def main(folder: Path, passphrase: str) -> None:
    """The search box by Ctrl+K, then the name of a new member."""
    remembered = Remembered(folder.parent / "settings.ini")
    make_application(["typist"], remembered, "zh_CN")
    program = Program(remembered)
    program.window.resize(1366, 768)
    program.start()
    program.window.show()
    program.entrance.unlock(folder, "", passphrase)
    _until(lambda: program.desk is not None and not program.jobs.running)
    program.window.activateWindow()
    _until(lambda: QApplication.activeWindow() is not None)

    finder = program.window.frame.finder
    _keys("key", "ctrl+k")
    _until(finder.hasFocus)
    said = {"finder": _typed(finder)}
    program.window.go("household", household_id="")
    form = program.window.frame.page
    assert isinstance(form, HouseholdForm)
    form.show_field("members.0.name")
    if form.binder.row_of("members.0.name") is None:
        form.members.add()
        form.show_field("members.0.name")
    row = form.binder.row_of("members.0.name")
    assert row is not None
    assert isinstance(row.editor, QLineEdit)
    said["form"] = [*_typed(row.editor), form.binder.draft.members[0].name]
    print(json.dumps(said))


def _typed(editor: QLineEdit) -> list[str]:
    _until(editor.hasFocus)
    _rest(0.5)
    _keys("type", "--delay", "120", "zhangsan")
    _rest(1.0)
    before = editor.text()
    _keys("key", "space")
    _until(lambda: bool(editor.text()) and editor.text() != before)
    return [before, editor.text()]


def _keys(*words: str) -> None:
    hands = subprocess.Popen(["xdotool", *words])
    _until(lambda: hands.poll() is not None)


def _until(met: Callable[[], bool]) -> None:
    ends = time.monotonic() + _PATIENCE
    while not met():
        if time.monotonic() > ends:
            raise TimeoutError
        QApplication.processEvents()
        time.sleep(0.01)


def _rest(seconds: float) -> None:
    ends = time.monotonic() + seconds
    _until(lambda: time.monotonic() > ends)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

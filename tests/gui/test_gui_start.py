"""What a start may load: the first frame without the core, the first page without printing and scanning."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.gui.windowed import PASSPHRASE

ROOT = Path(__file__).resolve().parents[2]
FIRST_FRAME = """
import json, sys
from pathlib import Path
from ui.app import Program, make_application
from PySide6.QtCore import QTimer
from ui.remembered import Remembered
remembered = Remembered(Path(sys.argv[1]) / "window.ini")
app = make_application(["villagedesk"], remembered)
program = Program(remembered, folder=Path(sys.argv[2]) if len(sys.argv) > 2 else None)
program.window.show()
app.processEvents()
"""
FIRST_PAGE = """
program.entrance.unlock(Path(sys.argv[2]), "", sys.argv[3])
program.entrance.opened.connect(lambda _: QTimer.singleShot(0, app.quit))
app.exec()
"""
SAY = """
import linecache, os, PySide6.QtCore
loaded = [*sys.modules, *(f"Qt.{name}" for name in vars(PySide6.QtCore)), *linecache.cache]
os.write(1, json.dumps(loaded).encode())
os._exit(0)
"""


def _loaded(program: str, *arguments: str) -> set[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program + SAY, *arguments], env=environment, capture_output=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout))


def test_the_first_frame_loads_nothing_of_the_core(tmp_path: Path, prepared: Path) -> None:
    for arguments in ((str(tmp_path),), (str(tmp_path), str(prepared / "desk"))):
        loaded = _loaded(FIRST_FRAME, *arguments)
        assert "ui.window" in loaded
        early = {"sqlalchemy", "villagedesk.desk", "villagedesk.values", "ui.frame", "ui.doors", "decimal", "Qt.Qt"}
        assert loaded & early == set()


def test_the_first_page_loads_nothing_that_prints_or_scans(tmp_path: Path, prepared: Path) -> None:
    loaded = _loaded(FIRST_FRAME + FIRST_PAGE, str(tmp_path), str(prepared / "desk"), PASSPHRASE)
    assert "ui.today.page" in loaded
    late = {"reportlab", "pikepdf", "pypdfium2", "PIL", "zxingcpp", "xlsxwriter", "python_calamine"}
    late |= {"_ssl", "email", "pyrage.pyrage", "tarfile"}  # what libraries would bring along: villagedesk.standins
    assert loaded & late == set()


def test_no_import_reads_the_source_of_what_it_imports(tmp_path: Path, prepared: Path) -> None:
    """PySide6 does, once a process has begun with it; see ui/__init__.py."""
    loaded = _loaded(FIRST_FRAME + FIRST_PAGE, str(tmp_path), str(prepared / "desk"), PASSPHRASE)
    assert [name for name in loaded if name.endswith(("/ui/window.py", "/villagedesk/desk.py"))] == []


def test_a_passphrase_is_tried_before_anything_else_is_loaded() -> None:
    """It takes as long as the import of SQLAlchemy and the core, and runs beside them (decision 0072)."""
    loaded = _loaded("import json, sys\nimport villagedesk.services.entering")
    assert "villagedesk.store.vault" in loaded
    assert [name for name in loaded if name.partition(".")[0] == "sqlalchemy"] == []

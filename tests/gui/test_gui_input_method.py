"""A real Chinese input method: pinyin by real keys through IBus, on an X server and a session bus of their own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gui.windowed import PASSPHRASE

ROOT = Path(__file__).resolve().parents[2]
_MISSING = [
    tool for tool in ("Xvfb", "xvfb-run", "xdotool", "dbus-run-session", "ibus-daemon") if shutil.which(tool) is None
]
if not _MISSING and not Path("/usr/share/ibus/component/pinyin.xml").exists():
    _MISSING = ["ibus-pinyin"]

pytestmark = pytest.mark.skipif(
    bool(_MISSING), reason=f"NO REAL INPUT METHOD WAS TRIED: this machine lacks {', '.join(_MISSING)}"
)
_SESSION = """
ibus-daemon --panel disable --config default &
for n in $(seq 100); do ibus engine pinyin && break; sleep 0.3; done
exec {python} -m tests.gui.typist {desk} {passphrase}
"""


def test_pinyin_typed_by_real_keys_arrives_as_chinese(prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared / "desk", tmp_path / "desk")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    session = _SESSION.format(
        python=shlex.quote(sys.executable), desk=shlex.quote(str(tmp_path / "desk")), passphrase=shlex.quote(PASSPHRASE)
    )
    folders = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"), home)
    environment = {**os.environ, **folders, "QT_QPA_PLATFORM": "xcb", "QT_IM_MODULE": "ibus", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["xvfb-run", "-a", "-s", "-screen 0 1366x768x24", "dbus-run-session", "--", "bash", "-c", session],
        env={name: str(value) for name, value in environment.items()},
        capture_output=True, text=True, check=False, timeout=300, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said == {"finder": ["", "张三"], "form": ["", "张三", "张三"]}

"""The built folder, run as a village laptop would: nothing of the checkout, a Chinese home, no settings of the shell.

Not part of the usual tests: build first (``python3 packaging/installers.py linux``), then ``pytest tests/frozen``.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "build" / "frozen" / "villagedesk"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "驻村 工作队"
    folder.mkdir()
    return folder


def run(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    surroundings = {"HOME": str(home), "PATH": "/usr/bin:/bin", "VILLAGEDESK_PASSPHRASE": "a village", **variables}
    return subprocess.run(
        [FOLDER / "villagedesk", *words], cwd=home, env=surroundings, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("locale", ["", "C", "C.UTF-8", "zh_CN.GB18030"])
def test_every_part_opens_under_every_locale(home, locale):
    done = run(home, "selftest", "--json", LC_ALL=locale)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout).values()) == {"ok"}


def test_the_main_job_runs_from_end_to_end(home):
    done = run(home, "demo", str(home / "示范村"), "--households", "4")
    assert done.returncode == 0, done.stderr
    assert list(home.glob("示范村/papers/**/*.pdf"))


def test_a_window_without_a_screen_leaves_its_picture(home):
    picture = home / "窗口.png"
    words = ("demo", str(home / "示范村"), "--households", "4", "--screenshot", str(picture))
    done = run(home, *words, QT_QPA_PLATFORM="offscreen", DBUS_FATAL_WARNINGS="0")
    assert done.returncode == 0, done.stderr
    assert picture.stat().st_size > 10_000


def test_an_unencrypted_sqlite_is_not_even_here():
    assert not list(FOLDER.rglob("libsqlite3*"))

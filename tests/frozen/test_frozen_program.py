"""The built folder, run as a village laptop would: nothing of the checkout, a Chinese home, no settings of the shell.

Not part of the usual tests: build first (``python3 packaging/installers.py linux``), then ``pytest tests/frozen``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.server.running import Server, programs, started

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


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if not programs():
        pytest.skip("no PostgreSQL server on this machine; type: sudo apt-get install postgresql")
    with started() as running:
        yield running


def test_a_township_keeps_its_records_on_a_server(home, server):
    words = ("hub", "new", str(home / "乡镇"), "--name", "柳河镇", "--township", "321324106", "--json")
    done = run(home, *words, "--database", server.fresh())
    assert done.returncode == 0, done.stderr
    shown = run(home, "hub", "status", str(home / "乡镇"), "--json")
    assert shown.returncode == 0, shown.stderr
    assert not (home / "乡镇" / "hub.db").exists()


ORDER = """
import ctypes, sys
folder, number = sys.argv[1:]
for name in ("data", "uc", "i18n"):
    icu = ctypes.CDLL(f"{folder}/libicu{name}.so.{number}", mode=ctypes.RTLD_GLOBAL)
fault = ctypes.c_int(0)
opened = getattr(icu, f"ucol_open_{number}")
opened.restype = ctypes.c_void_p
chinese = ctypes.c_void_p(opened(b"zh", ctypes.byref(fault)))
compare = getattr(icu, f"ucol_strcoll_{number}")
def earlier(one, other):
    one, other = one.encode("utf-16-le"), other.encode("utf-16-le")
    return compare(chinese, one, len(one) // 2, other, len(other) // 2) < 0
assert not fault.value
assert earlier("白", "张") and earlier("李", "王") and not earlier("赵", "安")
"""
"""In a process of its own: here Qt's whole ICU of the checkout may be loaded already."""


def test_chinese_words_are_ordered_by_sound_with_the_cut_data():
    libraries = FOLDER / "_internal" / "PySide6" / "Qt" / "lib"
    (data,) = libraries.glob("libicudata.so.*")
    assert data.stat().st_size < 6_000_000
    subprocess.run([sys.executable, "-c", ORDER, str(libraries), data.name.rpartition(".")[2]], check=True)


def test_an_unencrypted_sqlite_is_not_even_here():
    assert not list(FOLDER.rglob("libsqlite3*"))

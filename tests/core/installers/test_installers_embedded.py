"""Python for Windows: what the program needs lies flat beside it, compiled modules in one zip, and nothing else."""

from __future__ import annotations

import pytest
from release import embedded


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("cp311/python.exe", "python.exe"),
        ("cp311/vcruntime140_1.dll", "vcruntime140_1.dll"),
        ("cp311/LICENSE.txt", "LICENSE.txt"),
        ("cp311/DLLs/_ctypes.pyd", "_ctypes.pyd"),
        ("cp311/DLLs/libcrypto-3.dll", "libcrypto-3.dll"),
        ("cp311/DLLs/sqlite3.dll", ""),
        ("cp311/DLLs/_tkinter.pyd", ""),
        ("cp311/DLLs/py.ico", ""),
        ("cp311/Scripts/vcruntime140.dll", ""),
        ("cp311/vcomp140.dll", ""),
        ("cp311/Lib/json/__init__.py", ""),
    ],
)
def test_programs_and_libraries_lie_flat(name, target):
    assert embedded.place(name) == target


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("cp311/Lib/json/__init__.py", "json/__init__.py"),
        ("cp311/Lib/zipfile.py", "zipfile.py"),
        ("cp311/Lib/email/mime/text.py", "email/mime/text.py"),
        ("cp311/Lib/test/test_json/__init__.py", ""),
        ("cp311/Lib/sqlite3/dbapi2.py", ""),
        ("cp311/Lib/site-packages/pip/__init__.py", ""),
        ("cp311/Lib/turtledemo/clock.py", ""),
        ("cp311/Lib/LICENSE.txt", ""),
        ("cp311/Tools/demo/hanoi.py", ""),
    ],
)
def test_modules_keep_their_places_in_the_zip(name, target):
    assert embedded.module(name) == target


def test_nothing_the_program_imports_is_left_out():
    """The rest of UNUSED are the pruned modules, whose absence test_installers_prune tries."""
    assert not embedded.UNUSED & {"json", "email", "ctypes", "zipfile", "zoneinfo", "decimal", "asyncio", "ssl"}

"""No library of the folder looks for others at a place of the machine that built it."""

from __future__ import annotations

from pathlib import Path

import pytest
from release import elf

LIBRARY = b"\x7fELF code\0libx.so\0/home/builder/python/lib\0libc.so.6\0more"


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> None:
    """What objdump says of it."""
    monkeypatch.setattr(elf, "_objdump", lambda option, files: "  RUNPATH              /home/builder/python/lib\n")


@pytest.mark.usefixtures("said")
def test_a_foreign_place_becomes_the_library_s_own_folder_and_nothing_moves(tmp_path: Path):
    file = tmp_path / "a.so"
    file.write_bytes(LIBRARY)
    elf.own_paths_only(tmp_path)
    assert b"builder" not in file.read_bytes()
    assert len(file.read_bytes()) == len(LIBRARY)
    assert file.read_bytes().index(b"libc.so.6") == LIBRARY.index(b"libc.so.6")
    assert file.read_bytes().split(b"\0")[2] == b"$ORIGIN"


@pytest.mark.usefixtures("said")
def test_a_place_that_cannot_be_taken_out_stops_the_build(tmp_path: Path):
    (tmp_path / "a.so").write_bytes(LIBRARY + LIBRARY)
    with pytest.raises(ValueError, match="/home/builder"):
        elf.own_paths_only(tmp_path)


def test_its_own_folder_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(elf, "_objdump", lambda option, files: "  RUNPATH   $ORIGIN/../lib\n")
    (tmp_path / "a.so").write_bytes(LIBRARY)
    elf.own_paths_only(tmp_path)
    assert (tmp_path / "a.so").read_bytes() == LIBRARY

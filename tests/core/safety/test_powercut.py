"""A plug pulled at any moment costs no acknowledged step (DESIGN §5.1)."""

from __future__ import annotations

import pytest

from tests.reliability import powercut
from tests.reliability.disk import Disk
from tests.reliability.trace import Call, calls
from villagedesk import durable

needs_strace = pytest.mark.skipif(
    not powercut.possible(), reason="POWER CUTS WERE NOT TRIED: this machine lacks strace (apt-get install strace)"
)


@needs_strace
def test_two_dozen_power_cuts_cost_no_acknowledged_step_and_damage_nothing():
    tally = powercut.run(works=1, cuts=24, seed=7, tell=lambda _line: None)
    assert tally.kills["cut"] == 24
    assert tally.lost == []


def played(tmp_path, chance, *done):
    before = tmp_path / "before"
    before.mkdir()
    (before / "old").write_bytes(b"old")
    disk = Disk(tmp_path / "desk", before)
    for name, path, more in done:
        disk.take(Call(name, f"{tmp_path}/desk{path}", **more))
    disk.after_cut(tmp_path / "found", chance)
    return {path.name: path.read_bytes() for path in (tmp_path / "found").rglob("*") if path.is_file()}


class Unlucky:
    """Whatever is not flushed is lost."""

    def random(self):
        return 0.0

    def choice(self, options):
        return options[0]


def test_what_is_not_flushed_is_lost(tmp_path):
    wrote = ("pwrite64", "/old", {"data": b"new", "offset": 0})
    assert played(tmp_path, Unlucky(), wrote) == {"old": b"old"}


def test_a_flushed_file_whose_name_is_not_flushed_is_lost(tmp_path):
    made = ("openat", "/new", {"flags": "O_RDWR|O_CREAT"})
    wrote, flushed = ("pwrite64", "/new", {"data": b"new", "offset": 0}), ("fsync", "/new", {})
    assert played(tmp_path, Unlucky(), made, wrote, flushed) == {"old": b"old"}


def test_what_is_flushed_with_its_name_stays(tmp_path):
    made = ("openat", "/new", {"flags": "O_RDWR|O_CREAT"})
    wrote, flushed = ("pwrite64", "/new", {"data": b"new", "offset": 0}), ("fsync", "/new", {})
    assert played(tmp_path, Unlucky(), made, wrote, flushed, ("fsync", "", {})) == {"old": b"old", "new": b"new"}


def test_calls_are_read_as_strace_writes_them(tmp_path):
    log = tmp_path / "calls"
    log.write_text(
        r'7  openat(AT_FDCWD</tmp>, "\x2f\x61", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 3<\x2f\x61>'
        "\n"
        r'7  pwrite64(3<\x2f\x61>, "\x61\x62\x63", 3, 4096) = 2'
        "\n"
        r"7  fsync(3<\x2f\x61> <unfinished ...>"
        "\n"
        r'8  rename("\x2f\x61", "\x2f\x62") = -1 ENOENT (No such file or directory)'
        "\n"
        r"7  <... fsync resumed>)                = 0"
        "\n"
    )
    assert list(calls(log)) == [
        Call("openat", "/a", flags="O_RDWR|O_CREAT|O_CLOEXEC"),
        Call("pwrite64", "/a", data=b"ab", offset=4096),
        Call("fsync", "/a"),
    ]


def test_new_folders_are_flushed_into_the_folders_above(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(durable, "sync_folder", flushed.append)
    durable.make_folder(tmp_path / "a" / "b")
    assert flushed == [tmp_path, tmp_path / "a"]
    assert (tmp_path / "a" / "b").is_dir()

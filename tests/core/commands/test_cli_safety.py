"""``backup``, ``restore`` and ``verify`` of INTERFACE: what they print, their exit statuses, what they leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.commands.conftest import Run


@pytest.mark.parametrize("name", ["spring.vdbackup", "spring", "春.bak"])
def test_a_backup_of_any_name_is_verified_and_restored(desk: Path, tmp_path: Path, run: Run, name: str) -> None:
    status, said = run("backup", desk, tmp_path / name, "--json")
    assert (status, Path(said["backup"]).name) == (0, name)
    status, found = run("verify", tmp_path / name, "--json")
    assert (status, found["kind"], found["faults"]) == (0, "backup", [])
    assert run("restore", tmp_path / name, tmp_path / "again", "--json") == (
        0,
        {"desk": str(tmp_path / "again"), "kept_aside": ""},
    )
    assert run("verify", tmp_path / "again", "--json")[1]["kind"] == "desk"


def test_a_desk_in_the_way_is_kept_aside(desk: Path, tmp_path: Path, run: Run) -> None:
    run("backup", desk, tmp_path / "b")
    status, said = run("restore", tmp_path / "b", desk, "--json")
    assert status == 0
    assert run("verify", said["kept_aside"], "--json")[1]["faults"] == []


def test_damage_and_strangers_are_unreadable_and_change_nothing(desk: Path, tmp_path: Path, run: Run) -> None:
    run("backup", desk, tmp_path / "b")
    whole = (tmp_path / "b").read_bytes()
    middle = len(whole) // 2
    (tmp_path / "b").write_bytes(whole[:middle] + bytes(64) + whole[middle + 64 :])
    assert run("verify", tmp_path / "b")[0] == 3
    assert run("restore", tmp_path / "b", tmp_path / "again")[0] == 3
    assert not (tmp_path / "again").exists()
    (tmp_path / "letter.txt").write_text("dear township", "utf-8")
    assert run("verify", tmp_path / "letter.txt")[0] == 3
    assert run("verify", tmp_path / "nowhere")[0] == 3


def test_a_wrong_passphrase_opens_nothing(
    desk: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "another long passphrase")
    for words in (("verify", desk), ("backup", desk, tmp_path / "b"), ("list", desk, "households")):
        assert run(*words)[0] == 3
    assert not (tmp_path / "b").exists()


def test_every_part_opens(run: Run) -> None:
    status, said = run("selftest", "--json")
    assert status == 0
    assert set(said.values()) == {"ok"}

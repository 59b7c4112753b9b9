"""A release leaves the checks out only for the very commit that passed them here."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fresh import proof, python


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def run(*words: str) -> None:
        named = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", *named, *words], cwd=tmp_path, check=True, capture_output=True)

    monkeypatch.setattr(python, "ROOT", tmp_path)
    monkeypatch.setattr(python, "locks", lambda purpose: [])
    monkeypatch.setattr(proof, "NOTE", tmp_path / "build" / "proved")
    run("init", "-q")
    (tmp_path / ".gitignore").write_text("build/\n")
    (tmp_path / "program").write_text("1")
    run("add", "-A")
    run("commit", "-qm", "first")
    return run


def prove(work: Callable[[], object] = lambda: None) -> None:
    with proof.of_commit() as passed:
        work()
        passed()


def test_a_commit_that_passed_stands_until_the_next(git, tmp_path):
    assert not proof.stands()
    prove()
    assert proof.stands()
    git("commit", "-q", "--allow-empty", "-m", "second")
    assert not proof.stands()


def test_checks_that_fail_or_are_broken_off_take_the_proof_back(git):
    prove()
    with proof.of_commit():
        pass  # failed: nobody calls
    assert not proof.stands()


@pytest.mark.parametrize("when", ["before", "meanwhile", "after"])
def test_an_uncommitted_change_proves_nothing(git, tmp_path, when):
    def change() -> None:
        (tmp_path / "program").write_text("2")

    if when == "before":
        change()
    prove(change if when == "meanwhile" else lambda: None)
    if when == "after":
        change()
    assert not proof.stands()


def test_outside_of_git_nothing_is_proved(tmp_path, monkeypatch):
    monkeypatch.setattr(python, "ROOT", tmp_path)
    monkeypatch.setattr(proof, "NOTE", tmp_path / "build" / "proved")
    prove()
    assert not proof.stands()

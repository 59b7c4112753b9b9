"""A release says before its long work what would stop it: a tool, an uncommitted change, a silent change log."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from fresh.told import Stop
from release import order


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed checkout with a change log; every tool is there."""
    monkeypatch.setattr(order, "ROOT", tmp_path)
    monkeypatch.setattr(order, "version", lambda: "0.2.0")
    monkeypatch.setattr(shutil, "which", lambda tool: f"/usr/bin/{tool}")
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## 0.2.0\n\n- Something.\n", "utf-8")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "first")):
        named = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", *named, *words], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


@pytest.mark.usefixtures("checkout")
def test_what_is_in_order_may_go_on():
    order.check()


def test_a_missing_tool_is_told_with_its_package(checkout, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda tool: None if tool == "makensis" else f"/usr/bin/{tool}")
    with pytest.raises(Stop, match="apt-get install nsis"):
        order.check()


def test_an_uncommitted_change_is_named(checkout):
    (checkout / "half-done").touch()
    with pytest.raises(Stop, match="half-done"):
        order.check()


def test_a_version_the_change_log_does_not_know_is_told(checkout, monkeypatch):
    monkeypatch.setattr(order, "version", lambda: "0.3.0")
    with pytest.raises(Stop, match=r"0\.3\.0"):
        order.check()

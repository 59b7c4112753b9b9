"""The command line run in this process, and a desk that it made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from villagedesk.cli import main

PASSPHRASE = "a long enough passphrase"
VILLAGE = "321324111213"

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command; returns the status and what stood on standard output (parsed with --json)."""
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", PASSPHRASE)

    def command(*words: object) -> tuple[int, Any]:
        capfdbinary.readouterr()
        status = main([str(word) for word in words])
        said = capfdbinary.readouterr()
        assert b"Traceback" not in said.err
        assert status in {0, 1} or said.err.strip(), "a failure is told in words"
        return status, json.loads(said.out) if "--json" in words and said.out else said.out.decode()

    return command


@pytest.fixture
def desk(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "desk"
    status, _ = run("new", folder, "--profile", "jiangsu-2018", "--village", VILLAGE, "--name", "盛圩村", "--json")
    assert status == 0
    return folder

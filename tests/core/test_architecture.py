"""The walls of the house, as sentences: who may import whom, how long a file may be, what nobody may reach for."""

from __future__ import annotations

import ast
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("villagedesk", "ui")
WRITTEN = (*SHIPPED, "packaging", "tests")
NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "PySide6.QtNetwork", "requests", "smtplib", "socket",
    "socketserver", "ssl", "urllib.request", "urllib3", "xmlrpc",
}  # fmt: skip


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    """Every dotted name a file imports; ``from a import b`` gives both ``a`` and ``a.b``."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_arrows_of_docs_architecture_hold():
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_core_starts_without_qt():
    """Import-linter sees static imports only; this one also sees what they pull in."""
    code = "import importlib.util as u, sys\n"
    code += "import villagedesk.errors, villagedesk.values\n"
    code += "[__import__(m) for m in ('villagedesk.desk', 'villagedesk.hub', 'villagedesk.cli') if u.find_spec(m)]\n"
    code += "print([m for m in sys.modules if m.split('.')[0] in ('PySide6', 'shiboken6', 'ui')])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.returncode) == ("[]", 0), run.stderr


def test_the_program_imports_nothing_that_opens_a_socket():
    found = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in python_files(*SHIPPED)
        for name in imported(file)
        if any(name == banned or name.startswith(banned + ".") for banned in NETWORK)
    }
    assert not found


def test_no_file_is_longer_than_500_lines():
    counted = {str(f.relative_to(ROOT)): len(f.read_bytes().splitlines()) for f in python_files(*WRITTEN)}
    assert {name: lines for name, lines in counted.items() if lines > 500} == {}


def test_test_folders_are_no_packages():
    """In importlib mode a tests/…/__init__.py would shadow the package of the same name."""
    assert not list((ROOT / "tests").rglob("__init__.py"))
    assert not list((ROOT / "packaging").glob("__init__.py"))  # would hide the library called packaging


def test_a_test_that_reaches_for_the_network_fails():
    with socket.socket() as plain, pytest.raises(AssertionError, match="network"):
        plain.connect(("127.0.0.1", 9))
    with pytest.raises(AssertionError, match="network"):
        socket.create_connection(("example.invalid", 80))


def test_a_logged_warning_that_nobody_expects_fails_the_test(pytester_conftest):
    result = pytester_conftest("import logging\ndef test_x():\n    logging.getLogger('a').warning('disk is slow')\n")
    assert result.returncode == 1
    assert "disk is slow" in result.stdout


@pytest.fixture
def pytester_conftest(tmp_path):
    """Runs one test file under the conftest of this project, in a process of its own."""

    def run(source: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "test_one.py").write_text(source, encoding="utf-8")
        (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", str(tmp_path)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    assert logging.getLogger().level <= logging.WARNING
    return run

"""The checks of the house, one after the other; all run, whatever fails."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping

from fresh.python import ROOT, interpreter

TREE = ("villagedesk", "ui", "packaging", "tests")
CHECKS = {
    "ruff check": ("-m", "ruff", "check", *TREE),
    "ruff format": ("-m", "ruff", "format", "--check", "--quiet", *TREE),
    "mypy --strict": ("-m", "mypy"),
    "import-linter": ("-c", "from importlinter.cli import lint_imports_command as c; c()"),
    "pytest": (
        *("-m", "pytest", "--numprocesses", "2", "--dist", "worksteal", "--durations", "10"),
        *("--cov", "--cov-report", "term"),
    ),
}


def check(variables: Mapping[str, str]) -> int:
    """Run every check, print its output and time; 1 when any failed."""
    results = []
    for name, words in CHECKS.items():
        print(f"\n=== {name}", flush=True)
        started = time.monotonic()
        run = subprocess.run([str(interpreter()), *words], cwd=ROOT, env=variables, check=False)
        results.append((name, run.returncode == 0, time.monotonic() - started))
    print("\n=== 全部检查 / all checks")
    for name, good, seconds in results:
        print(f"{'ok  ' if good else 'FAIL'} {name:14} {seconds:6.1f} s")
    sys.stdout.flush()
    return 0 if all(good for _, good, _ in results) else 1

"""Lock the libraries of pyproject.toml: names, versions and the hashes of every file the index offers for them.

    .venv/bin/python packaging/lock.py                 keep what is locked, add and drop what pyproject.toml asks for
    .venv/bin/python packaging/lock.py --upgrade       take the newest that pyproject.toml allows
    .venv/bin/python packaging/lock.py --upgrade NAME  take the newest of one library

The lock is for every platform at once (Linux x86_64 and aarch64, Windows, macOS). The resolver is installed into a
folder that is thrown away; no address of an index is written anywhere.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESOLVER = "uv==0.13.9"
OPTIONS = (
    "--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--generate-hashes", "--no-emit-index-url",
    "--no-annotate", "--no-header", "--quiet", "--no-sources",
)  # fmt: skip
LOCKS = {
    "requirements.lock": ("pyproject.toml", "--extra", "hub"),
    "requirements-dev.lock": ("--group", "pyproject.toml:dev", "--constraints", "packaging/requirements.lock"),
    "requirements-release.lock": (
        *("--group", "pyproject.toml:release", "--constraints", "packaging/requirements.lock"),
        *("--constraints", "packaging/requirements-dev.lock"),
    ),
}


def resolver(folder: Path) -> Path:
    """The resolver's program, freshly installed into ``folder``."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", RESOLVER], check=True)
    return programs / "uv"


def upgrades(words: list[str]) -> list[str]:
    """The resolver's options for the words behind ``--upgrade``."""
    if words[:1] != ["--upgrade"]:
        return []
    return [option for name in words[1:] for option in ("--upgrade-package", name)] or ["--upgrade"]


def main(words: list[str]) -> None:
    """Write both locks beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        program = resolver(Path(folder))
        for name, what in LOCKS.items():
            target = HERE / name
            command = [str(program), "pip", "compile", *what, *OPTIONS, *upgrades(words), "--output-file", str(target)]
            subprocess.run(command, check=True, cwd=HERE.parent)
            print(target)


if __name__ == "__main__":
    main(sys.argv[1:])

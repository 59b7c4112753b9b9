"""The virtual environment: made without ensurepip, filled from the locks by the pip wheel that lies beside them."""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import subprocess
import sys
from pathlib import Path

from fresh.told import Stop, tell

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
STICK = ROOT / "wheels"
LOCKS = {"run": ("requirements.lock",), "test": ("requirements.lock", "requirements-dev.lock")}
WINDOWS = os.name == "nt"


def interpreter(environment: Path = ENVIRONMENT) -> Path:
    """The Python of the environment."""
    return environment / "Scripts" / "python.exe" if WINDOWS else environment / "bin" / "python"


def libraries(environment: Path = ENVIRONMENT) -> Path:
    """Where this version of Python keeps the libraries of the environment."""
    if WINDOWS:
        return environment / "Lib" / "site-packages"
    return environment / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def locks(purpose: str, folder: Path = ROOT / "packaging") -> list[Path]:
    """The lock files of a purpose, ``run`` or ``test``."""
    return [folder / name for name in LOCKS[purpose]]


def fingerprint(files: list[Path]) -> str:
    """What the environment depends on: the locks, the version of Python, the kind of machine, this folder."""
    digest = hashlib.sha256(repr((sys.version_info[:2], platform.machine(), str(ROOT))).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def ready(purpose: str, environment: Path = ENVIRONMENT) -> bool:
    """Whether the environment already holds what the locks of a purpose say."""
    stamp = environment / f"ready-{purpose}"
    return (
        stamp.is_file()
        and stamp.read_text() == fingerprint(locks(purpose))
        and interpreter(environment).exists()
        and libraries(environment).is_dir()
    )


def ensure(purpose: str) -> None:
    """Make the environment hold what the locks of a purpose say. Raises Stop when the libraries cannot be had."""
    if ready(purpose):
        return
    make()
    tell("安装程序库(首次约需几分钟)", "Installing the libraries (a few minutes the first time)")
    install(locks(purpose))
    link()
    for served, names in LOCKS.items():
        if set(names) <= set(LOCKS[purpose]):
            (ENVIRONMENT / f"ready-{served}").write_text(fingerprint(locks(served)))


def make(environment: Path = ENVIRONMENT) -> None:
    """Make the environment without pip, anew when it belongs to another version of Python or is broken."""
    if interpreter(environment).exists() and libraries(environment).is_dir():
        return
    try:
        import venv
    except ImportError:
        raise Stop(
            "这个 Python 不完整，请输入:sudo apt-get install python3",
            "This Python is incomplete; type: sudo apt-get install python3",
        ) from None
    tell(f"建立运行环境 {environment.name}", f"Making the environment {environment.name}")
    venv.EnvBuilder(with_pip=False, clear=True, symlinks=not WINDOWS).create(environment)


def exactly(files: list[Path]) -> list[str]:
    """The options of pip for what the locks say and nothing else: by hash, as wheels, asking nobody."""
    words = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
    words += ["--progress-bar", "off", "--quiet"]
    for file in files:
        words += ["--requirement", str(file)]
    return words


def pip() -> str:
    """The pip that lies beside the program."""
    return str(next((ROOT / "packaging" / "vendor").glob("pip-*.whl")) / "pip")


def command(files: list[Path]) -> list[str]:
    """The call of pip that installs what the locks say, from the stick when one lies beside the program."""
    stick = STICK.is_dir() and any(STICK.iterdir())
    source = ["--no-index", "--find-links", str(STICK)] if stick else []
    return [str(interpreter()), pip(), "install", *exactly(files), *source]


def fill_stick() -> None:
    """Put the files that a machine like this one needs into ``wheels``. Raises Stop as install does."""
    obtain([sys.executable, pip(), "download", *exactly(locks("test")), "--dest", str(STICK)])


def install(files: list[Path]) -> None:
    """Install what the locks say. Raises Stop when it cannot be had."""
    obtain(command(files))


def obtain(words: list[str]) -> None:
    """Run one call of pip. Raises Stop, after pip's own words, when something cannot be had."""
    if subprocess.run(words, env={**os.environ, "PYTHONUTF8": "1"}, check=False).returncode:
        raise Stop(
            "程序库没有装全(原因见上):请接通网络，或把安装盘的 wheels 文件夹放到本文件夹，再运行一次",
            "The libraries could not be had (see above): connect to the internet, or put the folder wheels of the "
            "installation stick into this folder, then run this again",
        )


def link() -> None:
    """Let the environment find the program: ``import villagedesk`` from anywhere, and the command ``villagedesk``."""
    back = os.path.relpath(ROOT, libraries())  # dots only: Python reads this file in the encoding of the day
    (libraries() / "villagedesk.pth").write_text(f"{back}\n", encoding="ascii")
    if not WINDOWS:
        starter = ENVIRONMENT / "bin" / "villagedesk"
        call = f"exec {shlex.quote(sys.executable)} {shlex.quote(str(ROOT / 'packaging' / 'bootstrap.py'))} start"
        starter.write_text(f'#!/bin/sh\n{call} "$@"\n', encoding="utf-8")
        starter.chmod(0o755)

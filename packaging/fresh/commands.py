"""The commands of the set-up: run, test, start, check, env, stick."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

from fresh import debs, house, proof, python, qt
from fresh.told import MACHINE_FAILED, Stop, any_terminal, tell


def main(words: list[str], usage: str) -> int:
    """Carry out one command; whatever stops it is told in one line. Returns the exit status."""
    any_terminal()
    try:
        return carry_out(words, usage)
    except Stop as stop:
        print(stop, file=sys.stderr)
    except OSError as error:
        print(f"系统不允许 / The system refused: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return MACHINE_FAILED


def carry_out(words: list[str], usage: str) -> int:
    """Do what the words ask."""
    match words:
        case ["run"]:
            return start(demonstration(qt.has_display()))
        case ["start", *rest]:
            return start(rest)
        case [word] if word in ALONE:
            return ALONE[word]()
    print(usage)
    return 2


def demonstration(window: bool) -> list[str]:
    """The program's words for the main job on generated people: with its window, or a picture of it."""
    folder = python.ROOT / "demo-village"
    return ["demo", str(folder), *(["--open"] if window else ["--screenshot", str(folder / "main-window.png")])]


def start(words: list[str]) -> int:
    """Set up what is missing, then run the program."""
    window = qt.has_display()
    python.ensure("run")
    qt.ensure(window)
    variables = qt.surroundings()
    if not window:
        variables.update(qt.OFFSCREEN)
    return subprocess.call([str(python.interpreter()), "-m", "villagedesk", *words], env=variables)


def test() -> int:
    """Set up what is missing, then run the checks of the house, without a display."""
    python.ensure("test")
    qt.ensure(window=False)
    debs.ensure()
    with proof.of_commit() as prove:
        status = house.check({**qt.surroundings(), **qt.OFFSCREEN})
        if not status:
            prove()
    return status


def fill_stick() -> int:
    """Fetch what a machine without internet needs."""
    python.fill_stick()
    tell(f"已放入 {python.STICK}", "Copy this folder to the stick, the folder wheels with it")
    return 0


def report() -> int:
    """Tell what is there and what is missing; change nothing."""
    done = [purpose for purpose in python.LOCKS if python.ready(purpose)]
    lacking = qt.missing(qt.has_display())
    tell(f"Python {sys.version.split()[0]}", sys.executable)
    tell(f"程序库已就绪:{'、'.join(done) or '无'}", f"libraries ready for: {', '.join(done) or 'nothing yet'}")
    tell(f"缺少系统库 {len(lacking)} 个", f"system libraries missing: {' '.join(lacking) or 'none'}")
    tell(f"屏幕:{'有' if qt.has_display() else '无'}", f"display: {'yes' if qt.has_display() else 'no'}")
    return 0 if done and not lacking else 1


def lines_for_a_shell() -> int:
    """Print the variables that a shell needs to work in the environment by hand."""
    new = {name: value for name, value in qt.surroundings().items() if os.environ.get(name) != value}
    new["PATH"] = str(python.interpreter().parent) + os.pathsep + os.environ.get("PATH", "")
    for name, value in sorted(new.items()):
        print(f"export {name}={shlex.quote(value)}")
    return 0


ALONE = {"test": test, "stick": fill_stick, "check": report, "env": lines_for_a_shell}

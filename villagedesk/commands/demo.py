"""``villagedesk demo``: the main job on generated data, whole or not at all."""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from villagedesk.commands import output
from villagedesk.durable import refusals
from villagedesk.errors import Refused, Usage
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.demo.stage import Made

Command = Callable[..., argparse.ArgumentParser]

PASSPHRASE = "demo-village"  # noqa: S105  of generated people only


def add(command: Command) -> None:
    """Declare the command."""
    demo = command("demo", run_demo, tr("the main job on generated data, end to end"))
    demo.add_argument("folder", type=Path, metavar="DIR")
    demo.add_argument("--households", type=int, default=120)
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--profile", default="jiangsu-2018")
    demo.add_argument("--replace", action="store_true", help=tr("replace an earlier demonstration"))
    demo.add_argument("--open", action="store_true", help=tr("open the window on the result"))
    demo.add_argument("--screenshot", type=Path, metavar="FILE", help=tr("leave a picture of the main window"))


def run_demo(arguments: argparse.Namespace) -> int:
    """Make the demonstration, print what it made, and show it when asked to."""
    folder: Path = arguments.folder.resolve()
    if _is_demo(folder) and not arguments.replace and (arguments.open or arguments.screenshot is not None):
        return _show(arguments, folder)
    _demand_free(folder, replace=arguments.replace)
    found = _found(folder, _play(arguments, folder))
    if arguments.json:
        output.document(found)
    else:
        output.lines(_lines(found))
    return _show(arguments, folder)


def _play(arguments: argparse.Namespace, folder: Path) -> Made:
    """Play the demonstration beside ``folder`` and put it there when it is whole."""
    from villagedesk.demo.play import play

    with refusals(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        made = play(scratch, PASSPHRASE, arguments.profile, arguments.households, arguments.seed, _Watch())
        with refusals(folder):
            if folder.exists():
                shutil.rmtree(folder)
            scratch.rename(folder)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return made


def _found(folder: Path, made: Made) -> dict[str, object]:
    return {
        "desk": str(folder / "desk"),
        "hub": str(folder / "hub"),
        "roster": str(folder / "roster.xlsx"),
        "passphrase": PASSPHRASE,
        "households": made.households,
        "members": made.members,
        "plans": made.plans,
        "exited": made.exited,
        "held_back": len(made.held_back),
        "papers": len(made.papers),
        "pages": made.pages,
        "send_file": str(folder / "stick" / made.send_file.name) if made.send_file else "",
        "receipt": made.hub_status,
    }


def _lines(found: dict[str, object]) -> list[tuple[str, object]]:
    titles = {
        "desk": tr("desk"),
        "hub": tr("township hub"),
        "roster": tr("roster"),
        "passphrase": tr("passphrase"),
        "households": tr("households"),
        "members": tr("members"),
        "plans": tr("plans agreed"),
        "exited": tr("households exited"),
        "held_back": tr("held back by the procedure"),
        "papers": tr("papers"),
        "pages": tr("pages"),
        "send_file": tr("send file"),
        "receipt": tr("township's receipt"),
    }
    return [(titles[name], value) for name, value in found.items()]


def _is_demo(folder: Path) -> bool:
    return (folder / "desk").is_dir() and (folder / "roster.xlsx").is_file()


def _demand_free(folder: Path, *, replace: bool) -> None:
    if not folder.exists():
        return
    if not replace:
        raise Refused(say("“{folder}” exists already. Choose another folder, or say --replace.", folder=folder.name))
    if not _is_demo(folder):
        raise Usage(say("“{folder}” is no demonstration; it is not replaced.", folder=folder.name))


def _show(arguments: argparse.Namespace, folder: Path) -> int:
    if not arguments.open and arguments.screenshot is None:
        return 0
    os.environ["VILLAGEDESK_PASSPHRASE"] = PASSPHRASE
    words = [str(folder / "desk"), f"--lang={arguments.lang}"]
    if arguments.screenshot is not None:
        words.append(f"--screenshot={arguments.screenshot.resolve()}")
    show: Callable[[list[str]], int] = importlib.import_module("ui.app").main
    return show(words)


class _Watch:
    """Progress on standard error: what is being done, how far."""

    def __init__(self) -> None:
        self._shown = ""
        self._what = ""

    def __call__(self, what: Text, done: int, total: int) -> None:
        line = f"{what} {100 * done // max(total, 1):3d} %"
        if line == self._shown:
            return
        if sys.stderr.isatty():
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
        elif str(what) != self._what:
            print(what, file=sys.stderr)
        self._shown, self._what = line, str(what)

"""The command line of INTERFACE: words in, services called, exit statuses out. The window calls the same services.

Standard output holds the result only (one JSON document with ``--json``); progress and messages go to standard error.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from villagedesk import text
from villagedesk.errors import Unavailable, Unreadable, Usage, VillageDeskError
from villagedesk.text import say, tr

COMMANDS = {
    "demo": "demo",
    "profiles": "desks",
    "new": "desks",
    "import": "files",
    "check": "desks",
    "find": "desks",
    "list": "desks",
    "print": "papers",
    "papers": "papers",
    "paper-add": "papers",
    "paper-drop": "papers",
    "paper-text": "papers",
    "table": "files",
    "scan": "papers",
    "sync": "exchange",
    "hub": "exchange",
    "backup": "safety",
    "restore": "safety",
    "verify": "safety",
    "update": "safety",
    "selftest": "safety",
}
"""Command word → module of :mod:`villagedesk.commands` that knows it, imported when it is asked for."""

Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in the user's language, in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise Usage instead of printing in English and exiting."""
        del message
        raise Usage(say("The command is not written correctly. “{command} --help” shows how.", command=self.prog))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status. Without a command the window opens."""
    _any_terminal()
    words = _command_first(list(sys.argv[1:] if argv is None else argv))
    _choose_language(words)
    try:
        if not words or words[0] not in COMMANDS:
            return _window_or_help(words)
        module = importlib.import_module(f"villagedesk.commands.{COMMANDS[words[0]]}")
        arguments = _parse(words, module.add)
        run: Run = arguments.run
        return run(arguments)
    except VillageDeskError as error:
        print(error, file=sys.stderr)
        return error.status
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print(tr("Stopped at your request. Nothing was left half done."), file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001  a mistake of ours: no traceback ever reaches a user
        return _mistake(error)


def _any_terminal() -> None:
    """What a terminal or a redirected file cannot show (Windows: all but one old code page) becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _command_first(words: list[str]) -> list[str]:
    """``--lang en list …`` says the same as ``list … --lang en``."""
    count = 2 if words[:1] == ["--lang"] else 1 if words and words[0].startswith("--lang=") else 0
    return [*words[count:], *words[:count]]


def _mistake(error: Exception) -> int:
    """Say that the program is at fault, and leave a report without anybody's data; the status of a failed machine."""
    import tempfile

    from villagedesk.services.report import report

    with tempfile.NamedTemporaryFile("w", prefix="villagedesk-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write(report(error))
    said = tr(
        "The program made a mistake ({kind}). What you saved is safe. “{file}” tells where, without anybody's data; "
        "hand it to the township.",
        kind=type(error).__name__,
        file=file.name,
    )
    print(said, file=sys.stderr)
    return Unavailable.status


def _choose_language(words: Sequence[str]) -> None:
    for place, word in enumerate(words):
        value = words[place + 1] if word == "--lang" and place + 1 < len(words) else word.removeprefix("--lang=")
        if word.startswith("--lang") and value in text.LANGUAGES:
            text.use(value)


def _window_or_help(words: list[str]) -> int:
    if any(word in {"-h", "--help"} for word in words):
        print(tr("Use: villagedesk [DESK] opens the window; other commands: {commands}.", commands=", ".join(COMMANDS)))
        return 0
    unknown = [word for word in words if word.startswith("-") and not word.startswith("--lang")]
    if unknown or len([word for word in words if word not in text.LANGUAGES and not word.startswith("-")]) > 1:
        raise Usage(say("The command is not written correctly. “{command} --help” shows how.", command="villagedesk"))
    folders = [Path(word) for word in words if word not in text.LANGUAGES and not word.startswith("-")]
    if folders and not folders[0].exists():
        raise Unreadable(
            say("“{name}” is neither a command nor the folder of a desk. “villagedesk --help” shows the commands.",
                name=folders[0].name)
        )  # fmt: skip
    if not _has_screen():
        raise Unavailable(
            say("There is no screen here to open the window on. “villagedesk --help” shows the commands.")
        )
    run: Callable[[list[str]], int] = importlib.import_module("ui.app").main
    return run(words)


def _has_screen() -> bool:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


def _parse(words: Sequence[str], add: Callable[[Callable[..., argparse.ArgumentParser]], None]) -> argparse.Namespace:
    parser = Parser(prog="villagedesk")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)

    def command(name: str, run: Run, summary: str = "") -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=summary, description=summary)
        common(made)
        made.set_defaults(run=run)
        return made

    add(command)
    return parser.parse_args(words)


def common(parser: argparse.ArgumentParser) -> None:
    """The options every command takes."""
    parser.add_argument("--json", action="store_true", help=tr("print one JSON document"))
    parser.add_argument(
        "--lang", choices=text.LANGUAGES, default=text.DEFAULT_LANGUAGE, help=tr("language of messages")
    )
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help=tr("read the passphrase from a file"))


def passphrase(arguments: argparse.Namespace) -> str:
    """The passphrase from the environment, a file, or a prompt. Raises Usage when none can be had."""
    if arguments.passphrase_file is not None:
        try:
            return str(arguments.passphrase_file.read_text("utf-8")).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Usage(say("The passphrase file cannot be read.")) from error
    if "VILLAGEDESK_PASSPHRASE" in os.environ:
        return os.environ["VILLAGEDESK_PASSPHRASE"]
    if sys.stdin.isatty():
        import getpass

        return getpass.getpass(tr("Passphrase: "))
    raise Usage(say("Give the passphrase in VILLAGEDESK_PASSPHRASE or with --passphrase-file."))

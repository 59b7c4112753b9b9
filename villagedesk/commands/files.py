"""Commands on files: import a roster, write a register."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from villagedesk.commands import output
from villagedesk.commands.desks import open_desk
from villagedesk.text import tr

Command = Callable[..., argparse.ArgumentParser]


def add(command: Command) -> None:
    """Declare the commands."""
    roster = command("import", run_import, tr("import a roster"))
    roster.add_argument("desk", type=Path)
    roster.add_argument("file", type=Path)
    roster.add_argument("--mapping", type=Path, metavar="FILE.toml")
    roster.add_argument("--year", type=int)
    roster.add_argument("--dry-run", action="store_true")
    roster.add_argument("--rejects", type=Path, metavar="FILE.xlsx")
    table = command("table", run_table, tr("write a register"))
    table.add_argument("desk", type=Path)
    table.add_argument("name")
    table.add_argument("--year", type=int)
    table.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")


def run_import(arguments: argparse.Namespace) -> int:
    """``villagedesk import``: exit 1 when rows were refused."""
    with open_desk(arguments) as desk:
        step = output.Progress(tr("Reading"))
        preview = desk.rosters.preview(arguments.file, arguments.mapping, arguments.year, step)
        if arguments.rejects is not None and preview.rejected:
            desk.rosters.write_rejects(preview, arguments.rejects)
        act = ""
        if not arguments.dry_run:
            act = desk.rosters.take(preview, tr("import of {name}", name=arguments.file.name)).act
    found = {
        "rows": preview.roster.lines,
        "households": preview.households,
        "members": preview.members,
        "rejected": preview.rejected,
        "notes": preview.roster.notes,
        "act": act,
    }
    if arguments.json:
        output.document(found)
    else:
        _tell(found)
    return 1 if preview.rejected else 0


def _tell(found: dict[str, object]) -> None:
    for what, title in (("households", tr("households")), ("members", tr("members"))):
        counts = found[what]
        assert isinstance(counts, dict)  # noqa: S101  made above
        output.lines([(title, *(f"{key} {value}" for key, value in counts.items()))])
    rejected = found["rejected"]
    assert isinstance(rejected, tuple)  # noqa: S101  made above
    output.lines((one.sheet, one.row, one.column, one.value, str(one.reason)) for one in rejected)


def run_table(arguments: argparse.Namespace) -> int:
    """``villagedesk table``."""
    with open_desk(arguments) as desk:
        rows = desk.rosters.write_register(arguments.name, arguments.out, arguments.year)
    if arguments.json:
        output.document({"file": str(arguments.out), "rows": rows})
    return 0

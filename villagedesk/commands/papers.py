"""Commands on papers: print, list the kinds, file a scan."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from villagedesk.commands import output
from villagedesk.commands.desks import open_desk
from villagedesk.durable import refusals, write_whole
from villagedesk.errors import Refused, Usage
from villagedesk.text import say, tr

Command = Callable[..., argparse.ArgumentParser]


def add(command: Command) -> None:
    """Declare the commands."""
    printing = command("print", run_print, tr("write papers as PDF"))
    printing.add_argument("desk", type=Path)
    printing.add_argument("paper")
    printing.add_argument("--household", action="append", default=[], metavar="NO")
    printing.add_argument("--all", action="store_true")
    printing.add_argument("--year", type=int)
    printing.add_argument("--out", type=Path, default=Path(), metavar="DIR")
    command("papers", run_papers, tr("list the kinds of paper"))
    own = command("paper-add", run_paper_add, tr("take the county's own papers, a file or a folder of them"))
    own.add_argument("desk", type=Path)
    own.add_argument("files", nargs="+", type=Path, metavar="FILE")
    drop = command("paper-drop", run_paper_drop, tr("go back to the shipped text of a paper, or without it"))
    drop.add_argument("desk", type=Path)
    drop.add_argument("paper")
    text = command("paper-text", run_paper_text, tr("write the text of a paper, to begin one of your own with"))
    text.add_argument("desk", type=Path)
    text.add_argument("paper")
    text.add_argument("--out", type=Path, default=Path(), metavar="DIR")
    scan = command("scan", run_scan, tr("file signed papers that were scanned"))
    scan.add_argument("desk", type=Path)
    scan.add_argument("files", nargs="+", type=Path)


def run_papers(arguments: argparse.Namespace) -> int:
    """``villagedesk papers``."""
    from villagedesk.documents.papers import load_papers
    from villagedesk.services.paper_kinds import SUBJECTS

    kinds = [paper for key, paper in load_papers().items() if key in SUBJECTS]
    rows = [
        {"paper": paper.key, "title": paper.title, "audience": paper.audience, "copies": paper.copies}
        for paper in kinds
    ]
    if arguments.json:
        output.document({"papers": rows})
    else:
        output.lines(row.values() for row in rows)
    return 0


def run_print(arguments: argparse.Namespace) -> int:
    """``villagedesk print``: exit 1 when a paper was refused."""
    files: list[dict[str, object]] = []
    refused: list[dict[str, object]] = []
    with open_desk(arguments) as desk:
        year = arguments.year or desk.site.today().year
        with refusals(arguments.out):
            arguments.out.mkdir(parents=True, exist_ok=True)
        for subject in _subjects(desk, arguments, year):
            try:
                files.append(_write(desk, arguments, subject, year))
            except Refused as refusal:
                refused.append({"paper": arguments.paper, "reason": str(refusal)})
    if arguments.json:
        output.document({"files": files, "refused": refused})
    else:
        output.lines((file["path"], file["pages"]) for file in files)
        for one in refused:
            output.tell(one["reason"])
    return 1 if refused or not files else 0


def _subjects(desk: Any, arguments: argparse.Namespace, year: int) -> tuple[str, ...]:
    from villagedesk.services.paper_kinds import of_households

    if of_households(arguments.paper) and not arguments.household and not arguments.all:
        raise Usage(say("Say for which household (--household NO) or for all (--all)."))
    ids = [desk.households.by_no(no).id for no in arguments.household]
    found: tuple[str, ...] = desk.papers.subjects(arguments.paper, year, ids)
    if not found:
        raise Refused(say("There is nothing to print: no record fits this paper."))
    return found


def _write(desk: Any, arguments: argparse.Namespace, subject: str, year: int) -> dict[str, object]:
    printed = desk.papers.print(arguments.paper, [subject], tr("printed from the command line"))[0]
    path = arguments.out / desk.papers.file_name(arguments.paper, subject, year)
    write_whole(path, [printed.rendered.pdf])
    return {
        "path": str(path),
        "pages": printed.rendered.pages,
        "sha256": hashlib.sha256(printed.rendered.pdf).hexdigest(),
    }


def run_paper_add(arguments: argparse.Namespace) -> int:
    """``villagedesk paper-add``: every file or none; a wrong one is named with line and reason."""
    with open_desk(arguments) as desk:
        desk.own_papers.add(arguments.files, tr("added from the command line"))
        own = desk.own_papers.all()
    _tell_own(arguments, own)
    return 0


def _tell_own(arguments: argparse.Namespace, own: Sequence[Any]) -> None:
    rows = [{"paper": each.paper.key, "title": each.paper.title, "changes": each.changes} for each in own]
    if arguments.json:
        output.document({"papers": rows})
    else:
        output.lines((row["paper"], row["title"]) for row in rows)


def run_paper_drop(arguments: argparse.Namespace) -> int:
    """``villagedesk paper-drop``."""
    with open_desk(arguments) as desk:
        desk.own_papers.drop(arguments.paper, tr("taken back from the command line"))
        own = desk.own_papers.all()
    _tell_own(arguments, own)
    return 0


def run_paper_text(arguments: argparse.Namespace) -> int:
    """``villagedesk paper-text``."""
    with open_desk(arguments) as desk:
        text = desk.own_papers.text(arguments.paper)
    path = arguments.out / f"{arguments.paper}.toml"
    write_whole(path, [text.encode()])
    if arguments.json:
        output.document({"path": str(path)})
    else:
        output.lines([(path,)])
    return 0


def run_scan(arguments: argparse.Namespace) -> int:
    """``villagedesk scan``: exit 1 when a page has to be filed by hand."""
    with open_desk(arguments) as desk:
        found = [page for path in arguments.files for page in desk.scans.file(path, tr("scanned"))]
    rows = [_page(page) for page in found]
    if arguments.json:
        output.document({"scans": rows})
    else:
        output.lines((row["file"], row["household"] or "-", row["paper"] or row["problem"]) for row in rows)
    return 1 if any(page.problem for page in found) else 0


def _page(page: Any) -> dict[str, Any]:
    """A page as the command tells it: what the places seem to hold, without their pictures."""
    cells = [{"role": cell.role, "item": cell.item, "ink": cell.ink, "mark": cell.mark} for cell in page.cells]
    return {
        "file": page.file,
        "paper": page.kind,
        "document": page.document_id,
        "page": page.page,
        "household": page.household_no,
        "attachment": page.attachment_id,
        "cells": cells,
        "problem": str(page.problem or ""),
    }

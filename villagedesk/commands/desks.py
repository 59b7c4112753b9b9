"""Commands on a desk: new, check, find, list, and the policy packs."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from villagedesk.cli import passphrase
from villagedesk.commands import output
from villagedesk.errors import Unreadable, Usage
from villagedesk.text import say, tr

Command = Callable[..., argparse.ArgumentParser]


def add(command: Command) -> None:
    """Declare the commands."""
    new = command("new", run_new, tr("make a new desk"))
    new.add_argument("desk", type=Path)
    new.add_argument("--profile", required=True)
    new.add_argument("--village", required=True, metavar="CODE12")
    for name in ("name", "township", "county"):
        new.add_argument(f"--{name}", default="")
    check = command("check", run_check, tr("run the logic rules"))
    check.add_argument("desk", type=Path)
    check.add_argument("--rule", action="append", default=[])
    check.add_argument("--xlsx", type=Path, metavar="FILE")
    find = command("find", run_find, tr("find people and households"))
    find.add_argument("desk", type=Path)
    find.add_argument("text")
    find.add_argument("--limit", type=int, default=50)
    listing = command("list", run_list, tr("print the rows of a list"))
    listing.add_argument("desk", type=Path)
    listing.add_argument("name", choices=sorted(LISTS))
    listing.add_argument("--where", action="append", default=[], metavar="K=V")
    profiles = command("profiles", run_profiles, tr("list or check policy packs"))
    profiles.add_argument("action", nargs="?", choices=["check"])
    profiles.add_argument("file", nargs="?", type=Path)


def open_desk(arguments: argparse.Namespace) -> Any:
    """The desk the command names, under this login's name."""
    from villagedesk import desk

    return desk.open_desk(arguments.desk, passphrase(arguments), author=login())


def login() -> str:
    """The name of the person logged in to this machine, for the history."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def run_new(arguments: argparse.Namespace) -> int:
    """``villagedesk new``."""
    from villagedesk import desk, divisions
    from villagedesk.drafts.team import VillageDraft

    found = divisions.village(arguments.village)
    village = VillageDraft(
        code=found.code,
        name=arguments.name or found.name,
        township=arguments.township or found.township,
        county=arguments.county or found.county,
        profile=arguments.profile,
    )
    made, recovery = desk.create_desk(arguments.desk, passphrase(arguments), village, author=login())
    made.close()
    if arguments.json:
        output.document({"desk": str(arguments.desk), "village": village.code, "recovery_key": recovery})
    else:
        output.tell(tr("Made the desk of {name}. Write this recovery key down and lock it away:", name=village.name))
        print(recovery)
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    """``villagedesk check``."""
    from villagedesk.policy.checks.run import findings_rows

    with open_desk(arguments) as desk:
        report = desk.checks.run(only=arguments.rule or None)
        if arguments.xlsx is not None:
            desk.rosters.write_findings(report, arguments.xlsx)
    rows = findings_rows(report.findings)
    if arguments.json:
        output.document({"findings": rows, "counts": report.counts})
    else:
        output.lines((row["rule"], row["class"], row["household"], row["member"], row["message"]) for row in rows)
        output.tell(tr("{E} {E:error|errors}, {S} suspicious, {R} {R:reminder|reminders}", **report.counts))
    return 1 if rows else 0


def run_find(arguments: argparse.Namespace) -> int:
    """``villagedesk find``."""
    if arguments.limit < 1:
        raise Usage(say("The limit is a number from 1 up."))
    with open_desk(arguments) as desk:
        hits = desk.lists.find(arguments.text, arguments.limit)
    rows = [
        {"household": hit.household_no, "member": hit.member_id, "name": hit.name, "group": hit.group, "why": hit.why}
        for hit in hits
    ]
    if arguments.json:
        output.document({"hits": rows})
    else:
        output.lines((row["household"], row["group"], row["name"], row["why"]) for row in rows)
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """``villagedesk list``."""
    where = _where(arguments.where)
    with open_desk(arguments) as desk:
        rows = LISTS[arguments.name](desk, where)
    if arguments.json:
        output.document({"rows": rows})
    else:
        output.table([output.plain(row) for row in rows])
    return 0


def _where(given: list[str]) -> dict[str, object]:
    pairs = [item.partition("=") for item in given]
    if any(not middle for _, middle, _ in pairs):
        raise Usage(say("Write a filter as NAME=VALUE, for example group=一组."))
    return {name: int(value) if name.endswith("_year") and value.isdigit() else value for name, _, value in pairs}


def _all_pages(page_of: Callable[..., Any], where: Mapping[str, object]) -> list[Any]:
    rows: list[Any] = []
    after = None
    while True:
        page = page_of(where=where, after=after, limit=500)
        rows += page.rows
        after = page.after
        if after is None:
            return rows


def _listed(page_of: Callable[..., Any], where: Mapping[str, object]) -> list[Any]:
    """The rows of a kept list: what the store can filter by it filters, the rest is looked at row by row."""
    from villagedesk.store.lists import FILTERS

    stored = {name: value for name, value in where.items() if name in FILTERS}
    return _matching(_all_pages(page_of, stored), {name: where[name] for name in where if name not in stored})


def _of_households(desk: Any, rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Rows of records of households, each with the number and the head of its household."""
    homes = {home.id: home for home in _all_pages(desk.lists.households, {})}
    for row in rows:
        home = homes.get(row.household_id)
        yield {"household": home.no if home else "", "head": home.head if home else "", **output.plain(row)}


def _monitored(desk: Any) -> Iterator[dict[str, Any]]:
    """The households under monitoring by their file, each with the state of its newest case, and open cases besides."""
    cases = {row.household.id: row for row in desk.monitoring.all()}
    for home in desk.households.all():
        case = cases.get(home.id)
        if home.monitoring_class or (case is not None and case.open):
            yield {
                "household": home.no,
                "head": home.head.name if home.head else "",
                "group": home.group,
                "monitoring_class": home.monitoring_class,
                "state": str(case.state_title) if case else "",
                "found_on": case.case.found_on if case else None,
                "recognised_on": case.case.recognised_on if case else None,
            }


def _matching(rows: Any, where: Mapping[str, object]) -> list[Any]:
    kept = []
    for row in rows:
        plain = output.plain(row)
        if any(name not in plain for name in where):
            raise Usage(say("This list has no column “{name}”.", name=next(n for n in where if n not in plain)))
        if all(str(plain[name]) == str(value) for name, value in where.items()):
            kept.append(plain)
    return kept


LISTS: Mapping[str, Callable[[Any, dict[str, object]], list[Any]]] = {
    "households": lambda desk, where: _listed(desk.lists.households, where),
    "members": lambda desk, where: _listed(desk.lists.members, where),
    "plans": lambda desk, where: _matching(_of_households(desk, desk.plans.all()), where),
    "exits": lambda desk, where: _matching(_of_households(desk, desk.exits.all()), where),
    "monitoring": lambda desk, where: _matching(_monitored(desk), where),
    "projects": lambda desk, where: _matching((row.project for row in desk.projects.all()), where),
    "concerns": lambda desk, where: _matching((row.concern for row in desk.concerns.all()), where),
    "notices": lambda desk, where: _matching((row.notice for row in desk.notices.all()), where),
}


def run_profiles(arguments: argparse.Namespace) -> int:
    """``villagedesk profiles`` and ``villagedesk profiles check FILE``."""
    from villagedesk.policy.profile import check_file, profiles

    if arguments.action == "check":
        if arguments.file is None:
            raise Usage(say("Name the pack file to check."))
        if not arguments.file.is_file():
            raise Unreadable(say("There is no file “{name}”.", name=arguments.file.name))
        problems = check_file(arguments.file)
        if arguments.json:
            output.document({"problems": [{"field": problem.field, "message": str(problem)} for problem in problems]})
        else:
            output.lines((str(problem),) for problem in problems)
        return 1 if problems else 0
    rows = profiles()
    if arguments.json:
        output.document({"profiles": rows})
    else:
        output.lines((row.id, row.version, row.title) for row in rows)
    return 0

"""Rosters into the desk and registers out of it: dry run, import as one undoable step, rejects (INTERFACE import)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from villagedesk import divisions
from villagedesk.errors import Refused
from villagedesk.exchange import mapping as mappings
from villagedesk.exchange.differ import Elsewhere, HouseholdDiff, RosterDiff, compare
from villagedesk.exchange.fields import load_fields
from villagedesk.exchange.grouping import HEAD, Rejection, RosterHousehold
from villagedesk.exchange.mapping import ColumnMapping
from villagedesk.exchange.readers import Book, open_book
from villagedesk.exchange.registers import Register, RegisterColumn, load_register
from villagedesk.exchange.roster import Roster, read_book
from villagedesk.exchange.workbook import Sheetful, write_register, write_rejects
from villagedesk.policy.checks.run import CheckReport
from villagedesk.records.schema import RECORDS
from villagedesk.services import roster_reading
from villagedesk.services.checks import Checks
from villagedesk.services.roster_entry import RosterEntry
from villagedesk.services.roster_reading import Reading, RosterLook, UnknownWord
from villagedesk.services.site import Site
from villagedesk.services.standing_guard import WRITTEN_BY, Standing, around, last_states
from villagedesk.store.work import Change
from villagedesk.text import say
from villagedesk.values import Step, age_on, collector_paused, is_child, mask_id, no_step, shown_name

_SHOWN = {"households": ("household", "农户名册"), "members": ("member", "家庭成员名册")}

Place = tuple[str, int, str]
"""One change of a preview: (id of household or member, 0, field), or (id of household, line of a new member, "")."""


@dataclass(frozen=True)
class ImportPreview:
    """What a roster would do, before anything is done. ``rejected`` holds the file's own and those the desk refuses."""

    roster: Roster
    diff: RosterDiff
    rejected: tuple[Rejection, ...]
    left_out: frozenset[str]  # household numbers not taken because their head stands in another household
    elsewhere: frozenset[int]  # lines of persons who stand in another household

    @property
    def households(self) -> dict[str, int]:
        """Numbers of households new, changed, unchanged, rejected."""
        return {
            "new": sum(one.no not in self.left_out for one in self.diff.new),
            "changed": len(self.diff.changed),
            "unchanged": len(self.diff.unchanged),
            "rejected": len(self.roster.rejected_households) + len(self.left_out),
        }

    @property
    def members(self) -> dict[str, int]:
        """Numbers of members new, changed, unchanged, rejected."""
        counts = self.diff.members
        lost = {row.line for one in self.diff.new if one.no in self.left_out for row in one.rows}
        lost |= {line for line in self.elsewhere if line not in lost and self._is_new(line)}
        taken = counts["new"] - len(lost)
        return {**counts, "new": taken, "rejected": self.roster.lines - taken - counts["changed"] - counts["unchanged"]}

    @property
    def unknown_words(self) -> tuple[UnknownWord, ...]:
        """Words that no code list knows and for which rows were refused."""
        return roster_reading.unknown_words(self.roster)

    def _is_new(self, line: int) -> bool:
        return any(row.line == line for one in self.diff.new for row in one.rows)


class Rosters:
    """Rosters and registers of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def look(self, file: Path, reading: Reading | None = None) -> RosterLook:
        """The columns of a roster and how they are read, by ``reading`` or by what was kept for its source."""
        with collector_paused():
            return roster_reading.look(open_book(file), self._site.store, reading)

    def field_choices(self) -> tuple[tuple[str, str], ...]:
        """What a column may be read as: field path and its label under the profile."""
        return tuple((one.path, one.label_for(self._site.profile.id)) for one in roster_reading.choices())

    def keep_reading(self, source: str, reading: Reading) -> None:
        """Keep how files of a source are read, for the next one."""
        roster_reading.keep(self._site.store, source, reading)

    def preview(
        self,
        file: Path,
        mapping: Path | None = None,
        year: int | None = None,
        step: Step = no_step,
        *,
        reading: Reading | None = None,
    ) -> ImportPreview:
        """Read a roster and hold it against the desk; nothing is written. Raises Unreadable or Refused for the file.

        ``mapping``: a mapping file. Without it ``reading`` counts, or what was kept for files with these headings.
        """
        with collector_paused():
            book = open_book(file)
            columns = mappings.load(mapping, load_fields()) if mapping else self._columns(book, reading)
            data_year = year or self._site.today().year
            roster = read_book(book, file.name, load_fields(), self._site.codes, columns, year=data_year, step=step)
            with self._site.store.read() as connection:
                stored = stored_households(connection, self._site.village)
                diff, refused = self._by_facts(connection, compare(roster.households, stored), stored)
                closed = _closed_numbers(connection, self._site.village)
            return _preview(roster, diff, refused, closed)

    def _by_facts(
        self, connection: Connection, diff: RosterDiff, stored: Mapping[str, Mapping[str, Any]]
    ) -> tuple[RosterDiff, list[Rejection]]:
        """The differences less those that go around a procedure, and these as lines that were not taken."""
        refused: list[Rejection] = []
        kept: list[HouseholdDiff] = []
        filled = [each.id for each in diff.changed if "state" in each.fields and not each.fields["state"][0]]
        emptied = last_states(connection, filled)
        for each in diff.changed:
            known, row = stored[each.household.no], each.household.rows[0]
            after = Standing.of({**known, **{name: new for name, (_, new) in each.fields.items()}})
            before = Standing.of({**known, "state": known["state"] or emptied.get(each.id, "")})
            problems = around(self._site, connection, each.id, before, after)
            for problem in problems:
                value = str(getattr(after, problem.field))
                refused.append(Rejection(row.sheet, row.line, f"household.{problem.field}", value, problem.text))
            guarded = frozenset().union(*(WRITTEN_BY[problem.rule] for problem in problems))
            left = {name: pair for name, pair in each.fields.items() if name not in guarded}
            kept.append(replace(each, fields=left))
        changed = tuple(each for each in kept if each.changes)
        unchanged = (*diff.unchanged, *(each for each in kept if not each.changes))
        return replace(diff, changed=changed, unchanged=unchanged), refused

    def take(
        self,
        preview: ImportPreview,
        reason: str,
        *,
        skip: Collection[str] = (),
        leave: Collection[Place] = (),
        step: Step = no_step,
    ) -> Change:
        """Write what the preview says, as one act that :meth:`History.undo` takes back whole.

        ``skip``: numbers of households to leave as they are. ``leave``: single changes not to make. Raises Cancelled
        when ``step`` says so; then nothing is written.
        """
        left = {*skip, *preview.left_out}
        with collector_paused(), self._site.store.work("roster.import", reason) as work:
            entry = RosterEntry(work, self._site.village, self._site.store.ids)
            changed = [diff for diff in preview.diff.changed if diff.household.no not in left]
            step(1, 4)
            entry.households([one for one in preview.diff.new if one.no not in left], preview.elsewhere)
            step(2, 4)
            entry.members([(d.id, row) for d in changed for row in d.new_members if (d.id, row.line, "") not in leave])
            for diff in changed:
                if fields := _new(diff.fields, diff.id, leave):
                    work.put("household", self._site.village, fields, diff.id)
                for member in diff.changed_members:
                    if fields := _new(member.fields, member.id, leave):
                        work.put("member", self._site.village, fields, member.id)
            step(3, 4)
        return work.change

    def _columns(self, book: Book, reading: Reading | None) -> ColumnMapping | None:
        if reading is None and not roster_reading.any_kept(self._site.store):
            return None
        return roster_reading.mapping_of(reading or roster_reading.look(book, self._site.store).reading)

    def write_rejects(self, preview: ImportPreview, target: Path) -> None:
        """Write the lines that were not taken, with reasons, to be mended and imported again."""
        write_rejects(target, preview.roster.rejected_rows, created=self._site.store.clock())

    def write_register(self, name: str, target: Path, year: int | None = None, step: Step = no_step) -> int:
        """Write a register in the receiving form's column order; returns its number of rows."""
        register = load_register(name)
        if register.rows == "findings":
            return self.write_findings(Checks(self._site).run(year=year), target)
        with self._site.store.read() as connection:
            data_year = year or self._site.today().year
            rows = list(register_rows(connection, self._site.village, register.rows, data_year))
        content = Sheetful(rows=rows, count=len(rows), notes=self._notes(), created=self._site.store.clock())
        write_register(target, register, content, self._site.codes, year=year, step=step)
        return len(rows)

    def write_shown(
        self, rows: str, ids: Sequence[str], columns: Sequence[tuple[str, str]], target: Path, step: Step = no_step
    ) -> int:
        """Write a list as it is shown, all of it, not only what a window has loaded; returns its number of rows.

        ``rows``: households or members. ``ids``: their records, in the order shown. ``columns``: field path and
        heading of each. Every cell is text, so that none is taken for a formula.
        """
        kind, title = _SHOWN[rows]
        fields = load_fields().fields
        shown = tuple(
            RegisterColumn(heading, 16, fields.get(path), "" if path in fields else path) for path, heading in columns
        )
        with self._site.store.read() as connection:
            every = register_rows(connection, self._site.village, rows, self._site.today().year)
            by_id = {row[f"{kind}.id"]: row for row in every}
        found = [self._as_shown(by_id[one]) for one in ids if one in by_id]
        content = Sheetful(rows=found, count=len(found), notes=self._notes(), created=self._site.store.clock())
        write_register(target, Register("shown", title, rows, 2, True, shown), content, self._site.codes, step=step)
        return len(found)

    def _as_shown(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """A row with the age; of a child under 14 only who it belongs to, the name as a surname (DOMAIN §8.4)."""
        birth, today = row.get("member.birth"), self._site.today()
        if not is_child(birth, today):
            return {**row, "member.age": str(age_on(birth, today)) if birth else ""}
        kept = {path: value for path, value in row.items() if not path.startswith("member.")}
        shown = shown_name(row["member.name"], birth, today)
        return {**kept, "member.name": shown, "member.relation": row["member.relation"]}

    def write_findings(self, report: CheckReport, target: Path) -> int:
        """Write the findings of the logic rules as a list; returns their number."""
        register = load_register("findings")
        rows = [
            {
                "finding.rule": finding.rule,
                "finding.class": finding.class_,
                "finding.household": finding.household_no,
                "finding.member": finding.member_name,
                "finding.field": finding.field,
                "finding.message": str(finding.message),
            }
            for finding in report.findings
        ]
        content = Sheetful(rows=rows, count=len(rows), notes=self._notes(), created=self._site.store.clock())
        write_register(target, register, content, self._site.codes)
        return len(rows)

    def _notes(self) -> tuple[tuple[str, str], ...]:
        return (
            ("数据日期", self._site.today().isoformat()),
            ("政策口径", f"{self._site.profile.title} (v{self._site.profile.version})"),
            ("村代码", self._site.village),
        )


def stored_households(connection: Connection, village: str) -> dict[str, dict[str, Any]]:
    """What the desk holds, as the differ compares it: household number → values with ``id`` and ``members``."""
    house, member = RECORDS["household"].table, RECORDS["member"].table
    by_id: dict[str, dict[str, Any]] = {}
    query = select(house).where(house.c.village == village, house.c.removed.is_(False))
    for row in connection.execute(query).mappings():
        by_id[row["id"]] = {**row, "members": []}
    query = select(member).where(member.c.village == village, member.c.removed.is_(False))
    for row in connection.execute(query).mappings():
        if row["household_id"] in by_id:
            by_id[row["household_id"]]["members"].append(dict(row))
    return {household["no"]: household for household in by_id.values()}


def register_rows(connection: Connection, village: str, rows: str, year: int) -> Iterator[Mapping[str, Any]]:
    """The values of a village's register by field path: a household a row, or a living member a row."""
    place = {**_place(village), "roster.year": year}
    for household in sorted(stored_households(connection, village).values(), key=lambda one: (one["no"], one["n"])):
        living = [member for member in household["members"] if member["left_on"] is None]
        head = next((member for member in living if member["relation"] == HEAD), None)
        base = {f"household.{name}": value for name, value in household.items() if name != "members"}
        base |= {**place, "roster.persons": len(living), "roster.head_name": head["name"] if head else ""}
        base["head_id_number"] = head["id_number"] if head else ""
        if rows == "households":
            yield base
            continue
        for member in living:
            yield {**base, **{f"member.{name}": value for name, value in member.items()}}


def _place(village: str) -> dict[str, Any]:
    """Where the village lies, in the words of the division table; nothing where the table does not know it."""
    try:
        found = divisions.village(village)
    except Refused:
        return {}
    names = {"province": found.province, "city": found.city, "county": found.county, "township": found.township}
    return {**{f"roster.{name}": word for name, word in names.items()}, "roster.village": found.name}


def _closed_numbers(connection: Connection, village: str) -> frozenset[str]:
    """Numbers of files that an event closed. What was only taken back, as an import is, has no reason beside it."""
    house = RECORDS["household"].table.c
    gone = (house.village == village, house.removed.is_(True), house.removed_reason != "")
    return frozenset(connection.scalars(select(house.no).where(*gone)))


def _preview(roster: Roster, diff: RosterDiff, guarded: Sequence[Rejection], closed: Collection[str]) -> ImportPreview:
    """``closed``: numbers that no roster takes up again."""
    refused = [(one, _elsewhere(one)) for one in diff.elsewhere]
    lines = {one.row.line for one, _ in refused}
    left_out = {
        household.no
        for household in diff.new
        if any(row.line in lines and (row.member or {}).get("relation") == HEAD for row in household.rows)
    }
    gone = [one for one in diff.new if one.no in closed]
    left_out |= {one.no for one in gone}
    rejected = (*roster.rejected, *(rejection for _, rejection in refused), *guarded, *map(_closed, gone))
    return ImportPreview(roster, diff, rejected, frozenset(left_out), frozenset(lines))


def _elsewhere(one: Elsewhere) -> Rejection:
    number = str((one.row.member or {}).get("id_number", ""))
    reason = say("this person stands in household {no} of the desk already", no=one.household_no)
    return Rejection(one.row.sheet, one.row.line, "member.id_number", mask_id(number), reason)


def _closed(household: RosterHousehold) -> Rejection:
    row = household.rows[0]
    reason = say("the file of household {no} was closed; take the event back that closed it, or give another number",
                 no=household.no)  # fmt: skip
    return Rejection(row.sheet, row.line, "household.no", household.no, reason)


def _new(fields: Mapping[str, tuple[object, object]], record: str, leave: Collection[Place]) -> dict[str, object]:
    return {name: new for name, (_, new) in fields.items() if (record, 0, name) not in leave}

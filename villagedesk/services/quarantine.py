"""What a hub holds back: files that wait or were refused, and in them each record with its reason; what can be done.

Nothing that waits is in the tables. A file leaves when it is taken in or set aside; what is set aside the village reads
in its next reply and sends again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Connection, select

from villagedesk.errors import Problem, Refused
from villagedesk.records.schema import RECORDS
from villagedesk.services.intake import FileResult, Intake, held_folder
from villagedesk.services.laptops import devices
from villagedesk.services.standing import count
from villagedesk.store import chain, lines
from villagedesk.store.apply import Gap, apply_lines
from villagedesk.store.place import Place
from villagedesk.store.refolding import Unread, unread
from villagedesk.store.settings import read_setting
from villagedesk.sync.bundle import Bundle, open_bundle
from villagedesk.sync.keys import HubKey
from villagedesk.text import Text, say
from villagedesk.values import Step, each_told, no_step, within

GAP, CLOSING, REFUSED = "gap", "closing", "refused"
_MOST = 500  # records shown of one file
_LATEST = 20  # files of a village of which a refusal is still shown


@dataclass(frozen=True)
class Held:
    """A file that is not in. ``kind``: gap, closing (both kept here) or refused (only what became of it is kept)."""

    village: str
    file: str
    at: str
    kind: str
    reason: Text


@dataclass(frozen=True)
class HeldRecord:
    """One record of a held file: its kind and id, the household's number where it is known, who wrote it, and why."""

    kind: str
    record_id: str
    household_no: str
    author: str
    at: str
    reason: Text


class _RolledBack(Exception):
    """Ends a trial; never leaves this module."""


def _roll_back() -> NoReturn:
    raise _RolledBack


class Quarantine:
    """What waits at a hub."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._store = place.store

    def held(self) -> tuple[Held, ...]:
        """Every file that waits or was refused last, by village, the newest first."""
        with self._store.read() as connection:
            villages = sorted({said["village"] for said in read_setting(connection, "invites", {}).values()})
            verdicts = {code: read_setting(connection, f"verdicts:{code}", ()) for code in villages}
        return tuple(
            _held(self._place, code, raw)
            for code in villages
            for place, raw in enumerate(reversed(verdicts[code]))
            if (raw["status"] == "rejected" and place < _LATEST)
            or (raw["status"] == "held" and _kept(self._place, code, raw["name"]))
        )

    def records(self, held: Held) -> tuple[HeldRecord, ...]:
        """What stands in a held file, record by record; of a refused one nothing. Raises Refused when it left."""
        file = _kept(self._place, held.village, held.file)
        if held.kind == REFUSED:
            return ()
        if file is None:
            raise _left()
        intake = self._intake()
        with open_bundle(file, self._key(), intake.trust) as bundle:
            found = self._closing(bundle) if held.kind == CLOSING else self._missing(bundle)
            return tuple(islice(found, _MOST))

    def unread(self) -> tuple[Unread, ...]:
        """Facts that only a newer version of the program can read; they are kept and forwarded, but shown nowhere."""
        with self._store.read() as connection:
            return unread(connection)

    def retry(self, step: Step = no_step) -> tuple[FileResult, ...]:
        """Try every waiting file once more, village by village (``step``); those that still do not fit stay."""
        intake = self._intake()
        villages = tuple(dict.fromkeys(held.village for held in self.held() if held.kind == GAP))
        return tuple(result for village in each_told(villages, step) for result in intake.retry(village))

    def set_aside(self, held: Held, reason: str) -> None:
        """Let a waiting file go; the village reads the reason in its next reply and sends again what it needs.

        Raises Refused without a reason, or when the file left by itself.
        """
        if not reason.strip():
            raise Refused([Problem(say("Say why this file is set aside; the village reads it."), "reason")])
        file = _kept(self._place, held.village, held.file)
        if file is None:
            raise _left()
        said = say("The township set this file aside: {reason}. Mend it there, then send again.", reason=reason.strip())
        self._intake().refuse(file, held.village, said)
        file.unlink(missing_ok=True)

    def _intake(self) -> Intake:
        return Intake(self._place, self._key())

    def _key(self) -> HubKey:
        return HubKey.from_secret(str(self._store.setting("hub_key")).encode())

    def _missing(self, bundle: Bundle) -> Iterator[HeldRecord]:
        """Per record: which change of which laptop it builds on that has not come."""
        with self._store.read() as connection:
            here = {tip.device: tip.seq for tip in chain.tips(connection)}
            names = {device: card["name"] for device, card in devices(connection).items()}
            numbers: dict[str, str] = {}
            for line in map(lines.decode, bundle.lines()):
                known = here.get(line.device, 0)
                if line.seq <= known:
                    continue
                reason = say(
                    "change {n} of “{laptop}”; of it only {have} have come, the file with the ones between is missing",
                    n=line.seq, laptop=names.get(line.device, line.device), have=known,
                )  # fmt: skip
                yield from _each(connection, line, reason, numbers)

    def _closing(self, bundle: Bundle) -> Iterator[HeldRecord]:
        """The households that the file would close, found by taking it in and rolling back."""
        village, found = bundle.header.village, list[HeldRecord]()
        try:
            with self._store.write() as connection:
                before = count(connection, village)["households"]
                applied = apply_lines(connection, bundle.lines(), lambda _, of: within(of, village))
                gone = _closed(connection, applied.records.get("household", ()))
                reason = say("would be closed; of {all} {all:household|households} here", all=before)
                for line in map(lines.decode, bundle.lines()):
                    found += [one for one in _each(connection, line, reason, {}) if one.record_id in gone]
                _roll_back()
        except (_RolledBack, Gap):
            return iter({one.record_id: one for one in found}.values())


def _left() -> Refused:
    return Refused(say("This file does not wait any more. Look at the list again."))


def _kept(place: Place, village: str, name: str) -> Path | None:
    """The held file of this name, in whichever of the two folders."""
    folders = (held_folder(place, village), held_folder(place, village, asked=True))
    return next((folder / name for folder in folders if name == Path(name).name and (folder / name).is_file()), None)


def _held(place: Place, village: str, raw: dict[str, object]) -> Held:
    said = raw.get("reason")
    reason = Text(said["text"], said["fields"]) if isinstance(said, dict) else Text("", {})
    name = str(raw["name"])
    asked = (held_folder(place, village, asked=True) / name).is_file()
    kind = REFUSED if raw["status"] == "rejected" else CLOSING if asked else GAP
    return Held(village, name, str(raw["at"]), kind, reason)


def _each(connection: Connection, line: lines.Revision, reason: Text, numbers: dict[str, str]) -> Iterator[HeldRecord]:
    """The records of a line; ``numbers`` learns the numbers of the households that the file itself brings."""
    for change in line.changes:
        if change.kind == "household" and "no" in change.fields:
            numbers[change.record] = str(change.fields["no"][1])
        no = _household_no(connection, change, numbers)
        yield HeldRecord(change.kind, change.record, no, line.author, line.at, reason)


def _household_no(connection: Connection, change: lines.RecordChange, numbers: Mapping[str, str]) -> str:
    """The number of the household a change is about: as the file says, else as it stands here."""
    said = {name: new for name, (_, new) in change.fields.items()}
    home = change.record if change.kind == "household" else str(said.get("household_id", ""))
    if not home and change.kind in RECORDS and "household_id" in RECORDS[change.kind].table.c:
        table = RECORDS[change.kind].table
        home = str(connection.execute(select(table.c.household_id).where(table.c.id == change.record)).scalar() or "")
    if home in numbers:
        return numbers[home]
    table = RECORDS["household"].table
    return str(connection.execute(select(table.c.no).where(table.c.id == home)).scalar() or "") if home else ""


def _closed(connection: Connection, ids: Sequence[str]) -> set[str]:
    table = RECORDS["household"].table
    gone = table.c.removed | (table.c.removed_reason != "")
    query = select(table.c.id).where(gone)
    return set(connection.execute(query).scalars()) & set(ids)

"""The program of a later release, in a process of its own: its household files have one field more, ``well_depth``.

    python -m tests.core.sync_machine.newer FOLDER VERB WORD… [VERB WORD…]…

Draft, table, schema number and step are real, only younger than ours. Verbs: ``found INVITE``, ``save NO DEPTH``,
``send STICK``, ``take FILE``, ``tell NO``, ``back FILE``; what they say is printed, a line each.
"""
# ruff: noqa: E402  the draft is made younger before anything makes tables of it

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from types import MappingProxyType

import villagedesk

RELEASE = "0.9.0"
villagedesk.__version__ = RELEASE

from villagedesk.drafts import household

FIELD = "well_depth"
SCHEMA = 2

_Newer = dataclasses.make_dataclass(
    "HouseholdDraft", [(FIELD, int, 0)], bases=(household.HouseholdDraft,), frozen=True, slots=True
)
_Newer.__module__ = household.__name__
household.HouseholdDraft = _Newer

from villagedesk.store import migrations

migrations.SCHEMA = SCHEMA
_STEP = f"ALTER TABLE household ADD COLUMN {FIELD} BIGINT DEFAULT 0 NOT NULL"
migrations.STEPS = MappingProxyType({SCHEMA: lambda connection: connection.exec_driver_sql(_STEP)})

from villagedesk.desk import Desk, create_desk, open_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import open_hub
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.backups import backup
from villagedesk.store.place import HUB, label
from villagedesk.store.wraps import Cost
from villagedesk.sync.header import peek_header

PASSPHRASE = "p"


def _found(folder: Path, invite: Path) -> None:
    draft = VillageDraft(code=invite.stem, name="某村", profile="jiangsu-2018")
    desk, _ = create_desk(folder, PASSPHRASE, draft, author="newer", cost=Cost(8, 1, 1))
    with desk:
        desk.sync.join(invite, "newer")


def _save(desk: Desk, no: str, depth: str) -> None:
    known = desk.households.with_number(no)
    draft = desk.households.get(known.id) if known else household.HouseholdDraft(
        no=no, group="一组", state="2", kind="1", members=(household.MemberDraft(name="甲", relation="01"),)
    )  # fmt: skip
    desk.households.save(dataclasses.replace(draft, **{FIELD: int(depth)}), "visit")


def _tell(folder: Path, no: str) -> str:
    opening = open_hub if label(folder) == HUB else open_desk
    with opening(folder, PASSPHRASE) as opened, opened.place.store.read() as connection:
        (found,) = load_where(connection, "household", RECORDS["household"].table.c.no == no).values()
    return f"{getattr(found, FIELD)} {found.address}"


def _do(folder: Path, verb: str, *words: str) -> str:
    if verb == "found":
        _found(folder, Path(*words))
    if verb == "tell":
        return _tell(folder, *words)
    with open_desk(folder, PASSPHRASE) as desk:
        if verb == "save":
            _save(desk, *words)
        if verb == "send":
            return str(desk.sync.send(Path(*words)).path)
        if verb == "back":
            backup(desk.place, Path(*words))
        if verb == "take":
            file = Path(*words)
            return f"{peek_header(file).kind} {desk.sync.receive(file).revisions}"
    return verb


if __name__ == "__main__":
    place, *said = Path(sys.argv[1]), *sys.argv[2:]
    while said:
        count = 3 if said[0] == "save" else 2
        print(_do(place, *said[:count]))
        said = said[count:]

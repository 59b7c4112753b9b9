"""A village as the township sees it: its last file, both sides' totals, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from villagedesk import divisions
from villagedesk.errors import Refused
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.conflicts import conflict_count
from villagedesk.services.intake import held_folder, village_setting
from villagedesk.services.laptops import counting
from villagedesk.services.standing import count
from villagedesk.store.place import Place
from villagedesk.store.store import read_setting


@dataclass(frozen=True)
class VillageRow:
    """One line of the township's list.

    ``difference`` holds the totals that are not equal: the hub's less the village's, so -6 members means six are
    missing here.
    """

    village: str
    name: str
    devices: int
    last_file: str
    last_at: str
    held: int
    rejected: int
    conflicts: int
    totals: Mapping[str, int]
    sent_totals: Mapping[str, int]
    difference: Mapping[str, int]


def _known_name(code: str) -> str:
    """What the division table calls a village that has sent nothing yet, or the township of a county's hub."""
    try:
        if code.endswith("000"):
            return divisions.children(code[:9])[0].township
        return divisions.village(code).short_name
    except (Refused, IndexError):
        return ""


def village_row(connection: Connection, place: Place, village: str) -> VillageRow:
    """The line of one village, whether it has sent anything or not."""
    said = village_setting(connection, village)
    verdicts = read_setting(connection, f"verdicts:{village}", ())
    last = verdicts[-1] if verdicts else {"name": "", "at": ""}
    named = load_where(connection, "village", RECORDS["village"].table.c.code == village)
    waiting = [*held_folder(place, village).glob("*"), *held_folder(place, village, asked=True).glob("*")]
    here = count(connection, village)
    return VillageRow(
        village=village,
        name=next((found.name for found in named.values()), "") or _known_name(village),
        devices=len(counting(connection, village)),
        last_file=last["name"],
        last_at=last["at"],
        held=len(waiting),
        rejected=sum(verdict["status"] == "rejected" for verdict in verdicts),
        conflicts=conflict_count(connection, village),
        totals=here,
        sent_totals=said["totals"],
        difference={name: here[name] - sent for name, sent in said["totals"].items() if here[name] != sent},
    )

"""The end of a team's time: what is still open, and taking a desk off a laptop for good (DOMAIN §8.6, §8.7).

A desk is taken off by destroying its key: without it every page, attachment and copy in the folder is noise, also on
disks that keep old blocks. Then the files go, as far as the system deletes them.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select

from villagedesk.durable import refusals, sync_folder, write_whole
from villagedesk.errors import Refused
from villagedesk.records.schema import RECORDS
from villagedesk.services.lists import Lists
from villagedesk.services.persons import Persons
from villagedesk.services.safekeeping import Safekeeping
from villagedesk.services.site import CHINA, Site
from villagedesk.services.team import Team
from villagedesk.store import lock, vault
from villagedesk.store import place as places
from villagedesk.text import say, tr


@dataclass(frozen=True)
class Standing:
    """How a desk stands before it is handed over.

    ``unsent``: changes no receipt has acknowledged. ``last_backup``: of those in the second place. ``ends_on``: the
    last day of the team's term as entered, ``keep_until``: when the laptop's copy is due to be taken off.
    """

    unsent: int
    conflicts: int
    requests: int
    notices: int
    last_backup: datetime | None
    ends_on: date | None
    keep_until: date | None


class Leaving:
    """What a team that leaves has to look after."""

    def __init__(self, site: Site, safekeeping: Safekeeping) -> None:
        self._site = site
        self._safekeeping = safekeeping

    def standing(self) -> Standing:
        """What is still open."""
        waiting = Lists(self._site).waiting()
        asked = [each for each in Persons(self._site).requests() if each.answered_on is None]
        kept = self._safekeeping.kept()
        team = Team(self._site)
        return Standing(
            unsent=waiting.unsent,
            conflicts=waiting.conflicts,
            requests=len(asked),
            notices=self._running_notices(),
            last_backup=kept[0].made_at if kept else None,
            ends_on=team.last_day(),
            keep_until=team.keep_until(),
        )

    def _running_notices(self) -> int:
        table = RECORDS["notice"].table
        running = (table.c.village == self._site.village, table.c.removed.is_(False), table.c.state == "posted")
        with self._site.store.read() as connection:
            return int(connection.execute(select(func.count()).select_from(table).where(*running)).scalar_one())


def take_off(folder: Path, passphrase: str, now: datetime) -> Path:
    """Take a closed desk or hub off this computer for good; returns the note that says so, beside where it lay.

    Raises Unreadable for a wrong passphrase or no desk, Unavailable when it is open somewhere or cannot be deleted.
    Backups and send files elsewhere are not touched: the old passphrases still open the backups.
    """
    kind = places.label(folder)
    vault.enter(folder / vault.VAULT_NAME, passphrase)
    lock.take(folder).release()
    note = folder.with_name(f"{folder.name}-{now.astimezone(CHINA):%Y%m%d-%H%M%S}.txt")
    with refusals(folder):
        count = sum(1 for path in folder.rglob("*") if path.is_file())
        for keys in (folder / vault.VAULT_NAME, *folder.glob(f"*/{vault.VAULT_NAME}")):
            _destroy(keys)
        sync_folder(folder)
        shutil.rmtree(folder)
        sync_folder(folder.parent)
    said = tr(
        "{when}: the {kind} in this folder was taken off this computer: its keys were destroyed, "
        "{n} {n:file|files} deleted.",
        when=f"{now.astimezone(CHINA):%Y-%m-%d %H:%M}",
        kind=tr("hub") if kind == places.HUB else tr("desk"),
        n=count,
    )
    write_whole(note, [f"{said}\n".encode()])
    return note


def _destroy(file: Path) -> None:
    """Write over the wrapped keys before the file goes."""
    size = file.stat().st_size
    with file.open("r+b") as stream:
        for _ in range(2):
            stream.seek(0)
            stream.write(os.urandom(size))
            stream.flush()
            os.fsync(stream.fileno())
    with suppress(FileNotFoundError):
        file.unlink()


def demand_ready(standing: Standing) -> None:
    """Raise Refused while taking the desk off would lose work: changes not sent, and no backup."""
    if standing.unsent and standing.last_backup is None:
        raise Refused(
            say(
                "{n} {n:change is|changes are} neither sent nor in a backup. Send {n:it|them} or make a backup first.",
                n=standing.unsent,
            )
        )

"""A desk's side of the exchange: joining a township, sending, taking in what comes back, deciding conflicts.

Sent is not accepted: only a receipt moves the mark of what the township has (DESIGN §5.4). Everything above that mark
goes into the next file again, so a lost file costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from villagedesk.errors import Refused
from villagedesk.services import conflicts, likeness
from villagedesk.services.conflicts import Candidate, Conflict, Decision
from villagedesk.services.consent import TOUCHING, voluntary
from villagedesk.services.membership import demand_hub, demand_keys, device_key, hub_fields, invite_of, peers, trusted
from villagedesk.services.reception import Received, take
from villagedesk.services.releases import naming_release
from villagedesk.services.site import CHINA, Site
from villagedesk.services.standing import (
    ACKNOWLEDGED,
    acked,
    acknowledgement,
    as_tip,
    attached,
    begin_standing,
    count,
)
from villagedesk.services.stick import Target, mark_stick, target_of
from villagedesk.store import chain, lines
from villagedesk.store.numbers import Numbers
from villagedesk.store.refolding import Unread, unread
from villagedesk.store.store import read_setting, write_setting
from villagedesk.store.work import Change, Work, next_number
from villagedesk.sync.bundle import BundleHeader, Cargo, WrittenBundle, open_bundle, peek_header, write_bundle
from villagedesk.sync.invite import Invite, enrol, read_invite
from villagedesk.sync.keys import try_recipient
from villagedesk.sync.receipt import (
    FileVerdict,
    ListRemark,
    read_receipt,
    read_remarks,
)
from villagedesk.text import say
from villagedesk.values import Step, no_step

__all__ = ["Candidate", "Conflict", "ListRemark", "Received", "Sync", "SyncStatus", "WrittenBundle", "invited_village"]


def invited_village(invite_file: Path, now: datetime) -> str:
    """The 12-digit code of the village an invitation is for. Raises Unreadable for what is none or has expired."""
    return read_invite(invite_file, now.astimezone(CHINA).date()).village


@dataclass(frozen=True)
class SyncStatus:
    """Where this desk stands with its township.

    ``unsent`` counts revisions no receipt has named, ``edited_since`` those of them that no file written yet holds.
    """

    hub: str
    township: str
    fingerprint: str
    joined: bool
    enrolled: bool
    sequence: int
    sent_at: str
    unsent: int
    edited_since: int
    conflicts: int
    verdicts: tuple[FileVerdict, ...]
    hub_totals: Mapping[str, int]
    totals: Mapping[str, int]


class Sync:
    """The exchange of one desk."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def join(self, invite_file: Path, name: str) -> Invite:
        """Join the township of an invite; ``name`` is what people call this laptop. Raises Refused or Unreadable."""
        demand_keys(self._site.store)
        invite = read_invite(invite_file, self._site.today())
        if invite.village != self._site.village:
            raise _for_others(invite)
        try_recipient(invite.recipient)
        with self._site.store.write() as connection:
            same_hub = read_setting(connection, "hub", {}).get("id") == invite.hub
            write_setting(connection, "hub", hub_fields(invite, name))
            write_setting(connection, "enrolled", "")
            begin_standing(connection, invite.epoch, same_hub=same_hub)
        device_key(self._site.store)  # made now, so that every later backup has the keys the township will know
        return invite

    def send(
        self, folder: Path, *, to_devices: bool = False, everything: bool = False, step: Step = no_step
    ) -> WrittenBundle:
        """Write everything the township has not acknowledged into ``folder`` (the stick), as one file.

        With ``to_devices`` the file is for the other laptops of the village and holds everything; ``everything`` sends
        the township all of it once more, whatever it said it has.
        """
        hub = demand_hub(self._site.store)
        demand_keys(self._site.store)
        key = device_key(self._site.store)
        recipients = (
            [*{card.age_recipient: None for card in peers(self._site.store)}] if to_devices else [hub["recipient"]]
        )
        if not recipients:
            raise Refused(say("No other laptop of this village is known yet. Receive the township's reply first."))
        with self._site.store.read() as connection:
            known = () if to_devices or everything else acked(connection)
            numbers = chain.numbers_after(connection, known)
            epoch = read_setting(connection, "acked", {}).get("epoch", hub["epoch"])
            sequence = int(read_setting(connection, "sent", {}).get("sequence", 0)) + 1
            header = BundleHeader("peer" if to_devices else "send", self._site.village, sequence, epoch)
            cargo = self._cargo(connection, numbers, hub)
            last = next_number(connection) - 1
            written = write_bundle(folder, header, cargo, key, recipients, step=step)
        mark_stick(folder, self._site.store)
        self._note_sent(written, last)
        return written

    def target(self, folder: Path) -> Target:
        """Whether a folder is the stick of last time, another one, or marked for the first time."""
        return target_of(folder, self._site.store)

    def receive(self, file: Path, *, closing_meant: bool = False, step: Step = no_step) -> Received:
        """Take in a township's reply or another laptop's file, all of it or (Unreadable, Refused) nothing.

        Raises Emptying when it closes many households and nobody has said that this is meant.
        """
        demand_hub(self._site.store)
        demand_keys(self._site.store)
        header = peek_header(file)
        if header.kind == "send":
            raise Refused(say("This is a village's file for the township. Here you open the township's reply."))
        trust = partial(trusted, self._site.store)
        with (
            naming_release(header.program),
            open_bundle(file, device_key(self._site.store), trust, step=step) as bundle,
        ):
            return take(self._site, bundle, closing_meant=closing_meant)

    def status(self) -> SyncStatus:
        """Where this desk stands with its township."""
        with self._site.store.read() as connection:
            hub = read_setting(connection, "hub", {})
            receipt = read_setting(connection, "receipt", "")
            said = read_receipt(receipt.encode()) if receipt else None
            sent = read_setting(connection, "sent", {})
            unsent = chain.numbers_after(connection, acked(connection))
            return SyncStatus(
                hub=hub.get("name", ""),
                township=hub.get("township", ""),
                fingerprint=hub.get("fingerprint", ""),
                joined=bool(hub),
                enrolled=self._enrolled(connection),
                sequence=sent.get("sequence", 0),
                sent_at=sent.get("at", ""),
                unsent=len(unsent),
                edited_since=unsent.after(sent["last"]) if "last" in sent else 0,
                conflicts=conflicts.conflict_count(connection),
                verdicts=said.files if said else (),
                hub_totals=said.totals if said else {},
                totals=count(connection, self._site.village),
            )

    def list_remarks(self) -> tuple[ListRemark, ...]:
        """Where files differ from lists of other offices, as the latest reply said."""
        said = self._site.store.setting("lists", "")
        return read_remarks(said.encode()) if said else ()

    def unread(self) -> tuple[Unread, ...]:
        """Facts that only a newer version of the program can read; they are kept and sent on, but shown nowhere."""
        with self._site.store.read() as connection:
            return unread(connection)

    def conflicts(self) -> tuple[Conflict, ...]:
        """The fields waiting for a person, with every value that was written and who wrote it."""
        with self._site.store.read() as connection:
            return conflicts.conflicts_of(connection)

    def decisions(self) -> tuple[Decision, ...]:
        """The conflicts settled last, with the values that were not chosen."""
        with self._site.store.read() as connection:
            return conflicts.decided(connection)

    def decide(self, kind: str, record_id: str, field: str, hash_: str, reason: str) -> Change:
        """Settle a conflict with the value of one of its candidates; the others stay in the history.

        Where two people were put together who are two, they are taken apart again. Raises Refused when it is settled
        already, or a measure would then run without the wish of its person.
        """
        with self._site.store.work(conflicts.VERB, reason) as work:
            together = likeness.put_together_by(work.connection, record_id) if kind == likeness.LIKENESS else ()
            with voluntary(work, self._site.profile, _homes(work, kind, record_id)):
                if conflicts.decide(work, kind, record_id, field, hash_) is False:
                    likeness.take_apart(work, self._site.village, together)
        return work.change

    def _enrolled(self, connection: Connection) -> bool:
        """Whether the township has answered to this incarnation of the laptop."""
        return bool(read_setting(connection, "enrolled", "") == self._site.store.device)

    def _cargo(self, connection: Connection, numbers: Numbers, hub: Mapping[str, Any]) -> Cargo:
        """Everything with these revisions. The joining slip always goes along: a restored hub may have lost us."""
        key = device_key(self._site.store)
        return Cargo(
            created=self._site.store.clock(),
            lines=chain.blocks_of(connection, numbers),
            attachments=attached(connection, numbers, self._site.folder / "attachments", self._site.key),
            documents={ACKNOWLEDGED: acknowledgement(connection)},
            totals=count(connection, self._site.village),
            have=tuple(as_tip(tip) for tip in chain.tips(connection)),
            enrolment=enrol(invite_of(hub, self._site.village), key, hub["laptop"]),
            count=len(numbers),
        )

    def _note_sent(self, written: WrittenBundle, last: int) -> None:
        said = {
            "last": last if written.header.kind == "send" else self._site.store.setting("sent", {}).get("last", 0),
            "sequence": written.header.sequence,
            "at": lines.iso(self._site.store.clock()),
            "file": written.path.name,
        }
        self._site.store.keep_setting("sent", said)


def _homes(work: Work, kind: str, record_id: str) -> list[str]:
    """The households in which settling a conflict of this record can leave a measure without its wish."""
    if kind == likeness.LIKENESS:
        return [row["household_id"] for row in likeness.people_of(work.connection, record_id)]
    row = work.row(kind, record_id) if kind in TOUCHING else None
    return [row["household_id"]] if row else []


def _for_others(invite: Invite) -> Refused:
    if invite.village.endswith("000"):
        return Refused(
            say("This is a county's invitation for the hub of the township {code}, not for a village's desk.",
                code=invite.village[:9])
        )  # fmt: skip
    return Refused(say("This invite is for the village {code}, not for this desk.", code=invite.village))

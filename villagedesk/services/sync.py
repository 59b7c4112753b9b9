"""A desk's side of the exchange: joining a township, sending, taking in what comes back, deciding conflicts.

Sent is not accepted: only a receipt moves the mark of what the township has (DESIGN §5.4). Everything above that mark
goes into the next file again, so a lost file costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from villagedesk.drafts.attachment import AttachmentDraft
from villagedesk.errors import Refused
from villagedesk.records.load import load
from villagedesk.records.schema import RECORDS, conflict, revision, touch
from villagedesk.services.site import Site
from villagedesk.store import chain, lines, sealed
from villagedesk.store.apply import Applied, apply_lines
from villagedesk.store.chain import ChainTip
from villagedesk.store.lists import totals
from villagedesk.store.store import Store, read_setting, write_setting
from villagedesk.store.work import Change
from villagedesk.sync.bundle import Bundle, BundleHeader, Cargo, WrittenBundle, open_bundle, peek_header, write_bundle
from villagedesk.sync.invite import Invite, enrol, read_invite
from villagedesk.sync.keys import DeviceCard, DeviceKey
from villagedesk.sync.receipt import RECEIPT, FileVerdict, Receipt, Tip, read_receipt, tips_fields
from villagedesk.sync.untrusted import parse
from villagedesk.text import say
from villagedesk.values import Step, no_step

CARDS = "devices.json"
"""The document of a reply that names the laptops of the village, so that they can send to each other."""


@dataclass(frozen=True)
class SyncStatus:
    """Where this desk stands with its township. ``unsent`` counts revisions no receipt has named."""

    hub: str
    township: str
    fingerprint: str
    joined: bool
    enrolled: bool
    sequence: int
    sent_at: str
    unsent: int
    conflicts: int
    verdicts: tuple[FileVerdict, ...]
    hub_totals: Mapping[str, int]
    totals: Mapping[str, int]


@dataclass(frozen=True)
class Candidate:
    """One of the values that stand against each other."""

    hash: str
    value: Any
    author: str
    device: str
    at: str
    reason: str


@dataclass(frozen=True)
class Conflict:
    """A field that two sides changed without knowing of each other."""

    kind: str
    record_id: str
    household_id: str
    field: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Received:
    """What taking in a file did."""

    kind: str
    revisions: int
    repeated: int
    conflicts: int
    receipt: Receipt | None


class Sync:
    """The exchange of one desk."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def join(self, invite_file: Path, name: str) -> Invite:
        """Join the township of an invite; ``name`` is what people call this laptop. Raises Refused or Unreadable."""
        invite = read_invite(invite_file, self._site.today())
        if invite.village != self._site.village:
            raise Refused(say("This invite is for the village {code}, not for this desk.", code=invite.village))
        with self._site.store.write() as connection:
            write_setting(connection, "hub", _hub_fields(invite, name))
            write_setting(connection, "enrolled", "")
            write_setting(connection, "acked", {"clock": "", "epoch": invite.epoch, "tips": []})
        return invite

    def send(self, folder: Path, *, to_devices: bool = False, step: Step = no_step) -> WrittenBundle:
        """Write everything the township has not acknowledged into ``folder`` (the stick), as one file.

        With ``to_devices`` the file is for the other laptops of the village and holds everything.
        """
        hub = self._demand_hub()
        key = device_key(self._site.store)
        recipients = [card.age_recipient for card in self._peers()] if to_devices else [hub["recipient"]]
        if not recipients:
            raise Refused(say("No other laptop of this village is known yet. Receive the township's reply first."))
        with self._site.store.read() as connection:
            known = () if to_devices else acked(connection)
            numbers = chain.numbers_after(connection, known)
            header = BundleHeader(
                "peer" if to_devices else "send", self._site.village, self._next_sequence(connection), hub["epoch"]
            )
            cargo = self._cargo(connection, numbers, hub, enrolled=self._enrolled(connection))
            written = write_bundle(folder, header, cargo, key, recipients, step=step)
        self._note_sent(written)
        return written

    def receive(self, file: Path, *, step: Step = no_step) -> Received:
        """Take in a township's reply or another laptop's file, all of it or (Unreadable, Refused) nothing."""
        self._demand_hub()
        header = peek_header(file)
        if header.kind == "send":
            raise Refused(say("This is a village's file for the township. Here you open the township's reply."))
        with open_bundle(file, device_key(self._site.store), self._trust, step=step) as bundle:
            return self._take(bundle)

    def status(self) -> SyncStatus:
        """Where this desk stands with its township."""
        with self._site.store.read() as connection:
            hub = read_setting(connection, "hub", {})
            receipt = read_setting(connection, "receipt", "")
            said = read_receipt(receipt.encode()) if receipt else None
            sent = read_setting(connection, "sent", {})
            return SyncStatus(
                hub=hub.get("name", ""),
                township=hub.get("township", ""),
                fingerprint=hub.get("fingerprint", ""),
                joined=bool(hub),
                enrolled=self._enrolled(connection),
                sequence=sent.get("sequence", 0),
                sent_at=sent.get("at", ""),
                unsent=len(chain.numbers_after(connection, acked(connection))),
                conflicts=connection.execute(select(func.count()).select_from(conflict)).scalar_one(),
                verdicts=said.files if said else (),
                hub_totals=said.totals if said else {},
                totals=count(connection, self._site.village),
            )

    def conflicts(self) -> tuple[Conflict, ...]:
        """The fields waiting for a person, with every value that was written and who wrote it."""
        with self._site.store.read() as connection:
            return conflicts_of(connection)

    def decide(self, kind: str, record_id: str, field: str, hash_: str, reason: str) -> Change:
        """Settle a conflict with the value of one of its candidates; the others stay in the history."""
        with self._site.store.work("conflict.decide", reason) as work:
            waiting = [c for c in conflicts_of(work.connection) if (c.record_id, c.field) == (record_id, field)]
            chosen = [c.value for found in waiting for c in found.candidates if c.hash == hash_]
            if not chosen:
                raise Refused(say("This conflict has been settled already."))
            work.decide(kind, record_id, field, lines.column_value(RECORDS[kind], field, chosen[0]))
        return work.change

    def _enrolled(self, connection: Connection) -> bool:
        """Whether the township has answered to this incarnation of the laptop."""
        return bool(read_setting(connection, "enrolled", "") == self._site.store.device)

    def _demand_hub(self) -> dict[str, Any]:
        hub: dict[str, Any] = self._site.store.setting("hub", {})
        if not hub:
            raise Refused(say("This desk has not joined a township yet. Open the township's invite first."))
        return hub

    def _peers(self) -> list[DeviceCard]:
        me = self._site.store.device
        raw = self._site.store.setting("peers", ())
        return [card for card in map(_card, raw) if card.device != me]

    def _trust(self, sender: str) -> bytes | None:
        hub = self._demand_hub()
        if sender == hub["id"]:
            return bytes.fromhex(hub["verify_key"])
        return next((card.sign_key for card in self._peers() if card.device == sender), None)

    def _next_sequence(self, connection: Connection) -> int:
        return int(read_setting(connection, "sent", {}).get("sequence", 0)) + 1

    def _cargo(self, connection: Connection, numbers: Sequence[int], hub: dict[str, Any], *, enrolled: bool) -> Cargo:
        slip = (
            None
            if enrolled
            else enrol(_invite_of(hub, self._site.village), device_key(self._site.store), hub["laptop"])
        )
        return Cargo(
            created=self._site.store.clock(),
            lines=chain.lines_of(connection, numbers),
            attachments=self._attachments(connection, numbers),
            totals=count(connection, self._site.village),
            have=tuple(_tip(tip) for tip in chain.tips(connection)),
            enrolment=slip,
            count=len(numbers),
        )

    def _attachments(self, connection: Connection, numbers: Sequence[int]) -> Iterator[Any]:
        """The attached files that the records in these revisions name."""
        wanted = select(touch.c.record).where(touch.c.revision.in_(numbers)).distinct()
        table = RECORDS["attachment"].table
        ids = list(connection.execute(select(table.c.id).where(table.c.id.in_(wanted))).scalars())
        for attachment in load(connection, "attachment", ids).values():
            yield self._sealed(attachment)

    def _sealed(self, attachment: AttachmentDraft) -> Any:
        folder, key = self._site.folder / "attachments", self._site.key
        return attachment.digest, lambda: sealed.unseal(folder, attachment.digest, key)

    def _note_sent(self, written: WrittenBundle) -> None:
        said = {
            "sequence": written.header.sequence,
            "at": lines.iso(self._site.store.clock()),
            "file": written.path.name,
        }
        self._site.store.keep_setting("sent", said)

    def _take(self, bundle: Bundle) -> Received:
        if bundle.header.village != self._site.village:
            raise Refused(say("This file is for the village {code}, not for this desk.", code=bundle.header.village))
        receipt = read_receipt(bundle.documents[RECEIPT]) if RECEIPT in bundle.documents else None
        with self._site.store.write() as connection:
            applied = apply_lines(connection, bundle.lines(), lambda _, village: village == self._site.village)
            for _, data in bundle.attachments():
                sealed.seal(self._site.folder / "attachments", data, self._site.key)
            if receipt is not None and bundle.header.kind == "reply":
                keep_receipt(connection, receipt, self._site.store.device)
            if CARDS in bundle.documents:
                write_setting(connection, "peers", orjson.loads(bundle.documents[CARDS]))
        return _received(bundle, applied, receipt)


def _received(bundle: Bundle, applied: Applied, receipt: Receipt | None) -> Received:
    return Received(bundle.header.kind, applied.revisions, applied.repeated, applied.conflicts, receipt)


def keep_receipt(connection: Connection, receipt: Receipt, device: str) -> None:
    """Let the newest receipt say what the township has; an older one that arrives late says nothing new."""
    known = read_setting(connection, "acked", {})
    clock = lines.iso(receipt.clock)
    if receipt.epoch == known.get("epoch") and clock < known.get("clock", ""):
        return
    write_setting(connection, "acked", {"clock": clock, "epoch": receipt.epoch, "tips": tips_fields(receipt.have)})
    write_setting(connection, "receipt", receipt.to_json().decode())
    if any(tip.device == device for tip in receipt.have):
        write_setting(connection, "enrolled", device)


def acked(connection: Connection) -> tuple[ChainTip, ...]:
    """What the township said it has."""
    raw = read_setting(connection, "acked", {"tips": ()})
    return tuple(ChainTip(tip["device"], tip["seq"], tip["hash"]) for tip in raw["tips"])


def count(connection: Connection, village: str) -> dict[str, int]:
    """The control totals of a village that both sides compare."""
    found = totals(connection, village)
    return {"households": found.households, "members": found.members, "exited": found.exited}


def device_key(store: Store) -> DeviceKey:
    """The keys of this laptop, made when first asked for. A new incarnation keeps them under its own id."""
    secret = store.setting("device_key")
    if secret is None:
        key = DeviceKey.generate(store.device)
        store.keep_setting("device_key", key.to_secret().decode())
        return key
    key = DeviceKey.from_secret(str(secret).encode())
    return key if key.id == store.device else replace(key, id=store.device)


def conflicts_of(connection: Connection, village: str = "") -> tuple[Conflict, ...]:
    """The open conflicts, of one village or all."""
    query = select(conflict).order_by(conflict.c.kind, conflict.c.record, conflict.c.field)
    if village:
        query = query.where(conflict.c.village == village)
    return tuple(_conflict(connection, dict(row)) for row in connection.execute(query).mappings())


def _conflict(connection: Connection, row: Mapping[str, Any]) -> Conflict:
    found = [_candidate(connection, hash_, row["record"], row["field"]) for hash_ in row["candidates"]]
    table = RECORDS[row["kind"]].table
    stored = connection.execute(select(table).where(table.c.id == row["record"])).mappings().one()
    household = row["record"] if row["kind"] == "household" else str(stored.get("household_id", ""))
    return Conflict(row["kind"], row["record"], household, row["field"], tuple(sorted(found, key=lambda c: c.at)))


def _candidate(connection: Connection, hash_: str, record_id: str, field: str) -> Candidate:
    stored = connection.execute(select(revision.c.line).where(revision.c.hash == bytes.fromhex(hash_))).scalar_one()
    line = lines.decode(lines.unpack(stored))
    change = next(change for change in line.changes if change.record == record_id)
    return Candidate(hash_, change.fields[field][1], line.author, line.device, line.at, line.reason)


def _hub_fields(invite: Invite, laptop: str) -> dict[str, str]:
    return {
        "id": invite.hub,
        "name": invite.hub_name,
        "township": invite.township,
        "recipient": invite.recipient,
        "verify_key": invite.verify_key.hex(),
        "epoch": invite.epoch,
        "token": invite.token,
        "expires": invite.expires.isoformat(),
        "fingerprint": invite.fingerprint,
        "laptop": laptop,
    }


def _invite_of(hub: Mapping[str, Any], village: str) -> Invite:
    return Invite(
        hub["id"],
        hub["name"],
        hub["township"],
        village,
        hub["recipient"],
        bytes.fromhex(hub["verify_key"]),
        hub["epoch"],
        date.fromisoformat(hub["expires"]),
        hub["token"],
    )


def _card(raw: Mapping[str, Any]) -> DeviceCard:
    problem = say("The list of laptops in this desk is damaged. Receive the township's latest reply again.")
    return DeviceCard.from_fields(parse(orjson.dumps(raw), problem))


def _tip(tip: ChainTip) -> Tip:
    return Tip(tip.device, tip.seq, tip.hash)

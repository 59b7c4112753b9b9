"""A desk's side of the exchange: joining a township, sending, taking in what comes back, deciding conflicts.

Sent is not accepted: only a receipt moves the mark of what the township has (DESIGN §5.4). Everything above that mark
goes into the next file again, so a lost file costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from villagedesk.durable import write_whole
from villagedesk.errors import Refused, Unreadable
from villagedesk.services import conflicts
from villagedesk.services.conflicts import Candidate, Conflict
from villagedesk.services.consent import TOUCHING, voluntary
from villagedesk.services.emptying import demand_not_emptied
from villagedesk.services.site import Site
from villagedesk.services.standing import (
    ACKNOWLEDGED,
    CARDS,
    acked,
    acknowledgement,
    as_chain_tip,
    as_tip,
    attached,
    begin_standing,
    count,
    keep_receipt,
)
from villagedesk.services.stick import Target, mark_stick, target_of
from villagedesk.store import chain, lines, place, sealed
from villagedesk.store.apply import Gap, apply_lines
from villagedesk.store.numbers import Numbers
from villagedesk.store.store import Store, drop_setting, read_setting, write_setting
from villagedesk.store.work import Change, next_number
from villagedesk.sync.bundle import Bundle, BundleHeader, Cargo, WrittenBundle, open_bundle, peek_header, write_bundle
from villagedesk.sync.invite import Invite, enrol, read_invite
from villagedesk.sync.keys import DeviceCard, DeviceKey
from villagedesk.sync.receipt import (
    LISTS,
    RECEIPT,
    FileVerdict,
    ListRemark,
    Receipt,
    Tip,
    read_receipt,
    read_remarks,
)
from villagedesk.sync.untrusted import parse
from villagedesk.text import say
from villagedesk.values import Step, no_step

__all__ = ["Candidate", "Conflict", "ListRemark", "Received", "Sync", "SyncStatus", "WrittenBundle", "device_key"]


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
            same_hub = read_setting(connection, "hub", {}).get("id") == invite.hub
            write_setting(connection, "hub", _hub_fields(invite, name))
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
        hub = self._demand_hub()
        key = device_key(self._site.store)
        recipients = [*{card.age_recipient: None for card in self._peers()}] if to_devices else [hub["recipient"]]
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
        self._demand_hub()
        header = peek_header(file)
        if header.kind == "send":
            raise Refused(say("This is a village's file for the township. Here you open the township's reply."))
        with open_bundle(file, device_key(self._site.store), self._trust, step=step) as bundle:
            return self._take(bundle, closing_meant=closing_meant)

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
                edited_since=unsent.after(sent.get("last", 0)) if sent else 0,
                conflicts=conflicts.conflict_count(connection),
                verdicts=said.files if said else (),
                hub_totals=said.totals if said else {},
                totals=count(connection, self._site.village),
            )

    def list_remarks(self) -> tuple[ListRemark, ...]:
        """Where files differ from lists of other offices, as the latest reply said."""
        said = self._site.store.setting("lists", "")
        return read_remarks(said.encode()) if said else ()

    def packs(self) -> tuple[str, ...]:
        """The ids of the policy packs that the township gave along."""
        return tuple(name.removesuffix(".toml") for name in self._site.store.setting("packs", {}))

    def save_pack(self, pack: str, target: Path) -> None:
        """Write a pack that the township gave along as a file, to be looked at and taken over."""
        packs = self._site.store.setting("packs", {})
        if f"{pack}.toml" not in packs:
            raise Refused(say("There is no such pack here. Receive the township's latest reply first."))
        write_whole(target, [packs[f"{pack}.toml"].encode()], read_back=True)

    def renew_keys(self) -> None:
        """Give this laptop new keys, after somebody else may have had the old ones; counts from its next opening.

        It then has to join anew with a new invitation. What was sent before stays.
        """
        with self._site.store.write() as connection:
            drop_setting(connection, "device_key")
            write_setting(connection, "enrolled", "")
            place.renew(connection)

    def conflicts(self) -> tuple[Conflict, ...]:
        """The fields waiting for a person, with every value that was written and who wrote it."""
        with self._site.store.read() as connection:
            return conflicts.conflicts_of(connection)

    def decide(self, kind: str, record_id: str, field: str, hash_: str, reason: str) -> Change:
        """Settle a conflict with the value of one of its candidates; the others stay in the history.

        Raises Refused when it is settled already, or a measure would then run without the wish of its person.
        """
        with self._site.store.work("conflict.decide", reason) as work:
            row = work.row(kind, record_id) if kind in TOUCHING else None
            with voluntary(work, self._site.profile, [row["household_id"]] if row else []):
                conflicts.decide(work, kind, record_id, field, hash_)
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

    def _cargo(self, connection: Connection, numbers: Numbers, hub: Mapping[str, Any]) -> Cargo:
        """Everything with these revisions. The joining slip always goes along: a restored hub may have lost us."""
        key = device_key(self._site.store)
        return Cargo(
            created=self._site.store.clock(),
            lines=chain.lines_of(connection, numbers),
            attachments=attached(connection, numbers, self._site.folder / "attachments", self._site.key),
            documents={ACKNOWLEDGED: acknowledgement(connection)},
            totals=count(connection, self._site.village),
            have=tuple(as_tip(tip) for tip in chain.tips(connection)),
            enrolment=enrol(_invite_of(hub, self._site.village), key, hub["laptop"]),
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

    def _take(self, bundle: Bundle, *, closing_meant: bool) -> Received:
        self._demand_right(bundle)
        reply = bundle.header.kind == "reply"
        receipt = read_receipt(bundle.documents[RECEIPT]) if reply and RECEIPT in bundle.documents else None
        self._notice_restored(receipt.have if receipt else bundle.have)
        try:
            with self._site.store.write() as connection:
                before = count(connection, self._site.village)["households"]
                applied = apply_lines(connection, bundle.lines(), lambda _, village: village == self._site.village)
                if not closing_meant:
                    demand_not_emptied(before, count(connection, self._site.village)["households"])
                for _, data in bundle.attachments():
                    sealed.seal(self._site.folder / "attachments", data, self._site.key)
                if receipt is not None and keep_receipt(connection, receipt, bundle.header.sequence):
                    self._keep_cards(connection, bundle.documents)
                    _keep_papers(connection, bundle.documents)
        except Gap as gap:
            raise Refused(
                say(
                    "This file builds on changes that are not on this laptop. Send your file to the township, "
                    "then take in the reply it gives you."
                )
            ) from gap
        return Received(bundle.header.kind, applied.revisions, applied.repeated, applied.conflicts, receipt)

    def _demand_right(self, bundle: Bundle) -> None:
        """Only the township replies, and only a laptop of this village sends to its colleagues."""
        hub = self._demand_hub()
        if bundle.header.village != self._site.village:
            raise Refused(say("This file is for the village {code}, not for this desk.", code=bundle.header.village))
        if (bundle.header.kind == "reply") != (bundle.header.sender == hub["id"]):
            raise Unreadable(say("This file is not from who it says. Do not use it; ask the township."))
        slip = bundle.enrolment
        if not bundle.known and (slip is None or (slip.hub, slip.token) != (hub["id"], hub["token"])):
            raise Unreadable(
                say("This laptop is not known here. Receive the township's latest reply first, then try again.")
            )

    def _notice_restored(self, theirs: Sequence[Tip]) -> None:
        """Somebody has revisions of this laptop that it has not: it was put back to an earlier state in place.

        The numbers that follow are given out already, so the next opening takes a new device id.
        """
        own = [as_chain_tip(tip) for tip in theirs if tip.device == self._site.store.device]
        with self._site.store.write() as connection:
            if not all(chain.holds(connection, tip) for tip in own):
                place.renew(connection)

    def _keep_cards(self, connection: Connection, documents: Mapping[str, bytes]) -> None:
        if CARDS in documents:
            cards = orjson.loads(documents[CARDS])
            write_setting(connection, "peers", cards)
            if any(_card(raw).device == self._site.store.device for raw in cards):
                write_setting(connection, "enrolled", self._site.store.device)


def _keep_papers(connection: Connection, documents: Mapping[str, bytes]) -> None:
    """What else the township gave along: differences with lists of other offices, policy packs."""
    if LISTS in documents:
        read_remarks(documents[LISTS])
        write_setting(connection, "lists", documents[LISTS].decode())
    packs = {name: data.decode() for name, data in documents.items() if name.endswith(".toml")}
    if packs:
        write_setting(connection, "packs", {**read_setting(connection, "packs", {}), **packs})


def device_key(store: Store) -> DeviceKey:
    """The keys of this laptop, made when first asked for. A new incarnation keeps them under its own id."""
    secret = store.setting("device_key")
    if secret is None:
        key = DeviceKey.generate(store.device)
        store.keep_setting("device_key", key.to_secret().decode())
        return key
    key = DeviceKey.from_secret(str(secret).encode())
    return key if key.id == store.device else replace(key, id=store.device)


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

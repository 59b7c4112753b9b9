"""The township's side of the exchange: invites, what the villages sent, its own acts and decisions, replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from villagedesk import divisions
from villagedesk.durable import write_whole
from villagedesk.errors import Refused
from villagedesk.exchange.registers import load_register
from villagedesk.exchange.workbook import Sheetful, write_register
from villagedesk.policy.codes import load_codes
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services import conflicts
from villagedesk.services.conflicts import Conflict
from villagedesk.services.intake import (
    FileResult,
    Intake,
    devices,
    held_folder,
    note_chains,
    own_chain,
    village_setting,
)
from villagedesk.services.rosters import register_rows
from villagedesk.services.site import CHINA
from villagedesk.services.standing import CARDS, as_tip, attached, count, epoch_after
from villagedesk.store import chain
from villagedesk.store.chain import ChainTip
from villagedesk.store.place import Place
from villagedesk.store.store import Store, read_setting, write_setting
from villagedesk.store.work import Change, Work
from villagedesk.sync.bundle import BundleHeader, Cargo, WrittenBundle, write_bundle
from villagedesk.sync.invite import Invite, invite_text, new_token, write_invite
from villagedesk.sync.keys import DeviceCard, HubKey
from villagedesk.sync.receipt import RECEIPT, FileVerdict, Receipt
from villagedesk.text import Text, say
from villagedesk.values import Step, no_step

_INVITE_DAYS = 90


@dataclass(frozen=True)
class VillageRow:
    """A village as the township sees it: its last file, both sides' totals, what waits.

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


class Township:
    """The exchange of a hub."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._store = place.store

    def found(self, name: str, township: str) -> None:
        """Give a new hub its name, its code (9 digits) and its keys. Called once."""
        with self._store.write() as connection:
            key = HubKey.generate(self._store.device)
            said = {"name": name, "township": township, "epoch": epoch_after(self._store.ids)}
            write_setting(connection, "hub", {**said, "device": self._store.device})
            write_setting(connection, "hub_key", key.to_secret().decode())

    def wake(self) -> None:
        """Begin a new epoch when this hub is a copy or was restored. Called once at every opening."""
        with self._store.write() as connection:
            hub = read_setting(connection, "hub", {})
            if hub and hub["device"] != self._store.device:
                said = {"epoch": epoch_after(self._store.ids, hub["epoch"]), "device": self._store.device}
                write_setting(connection, "hub", {**hub, **said})

    @property
    def key(self) -> HubKey:
        """The hub's keys. Raises Refused when the folder is a hub without them."""
        secret = self._store.setting("hub_key")
        if secret is None:
            raise Refused(say("This hub has no keys yet. Make it with “hub new”."))
        return HubKey.from_secret(str(secret).encode())

    def invite(self, village: str, target: Path) -> Path:
        """Write the invite of one village, as a file or into a folder; its token lets that village's laptops join."""
        divisions.village(village)
        hub = self._store.setting("hub")
        key = self.key
        today = self._store.clock().astimezone(CHINA).date()
        invite = Invite(
            hub=key.id,
            hub_name=hub["name"],
            township=hub["township"],
            village=village,
            recipient=key.recipient,
            verify_key=key.sign_key,
            epoch=hub["epoch"],
            expires=today + timedelta(days=_INVITE_DAYS),
            token=new_token(),
        )
        path = _put_invite(target, invite, key)
        with self._store.write() as connection:
            invites = dict(read_setting(connection, "invites", {}))
            invites[invite.token] = {"village": village, "devices": []}
            write_setting(connection, "invites", invites)
        return path

    def receive(self, files: Sequence[Path], *, step: Step = no_step) -> tuple[FileResult, ...]:
        """Take in files, each on its own; files held back earlier are tried again after each success."""
        intake, results = Intake(self._place, self.key), []
        for done, file in enumerate(files, 1):
            results += intake.take(file)
            step(done, len(files))
        return tuple(results)

    def villages(self) -> tuple[VillageRow, ...]:
        """Every village that was invited or has sent something, by code."""
        with self._store.read() as connection:
            invites = read_setting(connection, "invites", {})
            codes = {said["village"] for said in invites.values()}
            codes |= {card["village"] for card in devices(connection).values()}
            return tuple(self._row(connection, code) for code in sorted(codes))

    def conflicts(self, village: str = "") -> tuple[Conflict, ...]:
        """The fields of the villages' records that wait for a person."""
        with self._store.read() as connection:
            return conflicts.conflicts_of(connection, village)

    def reply(self, folder: Path, village: str = "", *, step: Step = no_step) -> tuple[WrittenBundle, ...]:
        """Write a reply for each village (or one) that has joined: receipt, and the revisions its laptops lack."""
        rows = [row for row in self.villages() if row.devices and row.village == (village or row.village)]
        written = []
        for done, row in enumerate(rows, 1):
            written.append(self._reply(folder, row.village))
            step(done, len(rows))
        return tuple(written)

    def write_register(self, name: str, target: Path, step: Step = no_step) -> int:
        """Write a register of every village here, one after the other; returns its number of rows."""
        register = load_register(name)
        year = self._store.clock().astimezone(CHINA).year
        codes = [village.village for village in self.villages()]
        with self._store.read() as connection:
            rows = [row for code in codes for row in register_rows(connection, code, register.rows, year)]
        notes = (("数据日期", f"{self._store.clock().astimezone(CHINA):%Y-%m-%d}"),)
        content = Sheetful(rows=rows, count=len(rows), notes=notes, created=self._store.clock())
        write_register(target, register, content, load_codes(), year=year, step=step)
        return len(rows)

    def act(self, village: str, verb: str, reason: str, kind: str, record_id: str, values: Mapping[str, Any]) -> Change:
        """Write the township's own decision into a village's record, on the chain this hub keeps for that village."""
        with self._for_village(village).work(verb, reason) as work:
            self._put(work, village, kind, record_id, values)
        return work.change

    def decide(self, village: str, found: Conflict, hash_: str, reason: str) -> Change:
        """Settle a conflict with the value of one of its candidates. Raises Refused when it is settled already."""
        with self._for_village(village).work("conflict.decide", reason) as work:
            self._begin_act(work, village)
            conflicts.decide(work, found.kind, found.record_id, found.field, hash_)
        return work.change

    def _for_village(self, village: str) -> Store:
        return replace(self._store, device=own_chain(self._store.device, village))

    def _begin_act(self, work: Work, village: str) -> None:
        note_chains(work.connection, village, [own_chain(self._store.device, village)])

    def _put(self, work: Work, village: str, kind: str, record_id: str, values: Mapping[str, Any]) -> None:
        """Write into a record of the village. What the village removed stays removed."""
        self._begin_act(work, village)
        row = work.row(kind, record_id)
        if row is None or row["removed"] or row["village"] != village:
            raise Refused(say("This record is not here any more."))
        work.put(kind, village, values, record_id)

    def _row(self, connection: Connection, village: str) -> VillageRow:
        said = village_setting(connection, village)
        verdicts = read_setting(connection, f"verdicts:{village}", ())
        last = verdicts[-1] if verdicts else {"name": "", "at": ""}
        table = RECORDS["village"].table
        named = load_where(connection, "village", table.c.code == village)
        held, here = held_folder(self._place, village), count(connection, village)
        return VillageRow(
            village=village,
            name=next((found.name for found in named.values()), ""),
            devices=sum(card["village"] == village for card in devices(connection).values()),
            last_file=last["name"],
            last_at=last["at"],
            held=len(list(held.glob("*"))) if held.is_dir() else 0,
            rejected=sum(verdict["status"] == "rejected" for verdict in verdicts),
            conflicts=conflicts.conflict_count(connection, village),
            totals=here,
            sent_totals=said["totals"],
            difference={name: here[name] - sent for name, sent in said["totals"].items() if here[name] != sent},
        )

    def _reply(self, folder: Path, village: str) -> WrittenBundle:
        with self._store.write() as connection:
            sequence = int(read_setting(connection, f"replies:{village}", 0)) + 1
            write_setting(connection, f"replies:{village}", sequence)
        with self._store.read() as connection:
            hub = read_setting(connection, "hub")
            cards = [card for card in devices(connection).values() if card["village"] == village]
            said = village_setting(connection, village)
            numbers = _lacking(connection, said, [card["device"] for card in cards])
            receipt = self._receipt(connection, village, hub, said)
            cargo = Cargo(
                created=self._store.clock(),
                lines=chain.lines_of(connection, numbers),
                attachments=attached(connection, numbers, self._place.folder / "attachments", self._place.key),
                documents={RECEIPT: receipt.to_json(), CARDS: orjson.dumps([_public(card) for card in cards])},
                have=receipt.have,
                totals=receipt.totals,
                count=len(numbers),
            )
            header = BundleHeader("reply", village, sequence, hub["epoch"])
            recipients = [*{card["age_recipient"]: None for card in cards}]
            return write_bundle(folder, header, cargo, self.key, recipients)

    def _receipt(
        self, connection: Connection, village: str, hub: Mapping[str, Any], said: Mapping[str, Any]
    ) -> Receipt:
        verdicts = read_setting(connection, f"verdicts:{village}", ())
        return Receipt(
            village=village,
            hub=self.key.id,
            epoch=hub["epoch"],
            files=tuple(_verdict(raw) for raw in verdicts),
            have=tuple(as_tip(tip) for tip in chain.tips(connection, said["chains"])),
            clock=self._store.clock(),
            totals=count(connection, village),
            sent_totals=said["totals"],
        )


def _put_invite(target: Path, invite: Invite, key: HubKey) -> Path:
    if target.is_dir():
        return write_invite(target, invite, key)
    write_whole(target, [invite_text(invite, key).encode()], read_back=True)
    return target


def _lacking(connection: Connection, said: Mapping[str, Any], laptops: Sequence[str]) -> list[int]:
    """The revisions of a village that at least one of its laptops has not got, as far as it has told."""
    lacking: set[int] = set()
    for laptop in laptops:
        raw = said["have"].get(laptop, {"tips": ()})["tips"]
        known = [ChainTip(tip["device"], tip["seq"], tip["hash"]) for tip in raw]
        lacking.update(chain.numbers_after(connection, known, said["chains"]))
    return sorted(lacking)


def _public(card: Mapping[str, str]) -> dict[str, str]:
    return {name: card[name] for name in DeviceCard.__dataclass_fields__}


def _verdict(raw: Mapping[str, Any]) -> FileVerdict:
    reason = Text(raw["reason"]["text"], raw["reason"]["fields"]) if "reason" in raw else None
    return FileVerdict(raw["name"], raw["sha256"], raw["status"], raw["revisions"], reason)

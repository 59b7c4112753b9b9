"""The township's side of the exchange: invites, taking in many villages' files, what is held or refused, replies.

One bad file never blocks the others (DESIGN §5.5): each is its own transaction and its own verdict.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from villagedesk import divisions
from villagedesk.durable import write_whole
from villagedesk.errors import Refused, Unreadable, VillageDeskError
from villagedesk.exchange.registers import load_register
from villagedesk.exchange.workbook import Sheetful, write_register
from villagedesk.policy.codes import load_codes
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.rosters import register_rows
from villagedesk.services.site import CHINA
from villagedesk.services.sync import CARDS, Conflict, conflicts_of, count
from villagedesk.store import chain, lines, sealed
from villagedesk.store.apply import Applied, Gap, apply_lines
from villagedesk.store.chain import ChainTip
from villagedesk.store.place import Place
from villagedesk.store.store import Store, read_setting, write_setting
from villagedesk.store.work import Change
from villagedesk.sync.bundle import Bundle, BundleHeader, Cargo, WrittenBundle, open_bundle, peek_header, write_bundle
from villagedesk.sync.invite import Enrolment, Invite, invite_text, new_token, write_invite
from villagedesk.sync.keys import DeviceCard, HubKey
from villagedesk.sync.receipt import RECEIPT, FileVerdict, Receipt, Status, Tip
from villagedesk.text import Text, say
from villagedesk.values import Step, no_step

_INVITE_DAYS = 90
_VERDICTS_KEPT = 200
_HELD = "held"


@dataclass(frozen=True)
class VillageRow:
    """A village as the township sees it: its last file, both sides' totals, what waits."""

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


@dataclass(frozen=True)
class FileResult:
    """What became of one file given to :meth:`Township.receive`."""

    file: str
    village: str
    status: Status
    reason: Text | None
    revisions: int


class Township:
    """The exchange of a hub."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._store = place.store

    def found(self, name: str, township: str) -> None:
        """Give a new hub its name, its code (9 digits) and its keys. Called once."""
        with self._store.write() as connection:
            key = HubKey.generate(self._store.device)
            write_setting(connection, "hub", {"name": name, "township": township, "epoch": self._store.ids()})
            write_setting(connection, "hub_key", key.to_secret().decode())

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
        results = []
        for done, file in enumerate(files, 1):
            results.append(self._receive(file))
            if results[-1].status == "accepted":
                results += self._retry_held(results[-1].village)
            step(done, len(files))
        return tuple(results)

    def villages(self) -> tuple[VillageRow, ...]:
        """Every village that was invited or has sent something, by code."""
        with self._store.read() as connection:
            invites = read_setting(connection, "invites", {})
            codes = {said["village"] for said in invites.values()}
            codes |= {card["village"] for card in read_setting(connection, "devices", {}).values()}
            return tuple(self._row(connection, code) for code in sorted(codes))

    def conflicts(self, village: str = "") -> tuple[Conflict, ...]:
        """The fields of the villages' records that wait for a person."""
        with self._store.read() as connection:
            return conflicts_of(connection, village)

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
            if work.row(kind, record_id) is None:
                raise Refused(say("This record is not here any more."))
            work.put(kind, village, values, record_id)
        return work.change

    def decide(self, village: str, found: Conflict, hash_: str, reason: str) -> Change:
        """Settle a conflict with the value of one of its candidates."""
        chosen = [candidate.value for candidate in found.candidates if candidate.hash == hash_]
        if not chosen:
            raise Refused(say("This conflict has been settled already."))
        with self._for_village(village).work("conflict.decide", reason) as work:
            value = lines.column_value(RECORDS[found.kind], found.field, chosen[0])
            work.decide(found.kind, found.record_id, found.field, value)
        return work.change

    def _for_village(self, village: str) -> Store:
        return replace(self._store, device=own_chain(self._store.device, village))

    def _receive(self, file: Path) -> FileResult:
        village, digest = "", ""
        try:
            header = peek_header(file)
            village, digest = header.village, header.sha256
            if header.kind != "send":
                raise Unreadable(say("This is not a village's file for the township."))
            with open_bundle(file, self.key, self._trust) as bundle:
                applied = self._take(bundle)
            status: Status = "accepted" if applied.revisions or not applied.repeated else "repeated"
            result = FileResult(file.name, village, status, None, applied.revisions)
        except Gap as gap:
            self._hold(file, village)
            result = FileResult(file.name, village, "held", gap.text, 0)
        except VillageDeskError as error:
            result = FileResult(file.name, village, "rejected", error.text, 0)
        if village and digest:
            self._note(result, digest)
        return result

    def _take(self, bundle: Bundle) -> Applied:
        village = bundle.header.village
        with self._store.write() as connection:
            if not bundle.known:
                self._enrol(connection, bundle.enrolment)
            elif _devices(connection)[bundle.header.sender]["village"] != village:
                raise Unreadable(say("This laptop belongs to another village. Ask the village to join anew."))
            applied = apply_lines(connection, bundle.lines(), lambda _, of: of == village)
            for _, data in bundle.attachments():
                sealed.seal(self._place.folder / "attachments", data, self._place.key)
            self._note_sender(connection, bundle, applied)
        return applied

    def _trust(self, sender: str) -> bytes | None:
        with self._store.read() as connection:
            card = _devices(connection).get(sender)
        return bytes.fromhex(card["sign_key"]) if card else None

    def _enrol(self, connection: Connection, slip: Enrolment | None) -> None:
        """Let a laptop in whose slip carries a token this hub gave out for its village."""
        invites = dict(read_setting(connection, "invites", {}))
        invite = invites.get(slip.token) if slip else None
        if slip is None or invite is None or invite["village"] != slip.village or slip.hub != self.key.id:
            raise Unreadable(say("This laptop was not invited for this village. Give the village an invite first."))
        devices = dict(_devices(connection))
        devices[slip.card.device] = {**slip.card.to_fields(), "village": slip.village}
        invites[slip.token] = {**invite, "devices": [*invite["devices"], slip.card.device]}
        write_setting(connection, "devices", devices)
        write_setting(connection, "invites", invites)

    def _note_sender(self, connection: Connection, bundle: Bundle, applied: Applied) -> None:
        """Remember what the sending laptop has, counts, and whose chains belong to the village."""
        village = bundle.header.village
        said = read_setting(connection, f"village:{village}", {"chains": [], "have": {}})
        chains = sorted({*said["chains"], *applied.devices})
        have = {**said["have"], bundle.header.sender: [asdict(tip) for tip in bundle.have]}
        totals = dict(bundle.totals)
        write_setting(connection, f"village:{village}", {"chains": chains, "have": have, "totals": totals})

    def _note(self, result: FileResult, digest: str) -> None:
        verdict = {"name": result.file, "sha256": digest, "status": result.status, "revisions": result.revisions}
        if result.reason is not None:
            plain = {name: str(value) for name, value in result.reason.fields.items()}
            verdict["reason"] = {"text": result.reason.source, "fields": plain}
        verdict["at"] = lines.iso(self._store.clock())
        with self._store.write() as connection:
            if all(said["village"] != result.village for said in read_setting(connection, "invites", {}).values()):
                return  # the outside of a refused file may name any village; only invited ones get an answer
            kept = [v for v in read_setting(connection, f"verdicts:{result.village}", ()) if v["sha256"] != digest]
            write_setting(connection, f"verdicts:{result.village}", [*kept, verdict][-_VERDICTS_KEPT:])

    def _hold(self, file: Path, village: str) -> None:
        folder = self._place.folder / _HELD / village
        folder.mkdir(parents=True, exist_ok=True)
        if file.resolve().parent != folder.resolve():
            shutil.copyfile(file, folder / file.name)

    def _retry_held(self, village: str) -> list[FileResult]:
        """Files that waited for the one just taken; each that now fits is taken and no longer kept."""
        taken = []
        for file in sorted((self._place.folder / _HELD / village).glob("*")):
            result = self._receive(file)
            if result.status != "held":
                file.unlink()
                taken.append(result)
        return taken

    def _row(self, connection: Connection, village: str) -> VillageRow:
        said = read_setting(connection, f"village:{village}", {"totals": {}})
        verdicts = read_setting(connection, f"verdicts:{village}", ())
        last = verdicts[-1] if verdicts else {"name": "", "at": ""}
        table = RECORDS["village"].table
        named = load_where(connection, "village", table.c.code == village)
        held = self._place.folder / _HELD / village
        return VillageRow(
            village=village,
            name=next((found.name for found in named.values()), ""),
            devices=sum(card["village"] == village for card in _devices(connection).values()),
            last_file=last["name"],
            last_at=last["at"],
            held=len(list(held.glob("*"))) if held.is_dir() else 0,
            rejected=sum(verdict["status"] == "rejected" for verdict in verdicts),
            conflicts=len(conflicts_of(connection, village)),
            totals=count(connection, village),
            sent_totals=said["totals"],
        )

    def _reply(self, folder: Path, village: str) -> WrittenBundle:
        key = self.key
        with self._store.read() as connection:
            hub = read_setting(connection, "hub")
            cards = [card for card in _devices(connection).values() if card["village"] == village]
            said = read_setting(connection, f"village:{village}", {"chains": [], "have": {}, "totals": {}})
            chains = {*said["chains"], own_chain(self._store.device, village)}
            numbers = chain.numbers_after(connection, _common(said["have"]), chains)
            sequence = int(read_setting(connection, f"replies:{village}", 0)) + 1
            receipt = self._receipt(connection, village, hub, chains, said["totals"])
            cargo = Cargo(
                created=self._store.clock(),
                lines=chain.lines_of(connection, numbers),
                documents={RECEIPT: receipt.to_json(), CARDS: orjson.dumps([_public(card) for card in cards])},
                have=receipt.have,
                totals=receipt.totals,
                count=len(numbers),
            )
            header = BundleHeader("reply", village, sequence, hub["epoch"])
            written = write_bundle(folder, header, cargo, key, [card["age_recipient"] for card in cards])
        self._store.keep_setting(f"replies:{village}", sequence)
        return written

    def _receipt(
        self, connection: Connection, village: str, hub: Mapping[str, Any], chains: set[str], sent: Mapping[str, int]
    ) -> Receipt:
        verdicts = read_setting(connection, f"verdicts:{village}", ())
        return Receipt(
            village=village,
            hub=self.key.id,
            epoch=hub["epoch"],
            files=tuple(_verdict(raw) for raw in verdicts),
            have=tuple(Tip(tip.device, tip.seq, tip.hash) for tip in chain.tips(connection, chains)),
            clock=self._store.clock(),
            totals=count(connection, village),
            sent_totals=sent,
        )


def _put_invite(target: Path, invite: Invite, key: HubKey) -> Path:
    if target.is_dir():
        return write_invite(target, invite, key)
    write_whole(target, [invite_text(invite, key).encode()], read_back=True)
    return target


def own_chain(hub: str, village: str) -> str:
    """The device id under which a hub writes into one village's records, so that each village gets a whole chain."""
    return f"{hub}-{village}"


def _devices(connection: Connection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = read_setting(connection, "devices", {})
    return found


def _common(have: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[ChainTip]:
    """What every laptop of a village has: the lowest tip of each chain that all of them know."""
    laptops = list(have.values())
    lowest: dict[str, ChainTip] = {}
    for tip in (ChainTip(raw["device"], raw["seq"], raw["hash"]) for laptop in laptops for raw in laptop):
        if tip.device not in lowest or tip.seq < lowest[tip.device].seq:
            lowest[tip.device] = tip
    known = [{raw["device"] for raw in laptop} for laptop in laptops]
    return [tip for device, tip in lowest.items() if all(device in devices for devices in known)]


def _public(card: Mapping[str, str]) -> dict[str, str]:
    return {name: card[name] for name in DeviceCard.__dataclass_fields__}


def _verdict(raw: Mapping[str, Any]) -> FileVerdict:
    reason = Text(raw["reason"]["text"], raw["reason"]["fields"]) if "reason" in raw else None
    return FileVerdict(raw["name"], raw["sha256"], raw["status"], raw["revisions"], reason)

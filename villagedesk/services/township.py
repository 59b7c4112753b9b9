"""The township's side of the exchange: invites, what the villages sent, its own acts and decisions, replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from villagedesk import divisions
from villagedesk.drafts.scheme import SchemeDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.durable import write_whole
from villagedesk.errors import Problem, Refused
from villagedesk.exchange.registers import load_register
from villagedesk.exchange.workbook import Sheetful, write_register
from villagedesk.policy import signoff
from villagedesk.policy.codes import load_codes
from villagedesk.policy.own_scheme import decided, scheme_problems
from villagedesk.policy.profile import check_file, load_profile
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services import conflicts
from villagedesk.services.adjudication import Duplicate, demand_closable, demand_reason, duplicates_of
from villagedesk.services.conflicts import Conflict
from villagedesk.services.consent import TOUCHING, voluntary
from villagedesk.services.intake import (
    FileResult,
    Intake,
    held_folder,
    note_chains,
    own_chain,
    village_setting,
    village_store,
)
from villagedesk.services.laptops import counting, devices, public_card
from villagedesk.services.matching import remarks_of
from villagedesk.services.rosters import register_rows
from villagedesk.services.schemes import with_own
from villagedesk.services.site import CHINA
from villagedesk.services.standing import CARDS, as_tip, attached, count, epoch_after
from villagedesk.services.village_rows import VillageRow, village_row
from villagedesk.store import chain, lines
from villagedesk.store.chain import ChainTip
from villagedesk.store.numbers import Numbers
from villagedesk.store.place import Place
from villagedesk.store.server import open_county
from villagedesk.store.store import Store, read_setting, write_setting
from villagedesk.store.work import Change, Work
from villagedesk.sync.bundle import BundleHeader, Cargo, WrittenBundle, write_bundle
from villagedesk.sync.invite import Invite, invite_text, new_token, write_invite
from villagedesk.sync.keys import HubKey
from villagedesk.sync.receipt import LISTS, RECEIPT, FileVerdict, Receipt, remarks_json
from villagedesk.text import Text, say
from villagedesk.values import Step, no_step

_INVITE_DAYS = 90


@dataclass(frozen=True)
class ArrivedFile:
    """One file of a village. ``at``: ISO time, UTC. ``asks``: it closes many households; a person has to let it in."""

    verdict: FileVerdict
    at: str
    asks: bool


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
    def name(self) -> str:
        """What the hub is called."""
        return str(self._store.setting("hub", {}).get("name", ""))

    @property
    def code(self) -> str:
        """The code of the township, 9 digits."""
        return str(self._store.setting("hub", {}).get("township", ""))

    @property
    def key(self) -> HubKey:
        """The hub's keys. Raises Refused when the folder is a hub without them."""
        secret = self._store.setting("hub_key")
        if secret is None:
            raise Refused(say("This hub has no keys yet. Make it with “hub new”."))
        return HubKey.from_secret(str(secret).encode())

    def invite(self, village: str, target: Path) -> Path:
        """Write the invite of one village, as a file or into a folder; its token lets that village's laptops join."""
        if village.endswith("000"):
            divisions.children(village[:9])
        else:
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
            open_county(connection, village)
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

    def files(self, village: str) -> tuple[ArrivedFile, ...]:
        """What became of a village's files, the newest first; those that wait for a person are marked."""
        asked = {file.name for file in held_folder(self._place, village, asked=True).glob("*")}
        with self._store.read() as connection:
            verdicts = read_setting(connection, f"verdicts:{village}", ())
        return tuple(
            ArrivedFile(_verdict(raw), raw["at"], raw["status"] == "held" and raw["name"] in asked)
            for raw in reversed(verdicts)
        )

    def release(self, village: str, file: str) -> tuple[FileResult, ...]:
        """Take in a file that closes many households, once the village has said that it is meant."""
        waiting = held_folder(self._place, village, asked=True) / file
        if file != waiting.name or not waiting.is_file():
            raise Refused(say("This file does not wait any more. Look at the list again."))
        results = Intake(self._place, self.key).take(waiting, closing_meant=True)
        if results[0].status != "held":
            waiting.unlink(missing_ok=True)
        return tuple(results)

    def villages(self) -> tuple[VillageRow, ...]:
        """Every village that was invited or has sent something, by code."""
        with self._store.read() as connection:
            invites = read_setting(connection, "invites", {})
            codes = {said["village"] for said in invites.values()}
            codes |= {card["village"] for card in devices(connection).values()}
            return tuple(village_row(connection, self._place, code) for code in sorted(codes))

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
            _, there = _village(work.connection, village)
            homes = [found.household_id] if found.kind in TOUCHING else []
            with voluntary(work, load_profile(there.profile, settled=decided(there)), homes):
                conflicts.decide(work, found.kind, found.record_id, found.field, hash_)
        return work.change

    def confirm_scheme(self, village: str, scheme: str, on: date, reason: str) -> Change:
        """Fix the sign-off scheme of a village (DESIGN §6). Raises Refused when its profile has no such scheme."""
        with self._store.read() as connection:
            record_id, draft = _village(connection, village)
        signoff.scheme(load_profile(draft.profile, settled=decided(draft)), scheme)
        values = {"scheme": scheme, "scheme_confirmed_on": on}
        return self.act(village, "scheme.confirm", reason, "village", record_id, values)

    def confirm_own_scheme(self, village: str, draft: SchemeDraft, on: date, reason: str) -> Change:
        """Fix a way of signing that the township edited itself. Raises Refused with everything wrong about it."""
        with self._store.read() as connection:
            record_id, stored = _village(connection, village)
        problems = scheme_problems(load_profile(stored.profile), draft)
        if problems:
            raise Refused(problems)
        return self.act(village, "scheme.edit", reason, "village", record_id, with_own(stored, draft, on))

    def reply_to_exits(self, village: str, cases: Sequence[str], number: str, on: date, reason: str) -> Change:
        """Answer reported exits by a letter with its number and day; the village then announces and marks them."""
        if not number.strip():
            raise Refused([Problem(say("Give the number and the day of the township's reply."), "township_reply")])
        with self._for_village(village).work("exit.reply", reason) as work:
            for case in cases:
                self._demand_reported(work, case)
                self._put(work, village, "exit", case, {"township_reply": number.strip(), "replied_on": on})
        return work.change

    def return_case(self, village: str, case: str, comment: str) -> Change:
        """Send a reported exit back to the village; the comment says what to mend and stands in the history."""
        if not comment.strip():
            raise Refused([Problem(say("Say why the case goes back to the village."), "returned_reason")])
        with self._for_village(village).work("exit.return", comment) as work:
            self._demand_reported(work, case)
            self._put(work, village, "exit", case, {"state": "returned", "returned_reason": comment.strip()})
        return work.change

    def give_pack(self, file: Path) -> str:
        """Let every reply from now on carry a policy pack; returns its id. Raises Refused naming its faults."""
        faults = check_file(file)
        if faults:
            raise Refused(faults)
        with self._store.write() as connection:
            packs = read_setting(connection, "packs", {})
            write_setting(connection, "packs", {**packs, f"{file.stem}.toml": file.read_text("utf-8")})
        return file.stem

    @property
    def packs(self) -> tuple[str, ...]:
        """The ids of the policy packs that replies carry."""
        return tuple(name.removesuffix(".toml") for name in self._store.setting("packs", {}))

    def duplicates(self) -> tuple[Duplicate, ...]:
        """Persons who stand in the files of several villages, without those judged to be different people."""
        with self._store.read() as connection:
            judged = read_setting(connection, "judged", {})
            return tuple(found for found in duplicates_of(connection) if found.key not in judged)

    def judge_different(self, found: Duplicate, reason: str) -> None:
        """Settle a case: these are different people who look alike. Raises Refused without a reason."""
        demand_reason(reason)
        with self._store.write() as connection:
            said = {"reason": reason.strip(), "at": lines.iso(self._store.clock()), "by": self._store.author}
            write_setting(connection, "judged", {**read_setting(connection, "judged", {}), found.key: said})

    def judge_same(self, found: Duplicate, stays: str, on: date, reason: str) -> tuple[Change, ...]:
        """Settle a case: one person, who stays in the entry with the member id ``stays``; the others leave their files.

        Raises Refused when an entry to be closed is a head, whose village has to name another one first.
        """
        demand_reason(reason)
        demand_closable(found, stays)
        return tuple(
            self.act(entry.village, "duplicate.close", reason, "member", entry.member_id,
                     {"left_on": on, "left_reason": "99"})
            for entry in found.entries if entry.member_id != stays
        )  # fmt: skip

    def _demand_reported(self, work: Work, case: str) -> None:
        row = work.row("exit", case)
        if row is None or row["state"] != "reported":
            raise Refused(say("This case is not waiting for the township. Receive the village's latest file first."))

    def _for_village(self, village: str) -> Store:
        return village_store(self._store, village)

    def _begin_act(self, work: Work, village: str) -> None:
        for area in (village, f"{village[:9]}000"):  # the second: a township that sends to this county
            note_chains(work.connection, area, [own_chain(self._store.device, village)])

    def _put(self, work: Work, village: str, kind: str, record_id: str, values: Mapping[str, Any]) -> None:
        """Write into a record of the village. What the village removed stays removed."""
        self._begin_act(work, village)
        row = work.row(kind, record_id)
        if row is None or row["removed"] or row["village"] != village:
            raise Refused(say("This record is not here any more."))
        work.put(kind, village, values, record_id)

    def _reply(self, folder: Path, village: str) -> WrittenBundle:
        with self._store.write() as connection:
            sequence = int(read_setting(connection, f"replies:{village}", 0)) + 1
            write_setting(connection, f"replies:{village}", sequence)
        with self._store.read() as connection:
            hub = read_setting(connection, "hub")
            cards = counting(connection, village)
            said = village_setting(connection, village)
            numbers = _lacking(connection, said, [card["device"] for card in cards])
            receipt = self._receipt(connection, village, hub, said)
            cargo = Cargo(
                created=self._store.clock(),
                lines=chain.lines_of(connection, numbers),
                attachments=attached(connection, numbers, self._place.folder / "attachments", self._place.key),
                documents=self._documents(connection, village, receipt, cards),
                have=receipt.have,
                totals=receipt.totals,
                count=len(numbers),
            )
            header = BundleHeader("reply", village, sequence, hub["epoch"])
            recipients = [*{card["age_recipient"]: None for card in cards}]
            return write_bundle(folder, header, cargo, self.key, recipients)

    def _documents(
        self, connection: Connection, village: str, receipt: Receipt, cards: Sequence[Mapping[str, str]]
    ) -> dict[str, bytes]:
        packs: Mapping[str, str] = read_setting(connection, "packs", {})
        return {
            RECEIPT: receipt.to_json(),
            CARDS: orjson.dumps([public_card(card) for card in cards]),
            LISTS: remarks_json(remarks_of(connection, village)),
            **{name: text.encode() for name, text in packs.items()},
        }

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


def _village(connection: Connection, code: str) -> tuple[str, VillageDraft]:
    known = load_where(connection, "village", RECORDS["village"].table.c.code == code)
    if not known:
        raise Refused(say("This village has not sent anything yet. Receive its file first."))
    record_id, draft = next(iter(known.items()))
    return record_id, draft


def _put_invite(target: Path, invite: Invite, key: HubKey) -> Path:
    if target.is_dir():
        return write_invite(target, invite, key)
    write_whole(target, [invite_text(invite, key).encode()], read_back=True)
    return target


def _lacking(connection: Connection, said: Mapping[str, Any], laptops: Sequence[str]) -> Numbers:
    """The revisions of a village that at least one of its laptops has not got, as far as it has told."""
    lacking: list[Numbers] = []
    for laptop in laptops:
        raw = said["have"].get(laptop, {"tips": ()})["tips"]
        known = [ChainTip(tip["device"], tip["seq"], tip["hash"]) for tip in raw]
        lacking.append(chain.numbers_after(connection, known, said["chains"]))
    return Numbers.together(lacking)


def _verdict(raw: Mapping[str, Any]) -> FileVerdict:
    reason = Text(raw["reason"]["text"], raw["reason"]["fields"]) if "reason" in raw else None
    return FileVerdict(raw["name"], raw["sha256"], raw["status"], raw["revisions"], reason)

"""The township's side of the exchange: invites, what the villages sent, replies, what travels with them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from villagedesk import divisions
from villagedesk.durable import write_whole
from villagedesk.errors import Refused
from villagedesk.exchange.registers import load_register
from villagedesk.exchange.workbook import Sheetful, write_register
from villagedesk.policy.codes import load_codes
from villagedesk.policy.profile import check_file
from villagedesk.services import ahead, conflicts
from villagedesk.services.conflicts import Conflict, Decision
from villagedesk.services.intake import (
    FileResult,
    Intake,
    held_folder,
)
from villagedesk.services.laptops import devices
from villagedesk.services.replies import Replies, read_verdict
from villagedesk.services.rosters import register_rows
from villagedesk.services.site import CHINA
from villagedesk.services.standing import begin_epoch, epoch_after
from villagedesk.services.village_rows import VillageRow, village_row
from villagedesk.store.place import Place, server_of
from villagedesk.store.server import open_county
from villagedesk.store.store import read_setting, write_setting
from villagedesk.sync.bundle import WrittenBundle
from villagedesk.sync.invite import Invite, invite_text, new_token, write_invite
from villagedesk.sync.keys import HubKey
from villagedesk.sync.receipt import FileVerdict
from villagedesk.text import say
from villagedesk.values import Step, no_step

_INVITE_DAYS = 90
_TOWNSHIP = 9  # digits of its code


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
                write_setting(connection, "hub", {**hub, "device": self._store.device})
                begin_epoch(connection, self._store.ids)

    @property
    def name(self) -> str:
        """What the hub is called."""
        return str(self._store.setting("hub", {}).get("name", ""))

    @property
    def code(self) -> str:
        """The code of the township, 9 digits."""
        return str(self._store.setting("hub", {}).get("township", ""))

    @property
    def of_county(self) -> bool:
        """Whether this is a county's hub: it invites townships, whose nine digits and 000 stand for a village."""
        return self.code.endswith("000")

    @property
    def server(self) -> str:
        """The address of the database server that keeps the records, "" where they lie in the hub's folder."""
        return server_of(self._place.folder)

    @property
    def key(self) -> HubKey:
        """The hub's keys. Raises Refused when the folder is a hub without them."""
        secret = self._store.setting("hub_key")
        if secret is None:
            raise Refused(say("This hub has no keys yet. Make it with “hub new”."))
        return HubKey.from_secret(str(secret).encode())

    def invite(self, village: str, target: Path) -> Path:
        """Write the invite of one village, as a file or into a folder; its token lets that village's laptops join.

        Of a county also that of a township, by its nine digits or with 000 behind them.
        """
        if self.of_county and len(village) == _TOWNSHIP:
            village += "000"
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
        """Take in files, each on its own; files held back earlier are tried again after each success.

        Raises Cancelled between two files when ``step`` says so; those before are in.
        """
        key, results = self.key, list[FileResult]()
        intake = Intake(self._place, key)
        with closing(ahead.each_ahead(files, key)) as coming:
            for done, incoming in enumerate(coming):
                step(done, len(files))
                results += intake.take(incoming)
        return tuple(results)

    def files(self, village: str) -> tuple[ArrivedFile, ...]:
        """What became of a village's files, the newest first; those that wait for a person are marked."""
        asked = {file.name for file in held_folder(self._place, village, asked=True).glob("*")}
        with self._store.read() as connection:
            verdicts = read_setting(connection, f"verdicts:{village}", ())
        return tuple(
            ArrivedFile(read_verdict(raw), raw["at"], raw["status"] == "held" and raw["name"] in asked)
            for raw in reversed(verdicts)
        )

    def release(self, village: str, file: str) -> tuple[FileResult, ...]:
        """Take in a file that closes many households, once the village has said that it is meant."""
        waiting = held_folder(self._place, village, asked=True) / file
        if file != waiting.name or not waiting.is_file():
            raise Refused(say("This file does not wait any more. Look at the list again."))
        return tuple(Intake(self._place, self.key).release(waiting))

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

    def decisions(self) -> tuple[Decision, ...]:
        """The conflicts settled last, in villages or here, with the values that were not chosen."""
        with self._store.read() as connection:
            return conflicts.decided(connection)

    def reply(self, folder: Path, village: str = "", *, step: Step = no_step) -> tuple[WrittenBundle, ...]:
        """Write a reply for each village (or one) that has joined: receipt, and the revisions its laptops lack.

        ``step`` counts the villages; of one village, what goes into its file.
        """
        rows = [row for row in self.villages() if row.devices and row.village == (village or row.village)]
        replies, written = Replies(self._place, self.key), []
        for done, row in enumerate(rows):
            step(done, len(rows))
            written.append(replies.write(folder, row.village, step if village else no_step))
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


def _put_invite(target: Path, invite: Invite, key: HubKey) -> Path:
    if target.is_dir():
        return write_invite(target, invite, key)
    write_whole(target, [invite_text(invite, key).encode()], read_back=True)
    return target

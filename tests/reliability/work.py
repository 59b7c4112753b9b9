"""A desk and its township at work: the steps the harness kills, what each promises, and how the promise is looked up.

A promise is a part of :meth:`Office.state` as it will be after the step.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from sqlalchemy import func, select

from tests.factories import VILLAGE, make_household, make_id_number, make_member
from villagedesk.desk import Desk, create_desk, open_desk
from villagedesk.drafts.attachment import AttachmentDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Unreadable, VillageDeskError
from villagedesk.hub import Hub, create_hub, open_hub
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS, revision
from villagedesk.services import backups
from villagedesk.services.audit import audit
from villagedesk.store import migrations, sealed, upgrade, vault
from villagedesk.store.engine import make_engine
from villagedesk.store.place import restored
from villagedesk.store.wraps import Cost
from villagedesk.text import say

PASSPHRASE, SECOND = "three green hills", "seven grey stones"
CHEAP = Cost(8, 1, 1)
_HOUSEHOLDS = 6


def found(now: Any, promised: Any) -> bool:
    """Whether what is there is what was promised; counters may be ahead."""
    if isinstance(promised, int) and isinstance(now, int):
        return now >= promised
    return bool(now == promised)


class Office:
    """The folders of one village and its township; open inside ``with``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stick = folder / "stick"
        self._exit = ExitStack()
        self._hub: Hub | None = None
        self.desk: Desk

    def __enter__(self) -> Self:
        passphrase = PASSPHRASE if _opens(self.folder / "desk", PASSPHRASE) else SECOND
        with ExitStack() as stack:
            self.desk = stack.enter_context(open_desk(self.folder / "desk", passphrase, author="周敏"))
            self._exit = stack.pop_all()
        self.passphrase = passphrase
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()
        self._hub = None

    @property
    def hub(self) -> Hub:
        """The township, opened when first asked for."""
        if self._hub is None:
            self._hub = self._exit.enter_context(open_hub(self.folder / "hub", PASSPHRASE, author="吴刚"))
        return self._hub

    def settle(self) -> None:
        """Make a copied office one that has always stood here: the township knows its laptop."""
        with self:
            _exchange(self, {})

    def received(self) -> dict[str, Any]:
        """How many revisions the township has."""
        with self.hub.place.store.read() as connection:
            return {"received": connection.execute(select(func.count()).select_from(revision)).scalar_one()}

    def state(self) -> dict[str, Any]:
        """What can be promised of the village, as it is now."""
        with self.desk.place.store.read() as connection:
            table = RECORDS["household"].table
            shown = select(table.c.id, table.c.note, table.c.removed)
            notes = {f"note {id_}": "removed" if gone else note for id_, note, gone in connection.execute(shown)}
            scans = {f"scan {one.digest}": one.title for one in load_where(connection, "attachment").values()}
            papers = connection.execute(select(func.count()).select_from(RECORDS["paper"].table)).scalar_one()
            count = connection.execute(select(func.count()).select_from(revision)).scalar_one()
        latest = {"latest": "there"} if (self.stick / "latest.vdbackup").is_file() else {}
        copy = {"copy": "there"} if (self.folder / "copy").is_dir() or restored(self.folder / "copy").is_dir() else {}
        return {**notes, **scans, **latest, **copy, "passphrase": self.passphrase, "revisions": count,
                "papers": papers, "schema": self.schema}  # fmt: skip

    @property
    def schema(self) -> int:
        """The schema of the desk that is brought from version to version."""
        engine = make_engine(self.folder / "old" / "desk.db", self.desk.place.key)
        try:
            with engine.connect().execution_options(write=False) as connection:
                return migrations.version(connection)
        finally:
            engine.dispose()

    def faults(self) -> list[str]:
        """What the full audit of both sides finds; and every backup on the stick that is not whole."""
        said = [f"{fault.part} {fault.where}: {fault.text}" for fault in audit(self.desk.place).faults]
        said += [f"hub {fault.part} {fault.where}: {fault.text}" for fault in audit(self.hub.place).faults]
        with _program_of(self.schema), open_desk(self.folder / "old", PASSPHRASE, author="周敏") as old:
            said += [f"old {fault.part} {fault.where}: {fault.text}" for fault in audit(old.place).faults]
            said += [] if len(old.households.all()) == _HOUSEHOLDS else ["old: households are missing"]
        for file in self.stick.glob("*.vdbackup"):
            try:
                backups.check(file)
            except Unreadable as error:
                said.append(f"{file.name}: {error}")
        return said

    def promise(self, step: str, chance: random.Random) -> dict[str, Any]:
        """What ``step`` will have done."""
        mark = f"{chance.randrange(1 << 40):x}"
        households = [row.id for row in self.desk.households.all() if row.no.startswith("2019")]
        if step in {"save", "undo"}:
            return {f"note {chance.choice(households)}": mark}
        if step == "scan":
            return {f"scan {hashlib.sha256(_scanned(mark)).hexdigest()}": mark}
        if step == "passphrase":
            return {"passphrase": SECOND if self.passphrase == PASSPHRASE else PASSPHRASE}
        if step == "migrate":
            return {"schema": self.schema + 1}
        if step in {"restore", "backup"}:
            return {"copy" if step == "restore" else "latest": "there"}
        with self.desk.place.store.read() as connection:
            count = connection.execute(select(func.count()).select_from(revision)).scalar_one()
        more = {"import": 1, "print": 1, "exchange": 0}[step]
        return {"revisions": count + more, **({"received": count} if step == "exchange" else {})}


def prepare(folder: Path) -> Path:
    """A village that has joined its township, with a backup beside it and a desk that waits for newer programs."""
    stick = folder / "stick"
    stick.mkdir(parents=True)
    village = VillageDraft(code=VILLAGE, name="沙洲村", township="柳河镇", county="泗洪县", profile="jiangsu-2018")
    hub, _ = create_hub(folder / "hub", PASSPHRASE, "柳河镇", VILLAGE[:9], author="吴刚")
    desk, _ = create_desk(folder / "desk", PASSPHRASE, village, author="周敏", cost=CHEAP)
    with hub, desk:
        vault.set_passphrase(hub.place.folder / vault.VAULT_NAME, hub.place.key, hub.place.user, PASSPHRASE, cost=CHEAP)
        for number in range(_HOUSEHOLDS):
            _household(desk, number)
        hub.township.invite(VILLAGE, stick / "village.vdinvite")
        desk.sync.join(stick / "village.vdinvite", "一号机")
        backups.backup(desk.place, folder / "first.vdbackup")
    shutil.copytree(folder / "desk", folder / "old")
    return folder


def _household(desk: Desk, number: int) -> str:
    birth = datetime(1960, 1, 1 + number, tzinfo=UTC).date()
    head = make_member(person_no="", birth=birth, id_number=make_id_number(birth))
    draft = make_household(no=f"2019{number:05}", members=(head,))
    return str(desk.households.save(draft, "visit").records["household"][0])


def _opens(folder: Path, passphrase: str) -> bool:
    try:
        vault.open_vault(folder / vault.VAULT_NAME, passphrase)
    except Unreadable:
        return False
    return True


def _save(office: Office, coming: Mapping[str, Any]) -> None:
    ((key, mark),) = coming.items()
    draft = office.desk.households.get(key.removeprefix("note "))
    office.desk.households.save(replace(draft, note=mark), "visit")


def _undo(office: Office, coming: Mapping[str, Any]) -> None:
    """Save, import, take the import back."""
    _save(office, coming)
    office.desk.history.undo(_insert(office))


def _import(office: Office, coming: Mapping[str, Any]) -> None:
    _insert(office)


def _insert(office: Office) -> str:
    """Twelve new households in one act; returns the act."""
    with office.desk.place.store.work("roster.import", "list") as work:
        ids = [office.desk.place.store.ids() for _ in range(12)]
        work.insert_many("household", VILLAGE, [{"id": id_, "no": id_[:16], "note": "row"} for id_ in ids])
        people = [{"id": office.desk.place.store.ids(), "household_id": id_, "name": "王建国"} for id_ in ids * 3]
        work.insert_many("member", VILLAGE, people)
    return work.act


def _print(office: Office, coming: Mapping[str, Any]) -> None:
    first = office.desk.households.all()[0].id
    office.desk.papers.print("household_file", [first], "asked for")


def _exchange(office: Office, coming: Mapping[str, Any]) -> None:
    """Send to the township, let it receive and reply, receive the reply."""
    sent = office.desk.sync.send(office.stick)
    (result, *_) = office.hub.township.receive([sent.path])
    if result.status not in {"accepted", "repeated"}:
        raise VillageDeskError(result.reason or say("It gave no reason."))
    for reply in office.hub.township.reply(office.stick):
        office.desk.sync.receive(reply.path)
        reply.path.unlink()
    sent.path.unlink()


def _scan(office: Office, coming: Mapping[str, Any]) -> None:
    ((_, mark),) = coming.items()
    data = _scanned(mark)
    digest = sealed.seal(office.folder / "desk" / "attachments", data, office.desk.place.key)
    draft = AttachmentDraft(digest=digest, kind="scan", media_type="image/png", size=len(data), title=mark)
    with office.desk.place.store.work("attachment.save", "scanned") as work:
        work.put_draft("attachment", VILLAGE, draft, new_id=office.desk.place.store.ids())


def _scanned(mark: str) -> bytes:
    return mark.encode() * 2000


def _backup(office: Office, coming: Mapping[str, Any]) -> None:
    """Over the last one, which must stay whole until then."""
    backups.backup(office.desk.place, office.stick / "latest.vdbackup")


def _restore(office: Office, coming: Mapping[str, Any]) -> None:
    """Put the first backup over the copy that an earlier round put there."""
    aside = backups.restore(office.folder / "first.vdbackup", office.folder / "copy", PASSPHRASE, datetime.now(UTC))
    if aside is not None:
        shutil.rmtree(aside)


def _passphrase(office: Office, coming: Mapping[str, Any]) -> None:
    path = office.folder / "desk" / vault.VAULT_NAME
    vault.change_passphrase(path, office.passphrase, coming["passphrase"], user=office.desk.place.user, cost=CHEAP)
    office.passphrase = coming["passphrase"]


@contextmanager
def _program_of(schema: int) -> Iterator[None]:
    """As if this were the program of a later release, whose every schema added a column and a table."""
    before = migrations.STEPS, migrations.SCHEMA
    migrations.STEPS = MappingProxyType({number: _later(number) for number in range(2, schema + 1)})
    migrations.SCHEMA = upgrade.SCHEMA = schema
    try:
        yield
    finally:
        migrations.STEPS, migrations.SCHEMA = before
        upgrade.SCHEMA = migrations.SCHEMA


def _later(number: int) -> Callable[[Any], None]:
    def step(connection: Any) -> None:
        connection.exec_driver_sql(f"ALTER TABLE household ADD COLUMN novelty_{number} TEXT NOT NULL DEFAULT ''")
        connection.exec_driver_sql(f"CREATE TABLE novelty_{number} (n INTEGER PRIMARY KEY)")

    return step


def _migrate(office: Office, coming: Mapping[str, Any]) -> None:
    """Open the old desk with the program of the next schema."""
    with _program_of(coming["schema"]):
        open_desk(office.folder / "old", PASSPHRASE, author="周敏").close()


STEPS: Mapping[str, Callable[[Office, Mapping[str, Any]], None]] = MappingProxyType({
    "save": _save, "undo": _undo, "import": _import, "print": _print, "exchange": _exchange, "scan": _scan,
    "backup": _backup, "restore": _restore, "passphrase": _passphrase, "migrate": _migrate,
})  # fmt: skip

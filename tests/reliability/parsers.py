"""Every reader of a file that comes from outside, with good files to spoil."""

from __future__ import annotations

import hashlib
import io
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from tests.factories import VILLAGE
from tests.reliability.mutate import spoil, spoil_png, spoil_zip
from tests.reliability.work import Office, prepare
from villagedesk import resources
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import generate
from villagedesk.documents.papers import read_paper
from villagedesk.errors import Refused
from villagedesk.exchange import mapping
from villagedesk.exchange.fields import load_fields
from villagedesk.exchange.roster import read_roster
from villagedesk.policy.codes import load_codes
from villagedesk.policy.profile import check_file
from villagedesk.records.schema import revision
from villagedesk.services import backups, pictures
from villagedesk.services.scan_pages import open_pages
from villagedesk.store import lines, place, recovery, vault
from villagedesk.sync.bundle import BundleHeader, Cargo, Trust, open_bundle, peek_header
from villagedesk.sync.header import seal_header
from villagedesk.sync.invite import Invite, enrol, new_token, read_enrolment, read_invite
from villagedesk.sync.keys import DeviceKey, HubKey, KeyPair, key_id
from villagedesk.sync.package import Packer
from villagedesk.sync.receipt import FileVerdict, Receipt, Tip, read_receipt
from villagedesk.sync.stream import seal

Spoil = Callable[[bytes, random.Random, Sequence[bytes]], bytes]


@dataclass(frozen=True)
class Parser:
    """Reads bytes or raises a VillageDeskError; anything else is a finding."""

    read: Callable[[bytes], object]
    seeds: Sequence[bytes]
    spoil: Spoil = spoil


def all_parsers(folder: Path) -> Mapping[str, Parser]:
    """The readers; ``folder`` is for passing files."""
    desk = prepare(folder / "office")
    shutil.copytree(resources.path("policy"), folder / "policy")
    fields, codes = load_fields(), load_codes()
    today = date(2019, 11, 10)

    def read(file: Path) -> object:
        return read_roster(file, fields, codes, year=2020)

    def by_file(name: str, reader: Callable[[Path], object]) -> Callable[[bytes], object]:
        def run(data: bytes) -> object:
            file = folder / name
            file.write_bytes(data)
            return reader(file)

        return run

    with Office(desk) as office:
        sent = office.desk.sync.send(folder)
        key = office.hub.township.key
        office.hub.township.receive([sent.path])
        (reply,) = office.hub.township.reply(folder)
        invite = next((desk / "stick").glob("*.vdinvite")).read_bytes()
        line = _line(office)
    header = [file.path.read_bytes()[:2000] for file in (sent, reply)]
    send_file, small = sent.path.read_bytes(), (desk / "first.vdbackup").read_bytes()
    roster, key_file = _rosters(folder), (desk / "desk" / "vault.json").read_bytes()
    package, inside = _inside()
    return {
        "roster .xlsx": Parser(by_file("r.xlsx", read), roster[:1], spoil_zip),
        "roster .csv": Parser(by_file("r.csv", read), roster[1:]),
        "column mapping": Parser(by_file("m.toml", lambda f: mapping.load(f, fields)), [_MAPPING]),
        "picture": Parser(_picture, list(_pictures()), spoil_png),
        "scan": Parser(by_file("s.bin", _scan), [*_pictures(), *_pdfs()], spoil_png),
        "send file": Parser(by_file("s.vdsend", lambda f: _open(f, key, lambda _: None)), [send_file]),
        "send file header": Parser(by_file("h.vdsend", peek_header), header),
        "send file, inside": Parser(inside, [package]),
        "invite": Parser(by_file("i.vdinvite", lambda f: read_invite(f, today)), [invite]),
        "enrolment": Parser(read_enrolment, [_slip()]),
        "receipt": Parser(read_receipt, [_receipt()]),
        "revision line": Parser(lines.decode, [line]),
        "stored revision": Parser(lambda data: lines.decode(lines.unpack(data)), [line, lines.pack(line * 40)]),
        "policy pack": Parser(by_file("policy/jiangsu-2018.toml", _pack), list(_texts("policy", "jiangsu-2018*"))),
        "paper template": Parser(by_file("paper.toml", read_paper), list(_texts("papers", "*"))),
        "backup": Parser(by_file("b.vdbackup", backups.check), [small]),
        "key file": Parser(by_file("vault.json", vault.users), [key_file]),
        "place label": Parser(by_file("place.json", lambda f: place.label(f.parent)), [_LABEL]),
        "recovery key": Parser(_typed, [_PRINTED]),
    }  # fmt: skip


_LABEL = b'{"kind": "desk", "format": 1}'
_PRINTED = recovery.spell(bytes(17) + b"7").encode()
_MAPPING = """header_row = 2
ignore = ["网格"]
[columns]
"户主名字" = "member.name"
[values."健康"]
"好" = "健康"
""".encode()


def _rosters(folder: Path) -> list[bytes]:
    village = generate("jiangsu-2018", 4, seed=3)
    write_roster(village, folder / "good.xlsx", "full")
    text = (
        "户编号,姓名,证件号码,与户主关系,出生日期,健康状况\n3213240001,王小明,000000197001010019,户主,1970-01-01,健康\n"
    )
    return [(folder / "good.xlsx").read_bytes(), text.encode(), text.encode("gb18030"), text.encode("utf-16")]


def _pictures() -> Iterator[bytes]:
    image = Image.effect_noise((48, 32), 60).convert("RGB")
    for kind in ("PNG", "JPEG", "TIFF", "WEBP", "BMP"):
        made = io.BytesIO()
        image.save(made, kind)
        yield made.getvalue()


def _pdfs() -> Iterator[bytes]:
    made = io.BytesIO()
    Image.effect_noise((40, 60), 60).save(made, "PDF")
    yield made.getvalue()


def _pack(file: Path) -> object:
    problems = check_file(file)
    if problems:
        raise Refused(problems)
    return None


def _typed(data: bytes) -> object:
    return recovery.read(data.decode("utf-8", "replace"))


def _picture(data: bytes) -> object:
    kept = pictures.prepare(data)
    return pictures.thumbnail(kept.data, kept.media_type)


def _scan(file: Path) -> object:
    return [page.size for page in open_pages(file)]


def _open(file: Path, key: KeyPair, trust: Trust) -> object:
    with open_bundle(file, key, trust) as bundle:
        return sum(1 for _ in bundle.lines())


def _line(office: Office) -> bytes:
    with office.desk.place.store.read() as connection:
        stored = connection.execute(select(revision.c.line).order_by(revision.c.n.desc()).limit(1)).scalar_one()
    return lines.unpack(stored)


def _receipt() -> bytes:
    tip = Tip("a" * 32, 7, "ab" * 32)
    verdict = FileVerdict("a.vdsend", "cd" * 32, "accepted", 3)
    now = datetime(2019, 11, 10, tzinfo=UTC)
    return Receipt(VILLAGE, "hub-1", "epoch-1", (verdict,), (tip,), now, {"households": 3}, {"members": 9}).to_json()


def _slip() -> bytes:
    hub = HubKey.generate("hub-1")
    expires = date(2030, 1, 1)
    invite = Invite(
        "hub-1", "柳河镇", VILLAGE[:9], VILLAGE, hub.recipient, hub.sign_key, "epoch-1", expires, new_token()
    )
    return enrol(invite, DeviceKey.generate("laptop-1"), "一号机")


def _inside() -> tuple[bytes, Callable[[bytes], object]]:
    """The tar inside a send file, and a reader that seals and signs what it is given, as a laptop gone bad would."""
    hub, laptop = HubKey.generate("hub-1"), DeviceKey.generate("laptop-1")
    header = BundleHeader("send", VILLAGE, 12, "epoch-1", sender=laptop.id, to=(key_id(hub.recipient),))
    scan = b"scan" * 40
    line = [b'{"d":"laptop-1","s":%d}' % number for number in range(9)]
    cargo = Cargo(
        datetime(2019, 11, 10, tzinfo=UTC), line, [(hashlib.sha256(scan).hexdigest(), lambda: scan)], {"members": 1}
    )

    def read(package: bytes) -> object:
        payload = io.BytesIO()
        seal([package], [hub.recipient], payload)
        sealed = replace(header, length=len(payload.getvalue()), sha256=hashlib.sha256(payload.getvalue()).hexdigest())
        with tempfile.NamedTemporaryFile(suffix=".vdsend") as file:
            file.write(seal_header(sealed, laptop) + payload.getvalue())
            file.flush()
            return _open(Path(file.name), hub, lambda sender: laptop.sign_key)

    return b"".join(Packer(header).pack(cargo)), read


def _texts(name: str, which: str) -> Iterator[bytes]:
    for file in sorted(resources.path(name).glob(f"{which}.toml")):
        if file.stat().st_size < 60_000:
            yield file.read_bytes()

"""Spoils one village's send file in every way and lets a real hub receive each; then receives a large one.

    python -m tests.reliability.send_file [--files 10000] [--seed 1] [--large 200] [--fixture FOLDER]

Every spoilt file has to be refused in one sentence, and nothing but the list of verdicts may have changed. ``--large``:
megabytes of attachments in a file whose taking in is watched for memory. ``--fixture`` writes one file of the format of
today with the keys to open it, for tests/data.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import select

from tests.reliability import thief
from villagedesk import divisions
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import Hub, create_hub
from villagedesk.records.schema import RECORDS, conflict, revision, touch
from villagedesk.services.membership import device_key
from villagedesk.store import sealed
from villagedesk.store.wraps import Cost
from villagedesk.sync.bundle import BundleHeader, Cargo, write_bundle
from villagedesk.sync.keys import DeviceKey, HubKey

VILLAGE = divisions.children("321324111")[0].code
BLOCK = 4096
Spoil = Callable[[bytes, random.Random], bytes]


def flip(data: bytes, chance: random.Random) -> bytes:
    """One to four bits turned."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def cut(data: bytes, chance: random.Random) -> bytes:
    """Cut at a block or anywhere."""
    whole = chance.random() < 0.5
    at = chance.randrange(len(data) // BLOCK + 1) * BLOCK if whole else chance.randrange(len(data))
    return data[: min(at, len(data) - 1)]


def swap(data: bytes, chance: random.Random) -> bytes:
    """Two pieces of the payload change places, as when attachments are swapped."""
    size = chance.randint(1, len(data) // 4)
    one, other = sorted((chance.randrange(len(data) - 2 * size + 1), chance.randrange(size, len(data) - size + 1)))
    other = max(other, one + size)
    return (
        data[:one]
        + data[other : other + size]
        + data[one + size : other]
        + data[one : one + size]
        + data[other + size :]
    )


def blank(data: bytes, chance: random.Random) -> bytes:
    """A stretch of zeros, as a bad stick leaves it."""
    at, size = chance.randrange(len(data)), chance.randint(1, BLOCK)
    return data[:at] + bytes(min(size, len(data) - at)) + data[at + size :]


def more(data: bytes, chance: random.Random) -> bytes:
    """Something behind the end."""
    return data + chance.randbytes(chance.randint(1, 64))


def outside(data: bytes, chance: random.Random) -> bytes:
    """Another number, village or length on the outside, under the old signature."""
    line, rest = data.split(b"\n", 1)
    said = json.loads(line)
    name = chance.choice(["sequence", "village", "length", "epoch", "sender", "to", "kind", "version"])
    values = {"sequence": said["sequence"] + 1, "village": "321324111999", "length": said["length"] - 1, "epoch": "9-x",
              "sender": "somebody", "to": ["0" * 16], "kind": "reply", "version": 2}  # fmt: skip
    return json.dumps({**said, name: values[name]}).encode() + b"\n" + rest


WAYS: tuple[Spoil, ...] = (flip, cut, swap, blank, more, outside)
_CLEAR = (
    "not a send file",
    "another township",
    "signature",
    "newer program",
    "Update this one",
    "cut off",
    "added",
    "not a village's",
    "larger than any",
    "agree with itself",
    "not known here",
    "belongs to another",
)
RIGHT: Mapping[str, tuple[str, ...]] = {  # words of the sentences that fit a way of spoiling
    "flip": ("damaged on the way", *_CLEAR),
    "cut": ("cut off", "is empty", "not a send file"),
    "swap": ("damaged on the way", "not a send file"),
    "blank": ("damaged on the way", "not a send file"),
    "more": ("Something was added",),
    "outside": _CLEAR,
    "thief: payload": ("cannot be decrypted",),
    "thief: blocks": ("agree with itself", "incomplete", "never writes", "unpacks to more"),
    "thief: attachments": ("agree with itself",),
    "thief: paths": ("agree with itself",),
    "thief: links": ("never writes", "agree with itself"),
    "thief: signature": ("signature", "agree with itself"),
    "thief: stranger": ("agree with itself",),
    "thief: hub": ("another township", "cannot be decrypted"),
    "thief: bomb": ("agree with itself", "unpacks to more", "cannot be unpacked"),
}


def state(hub: Hub) -> str:
    """All that taking in a file could change."""
    digest = hashlib.sha256()
    with hub.place.store.read() as connection:
        for table in (revision, touch, conflict, *(record.table for record in RECORDS.values())):
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                digest.update(repr(tuple(row)).encode())
        for key in ("devices", "hub", f"village:{VILLAGE}"):
            digest.update(repr(hub.place.store.setting(key)).encode())
    digest.update("".join(sorted(path.name for path in (hub.place.folder / "attachments").rglob("*"))).encode())
    return digest.hexdigest()


def spoil(
    hub: Hub, whole: Path, folder: Path, files: int, seed: int, laptop: DeviceKey | None = None
) -> Counter[tuple[str, str]]:
    """Let the hub receive so many spoilt files; of each way the sentences it said.

    With the keys of the ``laptop`` also those that only a thief can make, every hundredth a bomb. Raises AssertionError
    when one did anything.
    """
    data, chance, said = whole.read_bytes(), random.Random(seed), Counter[tuple[str, str]]()
    ways = {way.__name__: partial(way, data, chance) for way in WAYS}
    if laptop:
        robbed = thief.Thief.of(data, laptop, hub.township.key)
        ways |= {f"thief: {way.__name__}": partial(way, robbed, chance) for way in thief.WAYS}
    before, names = state(hub), list(ways)
    for number in range(files):
        name, make = names[number % len(names)], ways[names[number % len(names)]]
        if laptop and number % 100 == 99:
            name, make = "thief: bomb", partial(thief.bomb, robbed, chance)
        spoilt = make()
        if spoilt == data:
            continue
        file = folder / "spoilt.vdsend"
        file.write_bytes(spoilt)
        (result,) = hub.township.receive([file])
        assert (result.status, result.revisions) == ("rejected", 0), (name, number, result)
        sentence = result.reason.source if result.reason else ""
        assert any(words in sentence for words in RIGHT[name]), (name, sentence)
        said[name, sentence] += 1
        if not number % 500:
            assert state(hub) == before, (name, number)
    assert state(hub) == before
    return said


def replay(hub: Hub, files: list[Path], times: int) -> None:
    """Give the hub files that it has taken in already, in any order. Raises AssertionError when one did anything."""
    before, chance = state(hub), random.Random(times)
    for number in range(times):
        (result,) = hub.township.receive([chance.choice(files)])
        assert (result.status, result.revisions) == ("repeated", 0), (number, result)
    assert state(hub) == before


def accepted(hub: Hub, desk: Desk, folder: Path, files: int) -> list[Path]:
    """Further files of the village, each with a change, taken in one after the other."""
    taken = []
    for number in range(files):
        head = MemberDraft(name=f"某{100 + number}", relation="01", sex="1")
        desk.households.save(HouseholdDraft(no=str(100 + number), group="一组", members=(head,)), "visit")
        taken.append(desk.sync.send(folder).path)
        assert hub.township.receive([taken[-1]])[0].status == "accepted"
    return taken


def village(folder: Path) -> tuple[Hub, Desk]:
    """A hub and a joined desk with a few households."""
    hub, _ = create_hub(folder / "hub", "p", "township", VILLAGE[:9])
    draft = VillageDraft(code=VILLAGE, name="某村", profile="jiangsu-2018")
    desk, _ = create_desk(folder / "desk", "p", draft, author="甲", cost=Cost(8, 1, 1))
    for no in range(1, 9):
        head = MemberDraft(name=f"某{no}", relation="01", sex="1")
        desk.households.save(HouseholdDraft(no=str(no), group="一组", members=(head,)), "visit")
    desk.sync.join(hub.township.invite(VILLAGE, folder), "laptop")
    return hub, desk


def attach(desk: Desk, sizes: list[int]) -> None:
    """Give the first household attachments that do not compress."""
    home = desk.lists.household_ids()[0]
    with desk.site.store.work("attach", "test") as work:
        for number, size in enumerate(sizes):
            data = random.Random(number).randbytes(size)
            digest = sealed.seal(desk.site.folder / "attachments", data, desk.site.key)
            values = {"subject_id": home, "digest": digest}
            work.put("attachment", VILLAGE, values, f"a{number:03d}")


def watched(work: Callable[[], object]) -> tuple[float, int]:
    """Seconds, and bytes by which the process grew at most."""
    page, start = os.sysconf("SC_PAGESIZE"), time.monotonic()
    done, most = threading.Event(), [0]

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * page

    before = resident()

    def look() -> None:
        while not done.wait(0.005):
            most[0] = max(most[0], resident())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return time.monotonic() - start, most[0] - before


def fixture(folder: Path) -> None:
    """One file of today's format, its keys, and what it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    hub, laptop = HubKey.generate("hub-1"), DeviceKey.generate("laptop-1")
    lines = [b'{"v":1,"d":"laptop-1","s":%d,"x":"%s"}' % (n, "某村".encode()) for n in (1, 2)]
    scan = b"\xff\xd8 no picture"
    digest = hashlib.sha256(scan).hexdigest()
    cargo = Cargo(datetime(2026, 3, 1, 8, tzinfo=UTC), lines, [(digest, lambda: scan)], {"households": 2})
    header = BundleHeader("send", VILLAGE, 1, "1-first")
    written = write_bundle(folder, header, cargo, laptop, [hub.recipient])
    written.path.rename(folder / "village.vdsend")
    said = {
        "hub": hub.to_secret().decode(), "laptop": laptop.sign_key.hex(), "lines": [line.decode() for line in lines],
        "attachments": [digest], "totals": {"households": 2}, "created": "2026-03-01T08:00:00+00:00",
    }  # fmt: skip
    (folder / "said.json").write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")


def main() -> None:
    """As the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--large", type=int, default=200)
    parser.add_argument("--fixture", type=Path)
    given = parser.parse_args()
    if given.fixture:
        fixture(given.fixture)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hub, desk = village(folder)
        with hub, desk:
            earlier = accepted(hub, desk, folder, 5)
            attach(desk, [20_000, 30_000])
            whole, start = desk.sync.send(folder).path, time.monotonic()
            said = spoil(hub, whole, folder, given.files, given.seed, device_key(desk.site.store))
            print(f"{sum(said.values())} spoilt files refused, nothing changed, {time.monotonic() - start:.0f} s")
            for (way, sentence), count in sorted(said.items()):
                print(f"{count:6}  {way:20}  {sentence}")
            assert hub.township.receive([whole])[0].status == "accepted"
            replay(hub, [*earlier, whole], given.files // 20)
            print(f"{given.files // 20} replays of files taken in before: nothing changed")
            if given.large:
                attach(desk, [10 << 20] * (given.large // 10))
                large = desk.sync.send(folder).path
                seconds, grown = watched(lambda: hub.township.receive([large]))
                size = large.stat().st_size
                print(f"a file of {size >> 20} MiB taken in, {seconds:.1f} s, the process grew by {grown >> 20} MiB")


if __name__ == "__main__":
    main()

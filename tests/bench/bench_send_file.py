"""A village's send file against zstd and age of the same bytes (DESIGN §8: at most twice).

Run: ``python tests/bench/bench_send_file.py [lines] [rounds]``. Both sides write to the same folder, flush, and are
timed in turn; the peer compresses at the same level with the same libraries and neither signs, lists nor reads back.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyrage
import zstandard

from villagedesk.sync.bundle import BundleHeader, Cargo, WrittenBundle, open_bundle, write_bundle
from villagedesk.sync.keys import DeviceKey, HubKey

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"


def revision(chance: random.Random, number: int) -> bytes:
    """A line as a desk writes it, about 400 bytes, its hashes as incompressible as real ones."""
    change = {
        "t": "household",
        "r": hashlib.sha256(b"%d" % chance.randrange(1500)).hexdigest()[:32],
        "p": [chance.randbytes(32).hex()],
        "f": {"income": [chance.randrange(10**6)] * 2, "note": ["", "".join(chance.choices(FAMILY, k=6))]},
    }
    line = {
        "v": 1, "d": "laptop-a", "s": number, "prev": chance.randbytes(32).hex(), "h": 1_700_000_000_000 + number * 977,
        "at": f"2026-11-{chance.randrange(1, 29):02d}T08:{chance.randrange(60):02d}:00Z", "by": "李四",
        "verb": chance.choice(["save", "sign", "plan"]), "why": "", "c": [change],
    }  # fmt: skip
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def peer(folder: Path, data: bytes, recipient: str) -> int:
    packed = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(data)
    sealed = pyrage.encrypt(packed, [pyrage.x25519.Recipient.from_str(recipient)])
    with (folder / "peer.age").open("wb") as stream:
        stream.write(sealed)
        stream.flush()
        os.fsync(stream.fileno())
    return len(sealed)


def timed(work) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def main(count: int = 30_000, rounds: int = 9) -> None:
    chance, hub, laptop = random.Random(7), HubKey.generate("hub-1"), DeviceKey.generate("laptop-a")
    lines = [revision(chance, number) for number in range(count)]
    data = b"\n".join(lines) + b"\n"
    cargo, header = Cargo(datetime.now(UTC), lines), BundleHeader("send", "610102001201", 1, "epoch-1")
    ours, theirs, opened = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def write() -> WrittenBundle:
            return write_bundle(folder, header, cargo, laptop, [hub.recipient])

        for _ in range(rounds):
            seconds, written = timed(write)
            ours.append(seconds)
            seconds, size = timed(lambda: peer(folder, data, hub.recipient))
            theirs.append(seconds)
            opening = partial(open_bundle, written.path, hub, {laptop.id: laptop.sign_key}.get)
            seconds, bundle = timed(opening)
            opened.append(seconds)
            bundle.close()
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"{count} lines, {len(data) / count:.0f} B each; medians of {rounds}")
    print(f"send file   {mine * 1000:7.1f} ms  {written.size:10d} B")
    print(f"zstd + age  {other * 1000:7.1f} ms  {size:10d} B")
    print(f"ratio       {mine / other:7.2f}     {written.size / size:10.3f}")
    print(f"open, check {statistics.median(opened) * 1000:7.1f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

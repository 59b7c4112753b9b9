"""What a desk knows of its township's holdings, and the order of a hub's lives (DESIGN §5.4).

A hub put back from a backup has forgotten files it once took. It begins a new **epoch** then, and what it said in an
earlier one proves nothing any more. Epochs are ordered by their number, receipts of one epoch by the number of the
reply that brought them; clocks have no say in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select

from villagedesk.records.schema import RECORDS, touch
from villagedesk.store import sealed
from villagedesk.store.chain import ChainTip
from villagedesk.store.numbers import Numbers
from villagedesk.store.store import read_setting, write_setting
from villagedesk.store.totals import exited_count, household_count, member_count
from villagedesk.sync.keys import ID
from villagedesk.sync.receipt import Receipt, Tip, tips_fields
from villagedesk.sync.untrusted import canonical, parse
from villagedesk.text import say
from villagedesk.values import NewId

ACKNOWLEDGED = "acknowledged.json"
"""The document of a send file that names the latest reply the laptop has taken in."""

CARDS = "devices.json"
"""The document of a reply that names the laptops of the village, so that they can send to each other."""

_EPOCH = re.compile("([0-9]{1,9})-")


def generation(epoch: str) -> int:
    """Which of a hub's lives an epoch is: later ones have higher numbers."""
    found = _EPOCH.match(epoch)
    return int(found[1]) if found else 0


def epoch_after(ids: NewId, *earlier: str) -> str:
    """An epoch that comes after all of these."""
    return f"{max(map(generation, earlier), default=0) + 1}-{ids()}"


def begin_epoch(connection: Connection, ids: NewId, *seen: str) -> None:
    """Let a hub that has forgotten something begin a new life, later than its own and those it has ``seen`` named."""
    hub = read_setting(connection, "hub")
    write_setting(connection, "hub", {**hub, "epoch": epoch_after(ids, hub["epoch"], *seen)})


def begin_standing(connection: Connection, epoch: str, *, same_hub: bool) -> None:
    """Start with a township of which nothing is known but an invite; an old invite does not turn time back."""
    known = read_setting(connection, "acked", {}).get("epoch", "") if same_hub else ""
    latest = known if generation(known) > generation(epoch) else epoch
    write_setting(connection, "acked", {"epoch": latest, "sequence": 0, "tips": []})


def keep_receipt(connection: Connection, receipt: Receipt, sequence: int) -> bool:
    """Let the newest receipt say what the township has; an older one that arrives late says nothing new.

    ``sequence`` is the reply's; returns whether the receipt is the newest.
    """
    known = read_setting(connection, "acked", {"epoch": "", "sequence": 0})
    same = receipt.epoch == known["epoch"]
    newest = sequence >= known["sequence"] if same else generation(receipt.epoch) > generation(known["epoch"])
    if newest:
        said = {"epoch": receipt.epoch, "sequence": sequence, "tips": tips_fields(receipt.have)}
        write_setting(connection, "acked", said)
        write_setting(connection, "receipt", receipt.to_json().decode())
    return newest


def acked(connection: Connection) -> tuple[ChainTip, ...]:
    """What the township said it has."""
    raw = read_setting(connection, "acked", {"tips": ()})
    return tuple(ChainTip(tip["device"], tip["seq"], tip["hash"]) for tip in raw["tips"])


def acknowledgement(connection: Connection) -> bytes:
    """The document that says which reply was the latest taken in here."""
    known = read_setting(connection, "acked", {"epoch": "", "sequence": 0})
    return canonical({"v": 1, "epoch": known["epoch"], "sequence": known["sequence"]})


def read_acknowledgement(documents: Mapping[str, bytes]) -> tuple[str, int]:
    """Epoch and number of the latest reply that the sender of these documents has taken in."""
    if ACKNOWLEDGED not in documents:
        return "", 0
    raw = parse(documents[ACKNOWLEDGED], say("This file does not agree with itself. Ask for the file again."))
    return raw.matching("epoch", ID), raw.number("sequence")


def count(connection: Connection, village: str) -> dict[str, int]:
    """The control totals of a village that both sides compare."""
    return {
        "households": household_count(connection, village),
        "members": member_count(connection, village),
        "exited": exited_count(connection, village),
    }


def as_tip(tip: ChainTip) -> Tip:
    """A tip as files carry it."""
    return Tip(tip.device, tip.seq, tip.hash)


def as_chain_tip(tip: Tip) -> ChainTip:
    """A tip as the store compares it."""
    return ChainTip(tip.device, tip.seq, tip.hash)


def attached(
    connection: Connection, numbers: Numbers, folder: Path, key: bytes
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The attached files of the records in these revisions, as far as they lie here: SHA-256 and how to read each."""
    table = RECORDS["attachment"].table
    query = (
        select(table.c.digest, touch.c.revision)
        .join_from(table, touch, touch.c.record == table.c.id)
        .where(table.c.removed.is_(False))
        .order_by(table.c.n)
    )
    digests = dict.fromkeys(digest for digest, number in connection.execute(query) if number in numbers)
    for digest in digests:
        if sealed.sealed_path(folder, digest, key).is_file():
            yield digest, partial(sealed.unseal, folder, digest, key)

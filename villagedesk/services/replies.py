"""Writing the replies of a hub: receipt, what the laptops lack, laptops, differences with lists, policy packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from villagedesk.services.intake import village_setting
from villagedesk.services.laptops import counting, public_card
from villagedesk.services.matching import remarks_of
from villagedesk.services.standing import CARDS, as_tip, attached, count
from villagedesk.store import chain
from villagedesk.store.chain import ChainTip
from villagedesk.store.numbers import Numbers
from villagedesk.store.place import Place
from villagedesk.store.store import read_setting, write_setting
from villagedesk.sync.bundle import BundleHeader, Cargo, WrittenBundle, write_bundle
from villagedesk.sync.keys import HubKey
from villagedesk.sync.receipt import LISTS, RECEIPT, FileVerdict, Receipt, remarks_json
from villagedesk.text import Text
from villagedesk.values import Step, no_step


class Replies:
    """Where answers go out."""

    def __init__(self, place: Place, key: HubKey) -> None:
        self._place = place
        self._store = place.store
        self._key = key

    def write(self, folder: Path, village: str, step: Step = no_step) -> WrittenBundle:
        """Write the next reply of one village: the receipt, and the revisions that its laptops lack.

        Raises Cancelled when ``step`` says so; nothing lies on the stick then.
        """
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
                lines=chain.blocks_of(connection, numbers),
                attachments=attached(connection, numbers, self._place.folder / "attachments", self._place.key),
                documents=self._documents(connection, village, receipt, cards),
                have=receipt.have,
                totals=receipt.totals,
                count=len(numbers),
            )
            header = BundleHeader("reply", village, sequence, hub["epoch"])
            recipients = [*{card["age_recipient"]: None for card in cards}]
            return write_bundle(folder, header, cargo, self._key, recipients, step=step)

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
            hub=self._key.id,
            epoch=hub["epoch"],
            files=tuple(read_verdict(raw) for raw in verdicts),
            have=tuple(as_tip(tip) for tip in chain.tips(connection, said["chains"])),
            clock=self._store.clock(),
            totals=count(connection, village),
            sent_totals=said["totals"],
            latest={sender: of["sequence"] for sender, of in said["have"].items()},
        )


def _lacking(connection: Connection, said: Mapping[str, Any], laptops: Sequence[str]) -> Numbers:
    """The revisions of a village that at least one of its laptops has not got, as far as it has told."""
    lacking: list[Numbers] = []
    for laptop in laptops:
        raw = said["have"].get(laptop, {"tips": ()})["tips"]
        known = [ChainTip(tip["device"], tip["seq"], tip["hash"]) for tip in raw]
        lacking.append(chain.numbers_after(connection, known, said["chains"]))
    return Numbers.together(lacking)


def read_verdict(raw: Mapping[str, Any]) -> FileVerdict:
    """What became of a file, as the hub keeps it."""
    reason = Text(raw["reason"]["text"], raw["reason"]["fields"]) if "reason" in raw else None
    return FileVerdict(raw["name"], raw["sha256"], raw["status"], raw["revisions"], reason)

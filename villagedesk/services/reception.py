"""Taking in a checked file at a desk: whose it may be, what it brings, and whether this laptop was put back in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from villagedesk.errors import Refused, Unreadable
from villagedesk.services.emptying import demand_not_emptied
from villagedesk.services.membership import card_of, demand_hub
from villagedesk.services.site import Site
from villagedesk.services.standing import CARDS, as_chain_tip, generation, keep_receipt
from villagedesk.store import chain, place, sealed
from villagedesk.store.apply import Gap, apply_lines
from villagedesk.store.store import read_setting, write_setting
from villagedesk.store.totals import household_count
from villagedesk.sync.bundle import Bundle
from villagedesk.sync.receipt import LISTS, RECEIPT, Receipt, Tip, read_receipt, read_remarks
from villagedesk.text import say


@dataclass(frozen=True)
class Received:
    """What taking in a file did. ``old``: a reply older than one taken in before, or the same again."""

    kind: str
    revisions: int
    repeated: int
    conflicts: int
    receipt: Receipt | None
    old: bool = False


def take(site: Site, bundle: Bundle, *, closing_meant: bool) -> Received:
    """Take in a checked file, all of it or nothing. Raises Refused, Unreadable, or Emptying as for Sync.receive."""
    _demand_right(site, bundle)
    reply = bundle.header.kind == "reply"
    receipt = read_receipt(bundle.documents[RECEIPT]) if reply and RECEIPT in bundle.documents else None
    _notice_restored(site, receipt.have if receipt else bundle.have)
    try:
        with site.store.write() as connection:
            before = household_count(connection, site.village)
            applied = apply_lines(connection, bundle.lines(), lambda _, village: village == site.village)
            if not closing_meant:
                demand_not_emptied(before, household_count(connection, site.village))
            for _, data in bundle.attachments():
                sealed.seal(site.folder / "attachments", data, site.key)
            latest = read_setting(connection, "acked", {"epoch": "", "sequence": 0})
            _number_on(site, connection, receipt)
            if receipt is not None and keep_receipt(connection, receipt, bundle.header.sequence):
                _keep_cards(site, connection, bundle.documents)
                _keep_papers(connection, bundle.documents)
    except Gap as gap:
        raise Refused(
            say(
                "This file builds on changes that are not on this laptop. Send your file to the township, "
                "then take in the reply it gives you."
            )
        ) from gap
    old = receipt is not None and applied.revisions == 0 and not _is_newer(bundle, receipt, latest)
    return Received(bundle.header.kind, applied.revisions, applied.repeated, applied.conflicts, receipt, old)


def _is_newer(bundle: Bundle, receipt: Receipt, latest: Mapping[str, Any]) -> bool:
    """Whether a reply says more than the latest one taken in before."""
    if receipt.epoch == latest["epoch"]:
        return bool(bundle.header.sequence > latest["sequence"])
    return generation(receipt.epoch) > generation(latest["epoch"])


def _demand_right(site: Site, bundle: Bundle) -> None:
    """Only the township replies, and only a laptop of this village sends to its colleagues."""
    hub = demand_hub(site.store)
    if bundle.header.village != site.village:
        raise Refused(say("This file is for the village {code}, not for this desk.", code=bundle.header.village))
    if (bundle.header.kind == "reply") != (bundle.header.sender == hub["id"]):
        raise Unreadable(say("This file is not from who it says. Do not use it; ask the township."))
    slip = bundle.enrolment
    if not bundle.known and (slip is None or (slip.hub, slip.token) != (hub["id"], hub["token"])):
        raise Unreadable(
            say("This laptop is not known here. Receive the township's latest reply first, then try again.")
        )


def _notice_restored(site: Site, theirs: Sequence[Tip]) -> None:
    """Somebody has revisions of this laptop that it has not: it was put back to an earlier state in place.

    The numbers that follow are given out already, so the next opening takes a new device id.
    """
    own = [as_chain_tip(tip) for tip in theirs if tip.device == site.store.device]
    with site.store.write() as connection:
        if not all(chain.holds(connection, tip) for tip in own):
            place.renew(connection)


def _number_on(site: Site, connection: Connection, receipt: Receipt | None) -> None:
    """A laptop put back goes on above the numbers of its files that came: a lower one tells nobody what it has now."""
    came = receipt.latest.get(site.store.device, 0) if receipt else 0
    sent = read_setting(connection, "sent", {})
    if came > sent.get("sequence", 0):
        write_setting(connection, "sent", {**sent, "sequence": came})


def _keep_cards(site: Site, connection: Connection, documents: Mapping[str, bytes]) -> None:
    if CARDS in documents:
        cards = orjson.loads(documents[CARDS])
        write_setting(connection, "peers", cards)
        if any(card_of(raw).device == site.store.device for raw in cards):
            write_setting(connection, "enrolled", site.store.device)


def _keep_papers(connection: Connection, documents: Mapping[str, bytes]) -> None:
    """What else the township gave along: differences with lists of other offices, policy packs."""
    if LISTS in documents:
        read_remarks(documents[LISTS])
        write_setting(connection, "lists", documents[LISTS].decode())
    packs = {name: data.decode() for name, data in documents.items() if name.endswith(".toml")}
    if packs:
        write_setting(connection, "packs", {**read_setting(connection, "packs", {}), **packs})

"""The laptops of the villages at the township: who joined, what each has told, and taking one out (a lost laptop).

Taking a laptop out does three things at once: its keys are refused whichever name they come under, the invitation by
which it joined lets nobody in any more (whoever holds the laptop holds its token), and the next reply neither speaks
to it nor tells its colleagues to trust it. What it had sent before stays: history is never rewritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from villagedesk.errors import Problem, Refused
from villagedesk.store import lines
from villagedesk.store.place import Place
from villagedesk.store.store import read_setting, write_setting
from villagedesk.sync.keys import DeviceCard, fingerprint
from villagedesk.text import say


@dataclass(frozen=True)
class Laptop:
    """A laptop that joined, and the digits to compare with it by telephone.

    ``sequence`` is the number of its latest file, 0 for none; ``taken_out_at`` is "" while it counts.
    """

    device: str
    village: str
    name: str
    fingerprint: str
    sequence: int
    taken_out_at: str
    reason: str


class Laptops:
    """The laptops of all villages."""

    def __init__(self, place: Place) -> None:
        self._store = place.store

    def of(self, village: str = "") -> tuple[Laptop, ...]:
        """The laptops of a village, or all; those taken out last."""
        with self._store.read() as connection:
            cards, out = devices(connection), taken_out(connection)
            found = [
                _laptop(connection, card, out.get(device, {}))
                for device, card in cards.items()
                if village in ("", card["village"])
            ]
        return tuple(sorted(found, key=lambda laptop: (bool(laptop.taken_out_at), laptop.village, laptop.name)))

    def with_same_keys(self, device: str) -> tuple[Laptop, ...]:
        """The other laptops that count and have this one's keys: restored from its backup, taken out with it."""
        found = self.of()
        fingerprints = {one.fingerprint for one in found if one.device == device}
        return tuple(one for one in found
                     if one.device != device and one.fingerprint in fingerprints and not one.taken_out_at)  # fmt: skip

    def take_out(self, device: str, reason: str) -> None:
        """Let a laptop's files in no more. Raises Refused without a reason, or for one not here."""
        if not reason.strip():
            raise Refused([Problem(say("Say why this laptop is taken out: lost, sold, handed on."), "reason")])
        with self._store.write() as connection:
            cards, out = devices(connection), taken_out(connection)
            if device not in cards or device in out:
                raise Refused(say("This laptop is not one of those that count. Look at the list again."))
            said = {"at": lines.iso(self._store.clock()), "reason": reason.strip()}
            same_keys = [name for name, card in cards.items() if card["sign_key"] == cards[device]["sign_key"]]
            write_setting(connection, "taken_out", {**out, **dict.fromkeys(same_keys, said)})
            _close_invitations(connection, same_keys)


def devices(connection: Connection) -> dict[str, dict[str, str]]:
    """The cards of all laptops that ever joined, with their village."""
    found: dict[str, dict[str, str]] = read_setting(connection, "devices", {})
    return found


def taken_out(connection: Connection) -> dict[str, dict[str, str]]:
    """The laptops whose files count no more: device → when and why."""
    found: dict[str, dict[str, str]] = read_setting(connection, "taken_out", {})
    return found


def counting(connection: Connection, village: str) -> list[dict[str, str]]:
    """The cards of a village's laptops without those taken out."""
    out = taken_out(connection)
    return [card for card in devices(connection).values() if card["village"] == village and card["device"] not in out]


def has_been_taken_out(connection: Connection, sign_key: str) -> bool:
    """Whether a key belongs to a laptop that was taken out, whichever name it comes under."""
    cards = devices(connection)
    return any(cards[device]["sign_key"] == sign_key for device in taken_out(connection))


def public_card(card: Mapping[str, str]) -> dict[str, str]:
    """Of a card here what colleagues may know."""
    return {name: card[name] for name in DeviceCard.__dataclass_fields__}


def _laptop(connection: Connection, card: Mapping[str, str], out: Mapping[str, str]) -> Laptop:
    said: Mapping[str, Any] = read_setting(connection, f"village:{card['village']}", {})
    sequence = said.get("have", {}).get(card["device"], {}).get("sequence", 0)
    digits = fingerprint(bytes.fromhex(card["sign_key"]), card["age_recipient"])
    return Laptop(
        card["device"], card["village"], card["name"], digits, sequence, out.get("at", ""), out.get("reason", "")
    )


def _close_invitations(connection: Connection, gone: list[str]) -> None:
    """The tokens that these laptops hold let nobody in any more; a new invitation has to be given."""
    invites = dict(read_setting(connection, "invites", {}))
    for token, invite in invites.items():
        if set(gone) & set(invite["devices"]):
            invites[token] = {**invite, "closed": True}
    write_setting(connection, "invites", invites)

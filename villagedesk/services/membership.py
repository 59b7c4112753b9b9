"""What a desk keeps of the township it joined: hub and invite, its own keys, the laptops of its village."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import orjson

from villagedesk.errors import Refused
from villagedesk.store.store import Store
from villagedesk.sync.invite import Invite
from villagedesk.sync.keys import DeviceCard, DeviceKey
from villagedesk.sync.untrusted import parse
from villagedesk.text import say


def demand_hub(store: Store) -> dict[str, Any]:
    """The township as the invite named it. Raises Refused when the desk has not joined one."""
    hub: dict[str, Any] = store.setting("hub", {})
    if not hub:
        raise Refused(say("This desk has not joined a township yet. Open the township's invite first."))
    return hub


def given_up(store: Store) -> bool:
    """Whether this laptop gave up its keys and has not been opened anew since."""
    return bool(store.setting("keys_given_up", "") == store.device)


def demand_keys(store: Store) -> None:
    """Raises Refused while the laptop has given up its keys: what it signed now would be taken for forged."""
    if given_up(store):
        raise Refused(say("This laptop gets its new keys when the desk is opened the next time. Lock it and open it "
                          "again, then open the township's new invitation."))  # fmt: skip


def peers(store: Store) -> list[DeviceCard]:
    """The other laptops of the village, as the latest reply named them."""
    return [card for card in map(card_of, store.setting("peers", ())) if card.device != store.device]


def trusted(store: Store, sender: str) -> bytes | None:
    """The key on record for a sender: the township's or a colleague's."""
    hub = demand_hub(store)
    if sender == hub["id"]:
        return bytes.fromhex(hub["verify_key"])
    return next((card.sign_key for card in peers(store) if card.device == sender), None)


def device_key(store: Store) -> DeviceKey:
    """The keys of this laptop, made when first asked for. A new incarnation keeps them under its own id."""
    secret = store.setting("device_key")
    if secret is None:
        key = DeviceKey.generate(store.device)
        store.keep_setting("device_key", key.to_secret().decode())
        return key
    key = DeviceKey.from_secret(str(secret).encode())
    return key if key.id == store.device else replace(key, id=store.device)


def invite_fields(invite: Invite) -> dict[str, Any]:
    """What is kept of an invite, for :func:`invite_of` to read back."""
    return {
        "id": invite.hub,
        "name": invite.hub_name,
        "township": invite.township,
        "recipient": invite.recipient,
        "verify_key": invite.verify_key.hex(),
        "epoch": invite.epoch,
        "token": invite.token,
        "expires": invite.expires.isoformat(),
        "fingerprint": invite.fingerprint,
    }


def hub_fields(invite: Invite, laptop: str) -> dict[str, Any]:
    """What the desk keeps of an invite it joined by; ``laptop`` is what people call it."""
    return {**invite_fields(invite), "laptop": laptop}


def invite_of(hub: Mapping[str, Any], village: str) -> Invite:
    """The invite by which the desk joined."""
    return Invite(
        hub["id"],
        hub["name"],
        hub["township"],
        village,
        hub["recipient"],
        bytes.fromhex(hub["verify_key"]),
        hub["epoch"],
        date.fromisoformat(hub["expires"]),
        hub["token"],
    )


def card_of(raw: Mapping[str, Any]) -> DeviceCard:
    """A laptop as the township's reply names it."""
    problem = say("The list of laptops in this desk is damaged. Receive the township's latest reply again.")
    return DeviceCard.from_fields(parse(orjson.dumps(raw), problem))

"""This laptop as its township and its colleagues know it: name, digits to compare, and new keys."""

from __future__ import annotations

from dataclasses import dataclass

from villagedesk.errors import Refused
from villagedesk.services.membership import device_key, given_up, peers
from villagedesk.services.site import Site
from villagedesk.store import place
from villagedesk.store.store import drop_setting, write_setting
from villagedesk.sync.keys import fingerprint
from villagedesk.text import say


@dataclass(frozen=True)
class KnownLaptop:
    """A laptop of the village and the digits that the township shows for it. ``own``: it is this one."""

    name: str
    fingerprint: str
    own: bool


class LaptopKeys:
    """The keys of this laptop and the cards of the others."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def given_up(self) -> bool:
        """Whether the keys were given up, and the new ones come with the next opening."""
        return given_up(self._site.store)

    def known(self) -> tuple[KnownLaptop, ...]:
        """This laptop and then the others of the village, as the latest reply named them; none before joining."""
        hub = self._site.store.setting("hub", {})
        if not hub or self.given_up:
            return ()
        key = device_key(self._site.store)
        own = KnownLaptop(hub["laptop"], fingerprint(key.sign_key, key.recipient), own=True)
        others_cards = (card for card in peers(self._site.store) if card.sign_key != key.sign_key)  # not our own past
        cards = sorted(others_cards, key=lambda card: card.name)
        others = (KnownLaptop(card.name, fingerprint(card.sign_key, card.age_recipient), own=False) for card in cards)
        return (own, *others)

    def renew(self) -> None:
        """Give this laptop new keys, after somebody else may have had the old ones; they come with its next opening.

        It then has to join anew with a new invitation. What was sent before stays. Raises Refused before joining.
        """
        if not self._site.store.setting("hub", {}):
            raise Refused(say("This desk has not joined a township yet. Open the township's invite first."))
        with self._site.store.write() as connection:
            drop_setting(connection, "device_key")
            write_setting(connection, "enrolled", "")
            write_setting(connection, "keys_given_up", self._site.store.device)
            place.renew(connection)

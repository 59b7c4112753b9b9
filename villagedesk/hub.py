"""A township hub, opened: the only place where its parts are wired together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from villagedesk.errors import Unreadable, Usage
from villagedesk.services.across import Across
from villagedesk.services.acts import Acts
from villagedesk.services.laptops import Laptops
from villagedesk.services.matching import Comparisons
from villagedesk.services.moving import Moves
from villagedesk.services.quarantine import Quarantine
from villagedesk.services.review import Review
from villagedesk.services.safekeeping import Safekeeping
from villagedesk.services.township import Township
from villagedesk.services.township_report import TownshipReports
from villagedesk.services.upward import Upward
from villagedesk.services.users import Users
from villagedesk.store import place as places
from villagedesk.store.place import Place
from villagedesk.store.vault import Passphrase
from villagedesk.text import say
from villagedesk.update import keep_before, note_version
from villagedesk.values import Clock, NewId, new_id, system_clock


@dataclass(frozen=True)
class Hub:
    """Everything a window or command can ask of a township."""

    place: Place
    township: Township
    acts: Acts
    across: Across
    reports: TownshipReports
    quarantine: Quarantine
    laptops: Laptops
    review: Review
    moves: Moves
    comparisons: Comparisons
    safekeeping: Safekeeping
    upward: Upward
    users: Users

    def close(self) -> None:
        """Let go of the hub; everything taken in is on disk already."""
        self.place.close()

    def __enter__(self) -> Hub:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create_hub(  # noqa: PLR0913  each is the caller's choice
    folder: Path,
    passphrase: str,
    name: str,
    township: str,
    *,
    author: str = "",
    clock: Clock = system_clock,
    ids: NewId = new_id,
    database: str = "",
) -> tuple[Hub, str]:
    """A new hub for a township (9-digit code), and its recovery key to print.

    ``database``: ``postgresql+psycopg://…`` when a server shall keep the records; attachments, keys and waiting files
    stay in the folder, which several receivers may then have open at once.
    """
    if len(township) != 9 or not township.isdigit():
        raise Usage(say("A township code has nine digits."))
    place, recovery = places.create(folder, places.HUB, passphrase, author, clock=clock, ids=ids, database=database)
    try:
        note_version(folder)
        hub = _wire(place)
        hub.township.found(name, township)
    except BaseException:
        place.close()
        raise
    return hub, recovery


def open_hub(
    folder: Path,
    passphrase: Passphrase,
    *,
    author: str = "",
    clock: Clock = system_clock,
    ids: NewId = new_id,
    take_over: bool = False,
) -> Hub:
    """Open a hub; ``take_over`` as for a desk.

    Raises Unreadable (wrong passphrase, no hub, damaged, newer) or Unavailable (locked).
    """
    if places.label(folder) != places.HUB:
        raise Unreadable(say("“{folder}” is a village's desk. Open it as a desk.", folder=folder.name))
    keep_before(folder)
    place = places.open_place(folder, passphrase, author, clock=clock, ids=ids, take_over=take_over)
    try:
        hub = _wire(place)
        hub.township.wake()
    except BaseException:
        place.close()
        raise
    return hub


def _wire(place: Place) -> Hub:
    return Hub(
        place=place,
        township=Township(place),
        acts=Acts(place),
        across=Across(place),
        reports=TownshipReports(place),
        quarantine=Quarantine(place),
        laptops=Laptops(place),
        review=Review(place),
        moves=Moves(place),
        comparisons=Comparisons(place),
        safekeeping=Safekeeping(place),
        upward=Upward(place),
        users=Users(place),
    )

"""A copy of a desk, an office of the township or county, and the stores a world begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from villagedesk import divisions
from villagedesk.desk import create_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import create_hub
from villagedesk.policy.profile import load_profile
from villagedesk.services.acts import Acts
from villagedesk.services.site import Site
from villagedesk.services.sync import Sync
from villagedesk.services.township import Township
from villagedesk.store import place as places
from villagedesk.store import vault
from villagedesk.store.wraps import Cost

PASSPHRASE = "p"
CHEAP = Cost(8, 1, 1)
PROFILE = "jiangsu-2018"
VILLAGES = tuple(found.code for found in divisions.children("321324111")[:2])
AREA = f"{VILLAGES[0][:9]}000"
START = datetime(2026, 3, 1, 8, tzinfo=UTC)


@dataclass
class Copy:
    """A folder that one machine works in, and what the clock of the machine says."""

    folder: Path
    now: datetime = field(default=START, kw_only=True)
    backup: Path | None = field(default=None, kw_only=True)
    place: places.Place = field(init=False)

    def clock(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def enter(self, author: str) -> None:
        self.place = places.open_place(self.folder, PASSPHRASE, author, clock=self.clock)


@dataclass
class Laptop(Copy):
    """One copy of a desk of a village."""

    village: str
    sync: Sync = field(init=False)
    site: Site = field(init=False)

    def open(self) -> None:
        self.enter(self.folder.name)
        profile = load_profile(PROFILE)
        self.site = Site(self.place.store, self.folder, self.place.key, self.village, profile, profile.codes)
        self.sync = Sync(self.site)


@dataclass
class Office(Copy):
    """The township, or the county."""

    township: Township = field(init=False)
    acts: Acts = field(init=False)

    def open(self) -> None:
        self.enter("office")
        self.township = Township(self.place)
        self.acts = Acts(self.place)
        self.township.wake()


def prepare(folder: Path) -> None:
    """A hub that has invited its villages, and two desks of each village that were founded apart and have joined."""
    hub, _ = create_hub(folder / "hub", PASSPHRASE, "township", VILLAGES[0][:9], clock=lambda: START)
    with hub:
        vault.set_passphrase(folder / "hub" / "vault.json", hub.place.key, "desk", PASSPHRASE, cost=CHEAP)
        for village in VILLAGES:
            invite = hub.township.invite(village, folder)
            for name in "ab":
                draft = VillageDraft(code=village, name="某村", profile=PROFILE)
                place = folder / f"{village}{name}"
                desk, _ = create_desk(place, PASSPHRASE, draft, author=name, clock=lambda: START, cost=CHEAP)
                with desk:
                    desk.sync.join(invite, name)
    prepare_county(folder)


def prepare_county(folder: Path) -> None:
    """A county that has invited the township."""
    county, _ = create_hub(folder / "county", PASSPHRASE, "county", f"{VILLAGES[0][:6]}000", clock=lambda: START)
    with county:
        vault.set_passphrase(folder / "county" / "vault.json", county.place.key, "desk", PASSPHRASE, cost=CHEAP)
        county.township.invite(AREA, folder / "county.vdinvite")

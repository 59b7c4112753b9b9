"""A whole generated village. The same arguments give the same village to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from villagedesk import divisions
from villagedesk.demo.households import GeneratedHousehold, Maker
from villagedesk.demo.scenes import Scene, scene_for
from villagedesk.demo.staff import HOUSEHOLDS_PER_HELPER, Staff, staff, village_file
from villagedesk.demo.stories import Story, stories
from villagedesk.divisions import Division
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.team import HelperDraft, VillageDraft
from villagedesk.errors import Refused
from villagedesk.policy.profile import Profile, load_profile
from villagedesk.text import say


@dataclass(frozen=True, slots=True)
class GeneratedVillage:
    """A village, its households and the people who work with them. ``today`` is the day everything is true on."""

    profile: str
    today: date
    division: Division
    file: VillageDraft
    households: tuple[GeneratedHousehold, ...]
    staff: Staff

    def helper_of(self, place: int) -> HelperDraft:
        """The helper paired with the household at this place of ``households``."""
        return self.staff.helpers[place // HOUSEHOLDS_PER_HELPER]


def generate(profile_id: str, households: int, seed: int, village_code: str | None = None,
             today: date | None = None, *, biggest: int = 0) -> GeneratedVillage:  # fmt: skip
    """A village of ``households`` households under a profile.

    ``village_code`` and ``today`` are the scene's own unless given; ``biggest`` makes the first household that large.
    Raises :class:`~villagedesk.errors.Refused` for an unknown profile or village and for less than one household.
    """
    if households < 1:
        raise Refused(say("A village has at least one household. Give a number from 1 up."))
    profile, scene, division, day = _setting(profile_id, village_code, today)
    rng = _chance(profile_id, seed, division)
    maker = Maker(rng, division, scene, profile, day)
    cast = stories(rng, households, profile)
    if biggest:
        cast[0] = Story.LEAVES
    made = tuple(maker.all(cast, biggest))
    around = staff(rng, maker, profile, households)
    file = village_file(maker, profile)
    return GeneratedVillage(profile_id, day, division, file, made, around)


def stream(profile_id: str, households: int, seed: int, village_code: str | None = None) -> Iterator[HouseholdDraft]:
    """Household files alone, one by one, however many: input for benches; other people than :func:`generate` gives.

    Raises :class:`~villagedesk.errors.Refused` for an unknown profile or village.
    """
    profile, scene, division, day = _setting(profile_id, village_code, None)
    rng = _chance(profile_id, seed, division)
    return Maker(rng, division, scene, profile, day).files(stories(rng, households, profile))


def _setting(profile_id: str, village_code: str | None, today: date | None) -> tuple[Profile, Scene, Division, date]:
    scene = scene_for(profile_id, village_code)
    division = divisions.village(village_code or scene.village)
    return load_profile(profile_id), scene, division, today or scene.today


def _chance(profile_id: str, seed: int, division: Division) -> Random:
    return Random(f"{profile_id}/{division.code}/{seed}")  # noqa: S311  generated people need no secrecy

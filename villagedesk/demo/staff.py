"""Helpers, the resident team, group heads and the village committee of a generated village."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random
from typing import Any

from villagedesk import resources
from villagedesk.demo.households import Maker
from villagedesk.demo.names import Namer
from villagedesk.demo.odds import between, chance, one_of
from villagedesk.divisions import Division
from villagedesk.drafts.team import HelperDraft, TeamMemberDraft, VillageDraft
from villagedesk.policy.profile import Profile

HOUSEHOLDS_PER_HELPER = 4  # below five, the most one helper can look after (H19)


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody around the households. The first of ``committee`` is the party secretary, the second the director."""

    helpers: tuple[HelperDraft, ...]
    team: tuple[TeamMemberDraft, ...]
    group_heads: Mapping[str, str]
    committee: tuple[str, ...]


def village_file(maker: Maker, profile: Profile) -> VillageDraft:
    """The village file."""
    division = maker.division
    return VillageDraft(
        code=division.code,
        name=division.short_name,
        township=division.township,
        county=division.county,
        profile=profile.id,
        profile_version=profile.version,
        notice_places=_words()["notice_places"],
        phones=maker.register.phone(),
        issuer=f"{division.short_name}村民委员会",
    )


def staff(rng: Random, maker: Maker, profile: Profile, households: int) -> Staff:
    """Helpers enough for the households, a team by the profile, a head for each group, five of the committee."""
    return Staff(
        tuple(_helper(rng, maker) for _ in range(-(-households // HOUSEHOLDS_PER_HELPER))),
        _team(rng, maker, profile),
        {group: _name(rng, maker.namer) for group in maker.scene.groups},
        tuple(_name(rng, maker.namer) for _ in range(5)),
    )


def _helper(rng: Random, maker: Maker) -> HelperDraft:
    name, unit = _name(rng, maker.namer), _unit(rng, maker.division)
    return HelperDraft(name=name, unit=unit, post=one_of(rng, _words()["posts"]), phone=maker.register.phone())


def _team(rng: Random, maker: Maker, profile: Profile) -> tuple[TeamMemberDraft, ...]:
    roles, unit = tuple(profile.team.roles), _unit(rng, maker.division)
    return tuple(
        TeamMemberDraft(
            name=_name(rng, maker.namer),
            role=roles[min(place, len(roles) - 1)],
            unit=unit,
            phone=maker.register.phone(),
            starts_on=date(maker.today.year - 1, 3, 1),
        )
        for place in range(max(profile.team.minimum, 3))
    )


def _unit(rng: Random, division: Division) -> str:
    units: tuple[str, ...] = _words()["units"]
    return one_of(rng, units).format(county=division.county, township=division.township)


def _name(rng: Random, namer: Namer) -> str:
    return namer.han(namer.surname(), "1" if chance(rng, 0.65) else "2", between(rng, 1968, 1994))


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    with resources.path("demo", "staff.toml").open("rb") as stream:
        return {key: tuple(value) if isinstance(value, list) else value for key, value in tomllib.load(stream).items()}

"""House, water, land and road of a generated household (blocks C and E of DOMAIN §4.2). Figures in hundredths."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from villagedesk.demo.odds import between, chance, one_of
from villagedesk.demo.scenes import Scene
from villagedesk.demo.stories import Story

_CAP = 25_00  # square metres a head, the most a relocated household's new house may have
_LAND_CAP = 90_00


def home(rng: Random, scene: Scene, story: Story, persons: int, today: date) -> dict[str, Any]:
    """House and surroundings. Only the stories ``DWELLING`` and ``WATER`` have something wrong with them."""
    grade = one_of(rng, ("C", "C", "D")) if story is Story.DWELLING else one_of(rng, ("A", "B", "B"))
    dry = story is Story.WATER
    return {
        "dwelling": grade,
        "dwelling_checked_on": today - timedelta(days=between(rng, 20, 200)),
        "dwelling_area": between(rng, 45_00, 75_00) + min(persons, 12) * between(rng, 12_00, 20_00),
        "dwelling_repaired_year": today.year - between(rng, 1, 4) if grade == "B" and chance(rng, 0.4) else None,
        "water_safe": not dry,
        "water_hard": dry,
        "power_home": True,
        "power_work": chance(rng, 0.8),
        "broadcast": chance(rng, 0.97),
        "toilet": chance(rng, 0.75),
        "fuel": "01" if chance(rng, scene.firewood / 100) else "04",
        "entry_road": one_of(rng, ("03", "03", "03", "02", "01")),
        "road_distance": between(rng, 5, 320),
        "cooperative": chance(rng, 0.35),
        "enterprise_led": chance(rng, 0.15),
        "leader_led": chance(rng, 0.12),
        "food_secure": True,
        "clothes_secure": True,
    }


def land(rng: Random, scene: Scene, persons: int) -> dict[str, Any]:
    """Land in hundredths of a mu; nothing is left unasked."""
    arable = min(int(scene.land * 100 * persons * (0.5 + rng.random())), _LAND_CAP)
    return {
        "land_arable": arable,
        "land_irrigated": int(arable * rng.random() * 0.6),
        "land_forest": between(rng, 0, 9_00) if chance(rng, 0.6) else 0,
        "land_returned": between(rng, 50, 4_00) if chance(rng, 0.3) else 0,
        "land_orchard": between(rng, 50, 2_50) if chance(rng, 0.3) else 0,
        "land_pasture": 0,
        "land_water": between(rng, 30, 1_50) if chance(rng, 0.05) else 0,
    }


def relocation(rng: Random, persons: int, identified: int, today: date, place: str) -> dict[str, Any]:
    """A relocated household: new house within the cap, old one down, moved in (XJ-7.1–7.4)."""
    year = min(max(identified + 2, 2016), today.year - 1)
    area = _CAP * min(persons, 12) - between(rng, 0, 3_00)
    return {
        "relocated": True,
        "relocation_way": one_of(rng, ("02", "03")),
        "settlement": one_of(rng, ("11", "12", "13")),
        "settlement_place": place,
        "relocation_area": area,
        "dwelling_area": area,
        "dwelling": "A",
        "old_house_down": True,
        "moved_in_on": date(year, between(rng, 8, 12), between(rng, 1, 28)),
    }

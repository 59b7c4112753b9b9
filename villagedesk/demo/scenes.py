"""The look of a generated village: where it lies, who lives there, what people live on (``resources/demo``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from villagedesk import resources
from villagedesk.demo.odds import Odds

USUAL = "national-2018"
_UYGHUR_PREFECTURES = ("6529", "6530", "6531", "6532")


@dataclass(frozen=True, slots=True)
class Scene:
    """The figures a village is drawn from. Money in yuan a year (wages: a month), land in mu a head."""

    village: str
    today: date
    sizes: Odds[int]
    peoples: Odds[str]
    groups: tuple[str, ...]
    away: tuple[tuple[str, str], ...]
    home_share: int  # percent of workers who work in the county
    land: float
    crops: tuple[tuple[str, int], ...]
    stock: tuple[str, ...]
    wage: tuple[int, int]
    post: tuple[str, ...]
    post_wage: tuple[int, int]
    pension: tuple[int, int]
    dibao: tuple[int, int]
    relocated: int  # percent of households
    firewood: int  # percent of households


def scene_for(profile: str, village: str | None) -> Scene:
    """The scene of a profile, with the people of the region when another village is asked for."""
    tables = _tables()
    table = tables.get(profile.partition("+")[0], tables[USUAL])
    if village is None or village[:2] == table["village"][:2]:
        return _scene(table)
    peoples = tables["xinjiang-2016"]["peoples"] if village[:4] in _UYGHUR_PREFECTURES else {"汉族": 1}
    return _scene({**table, "peoples": peoples})


def _scene(table: dict[str, Any]) -> Scene:
    drawn: dict[str, Any] = {"sizes": Odds(enumerate(table["sizes"], 1)), "peoples": Odds(table["peoples"].items())}
    return Scene(**{**{key: _fixed(value) for key, value in table.items()}, **drawn})


def _fixed(value: Any) -> Any:
    return tuple(_fixed(each) for each in value) if isinstance(value, list) else value


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    with resources.path("demo", "scenes.toml").open("rb") as stream:
        return tomllib.load(stream)

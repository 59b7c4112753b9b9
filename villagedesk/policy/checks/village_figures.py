"""Rules over the village's yearly figures: V01–V19 (DOMAIN §4.5, §5.4).

They look at the newest form that was begun and is not later than the data year. In a village that has left poverty an
empty figure is an error; elsewhere it is only pointed out, and nothing is said before a form is begun.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import VillageView
from villagedesk.policy.indicators import indicators
from villagedesk.text import say

LAND = ("arable", "irrigated", "forest", "returned", "orchard", "pasture", "water")

Figures = Mapping[str, int]


def _years(v: VillageView) -> Mapping[int, Figures]:
    """Year → the figures filled in, newest year first, none later than the data year."""
    found: dict[int, dict[str, int]] = {}
    for each in v.file.indicators:
        if each.value is not None and each.year <= v.ctx.year:
            found.setdefault(each.year, {})[each.name] = each.value
    return dict(sorted(found.items(), reverse=True))


def _newest(v: VillageView) -> Figures:
    return next(iter(_years(v).values()), {})


def _empty(v: VillageView, *names: str) -> Iterator[Found]:
    figures = _newest(v)
    if not figures and not v.file.left:
        return
    for name in names:
        if name not in figures:
            text = say("“{title}” is empty. Fill it in with its source.", title=indicators()[name].title)
            yield Found(f"village.indicators.{name}", text, mild=not v.file.left)


@rule("V01")
def households_filled(v: VillageView) -> Iterator[Found]:
    """The form has the number of households."""
    yield from _empty(v, "households")


@rule("V02")
def population_filled(v: VillageView) -> Iterator[Found]:
    """The form has the registered population."""
    yield from _empty(v, "registered_population")


@rule("V03")
def collective_income_filled(v: VillageView) -> Iterator[Found]:
    """The form has the collective income."""
    yield from _empty(v, "collective_income")


@rule("V04")
def school_filled(v: VillageView) -> Iterator[Found]:
    """The form says whether there is a primary school."""
    yield from _empty(v, "primary_school")


@rule("V05")
def pensions_filled(v: VillageView) -> Iterator[Found]:
    """The form has the number of people with a pension insurance."""
    yield from _empty(v, "pension_persons")


@rule("V06")
def bus_filled(v: VillageView) -> Iterator[Found]:
    """The form says whether a bus comes."""
    yield from _empty(v, "bus")


@rule("V07")
def clinic_filled(v: VillageView) -> Iterator[Found]:
    """The form says whether there is a clinic."""
    yield from _empty(v, "clinic")


@rule("V08")
def public_toilets_filled(v: VillageView) -> Iterator[Found]:
    """The form has the number of public toilets."""
    yield from _empty(v, "toilets_public")


@rule("V09")
def doctors_filled(v: VillageView) -> Iterator[Found]:
    """The form has the number of doctors."""
    yield from _empty(v, "doctors")


@rule("V10")
def waste_points_filled(v: VillageView) -> Iterator[Found]:
    """The form has the number of waste collection points."""
    yield from _empty(v, "waste_points")


@rule("V11")
def culture_rooms_filled(v: VillageView) -> Iterator[Found]:
    """The form has the number of culture and reading rooms."""
    yield from _empty(v, "culture_rooms")


@rule("V12")
def dibao_filled(v: VillageView) -> Iterator[Found]:
    """The form has households and persons with subsistence allowance."""
    yield from _empty(v, "dibao_households", "dibao_persons")


@rule("V13")
def tekun_filled(v: VillageView) -> Iterator[Found]:
    """The form has the persons in extreme hardship."""
    yield from _empty(v, "tekun_persons")


@rule("V14")
def disabled_filled(v: VillageView) -> Iterator[Found]:
    """The form has the number of persons with a disability."""
    yield from _empty(v, "disabled_persons")


@rule("V15")
def road_is_hard(v: VillageView) -> Iterator[Found]:
    """A hard road leads to the township."""
    yield from _empty(v, "hard_road")
    if _newest(v).get("hard_road") == 0:
        text = say("No hard road leads to the township. Check it; a village that left poverty has one.")
        yield Found("village.indicators.hard_road", text)


@rule("V16")
def fewer_than_households(v: VillageView) -> Iterator[Found]:
    """Households without safe water, or in dangerous houses, are not more than all households."""
    figures = _newest(v)
    total = figures.get("households")
    for name in ("unsafe_water_households", "dangerous_households"):
        if total is not None and figures.get(name, 0) > total:
            text = say(
                "“{title}” is more than the {total} {total:household|households} of the village.",
                title=indicators()[name].title,
                total=total,
            )
            yield Found(f"village.indicators.{name}", text)


@rule("V17")
def land_holds_its_households(v: VillageView) -> Iterator[Found]:
    """The village's land is not less than the land of the households that have left."""
    figures = _newest(v)
    for kind in LAND:
        name, held = f"land_{kind}", 0
        for h in v.households:
            held += (getattr(h.draft, f"land_{kind}") or 0) if h.exited else 0
        if name in figures and figures[name] < held:
            text = say(
                "“{title}” is less than the land of the households that have left ({held} mu).",
                title=indicators()[name].title,
                held=f"{held / 100:g}",
            )
            yield Found(f"village.indicators.{name}", text)


@rule("V18")
def collective_income_low(v: VillageView, *, yuan: int) -> Iterator[Found]:
    """The collective income reaches the scheme's figure (JS-1.2.2: 180,000 yuan) and does not shrink."""
    years = [figures["collective_income"] for figures in _years(v).values() if "collective_income" in figures]
    field = "village.indicators.collective_income"
    if years and years[0] < yuan * 100:
        yield Found(field, say("The collective income is below the {yuan} yuan of the scheme.", yuan=yuan))
    elif len(years) > 1 and years[0] < years[1]:
        yield Found(field, say("The collective income is less than the year before. Check it, or say why."))


@rule("V19")
def rate_is_right(v: VillageView) -> Iterator[Found]:
    """The rate reported is the persons not yet out, divided by the registered population."""
    figures = _newest(v)
    poor, everybody = figures.get("poor_persons"), figures.get("registered_population")
    said = figures.get("poverty_rate")
    if said is None or poor is None or not everybody:
        return
    right = (poor * 20_000 + everybody) // (2 * everybody)  # hundredths of a percent, half up
    if said != right:
        text = say(
            "{poor} of {everybody} {everybody:person is|persons are} {right} %, not {said} %.",
            poor=poor,
            everybody=everybody,
            right=f"{right / 100:.2f}",
            said=f"{said / 100:.2f}",
        )
        yield Found("village.indicators.poverty_rate", text)

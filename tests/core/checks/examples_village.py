"""Examples of the rules V01–V19, H28 and M14."""

from __future__ import annotations

from datetime import date

from tests.core.checks.examples import bad, good
from tests.core.checks.examples_household import EXITED
from tests.core.checks.sound import figures, sound, village
from villagedesk.drafts.money import FundDraft, ShareDraft
from villagedesk.policy.checks.file import VillageFile
from villagedesk.policy.pack import FundRule

HEADS = FundRule("person", "帮扶资金", 20_000_00, "person", shares={"province": 6, "helper": 3, "local": 1})
SPREAD = FundRule("village", "引导资金", 200_00, "village", amounts={"2019": 100_00, "2020": 70_00, "2021": 30_00})
RULED = {"context": {"funds": {"person": HEADS, "village": SPREAD}}}
SCHEME = {"context": {"parameters": {"V18": {"on": True}}}}
EMPTY = {
    "V01": "households", "V02": "registered_population", "V03": "collective_income", "V04": "primary_school",
    "V05": "pension_persons", "V06": "bus", "V07": "clinic", "V08": "toilets_public", "V09": "doctors",
    "V10": "waste_points", "V11": "culture_rooms", "V12": "dibao_persons", "V13": "tekun_persons",
    "V14": "disabled_persons", "V15": "hard_road",
}  # fmt: skip


def at(name: str) -> str:
    return f"village.indicators.{name}"


def filled(year: int = 2020, **changes: int | None) -> VillageFile:
    return village(indicators=figures(year, **changes))


def funds(*amounts: tuple[str, int], rule: str = "person", year: int = 2020) -> VillageFile:
    persons = 3 if rule == "person" else None
    return village(
        funds=tuple(
            FundDraft(f"f{n}", 1, "资金", year, rule=rule, part=part, persons=persons, amount=amount)
            for n, (part, amount) in enumerate(amounts)
        )
    )


def share(year: int, member_id: str) -> ShareDraft:
    return ShareDraft(id=f"s{year}", asset_id="a1", year=year, household_id="h1", member_id=member_id, shares=1)


DEAD = {"left_on": date(2019, 3, 1), "left_reason": "01"}

VILLAGE = (
    *(bad(rule, at(name), filled(**{name: None})) for rule, name in EMPTY.items()),
    *(good(rule, filled(**{name: 0 if name != "hard_road" else 1})) for rule, name in EMPTY.items()),
    bad("V01", at("households"), village(indicators=(), left=True)),
    good("V01", village(indicators=())),
    good("V01", village(indicators=figures(2021))),
    bad("V15", at("hard_road"), filled(hard_road=0)),
    bad("V16", at("unsafe_water_households"), filled(unsafe_water_households=301)),
    bad("V16", at("dangerous_households"), filled(dangerous_households=301)),
    good("V16", filled(unsafe_water_households=300, dangerous_households=300)),
    bad("V17", at("land_arable"), village(sound(household=EXITED), indicators=figures(2020, land_arable=399))),
    good("V17", village(sound(household=EXITED), indicators=figures(2020, land_arable=400))),
    good("V17", village(sound(), indicators=figures(2020, land_arable=0))),
    bad("V18", at("collective_income"), filled(collective_income=17_999_999), **SCHEME),
    bad(
        "V18",
        at("collective_income"),
        village(indicators=(*figures(2019, collective_income=20_000_001), *figures(2020))),
        **SCHEME,
    ),
    good("V18", filled(collective_income=18_000_000), **SCHEME),
    good("V18", filled(collective_income=0)),
    bad("V19", at("poverty_rate"), filled(poverty_rate=141)),
    good("V19", filled(poverty_rate=None)),
    good("V19", filled(registered_population=1199, poverty_rate=142)),
    bad("H28", "shares", shares=(share(2020, "son"),), son=DEAD),
    good("H28", shares=(share(2020, "wife"), share(2019, "son")), son=DEAD),
    good("H28", shares=(share(2020, ""),), son=DEAD),
    bad("M14", "funds.amount", funds(("province", 36_000_00), ("helper", 18_000_00), ("local", 5_999_99)), **RULED),
    good("M14", funds(("province", 36_000_00), ("helper", 18_000_00), ("local", 6_000_00)), **RULED),
    bad("M14", "funds.amount", funds(("2020", 70_01), rule="village"), **RULED),
    good("M14", funds(("2020", 40_00), ("2020", 30_00), rule="village"), **RULED),
    good("M14", funds(("", 1), rule="village", year=2024), **RULED),
)

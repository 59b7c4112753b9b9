"""A household in which no rule finds anything, and ways to spoil it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from villagedesk.drafts.duty import WorkdayDraft
from villagedesk.drafts.exit import CheckDraft, EvaluationDraft, ExitDraft, SignatureDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, IncomeLineDraft, MemberDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.drafts.team import HelperDraft, PairingDraft, TeamMemberDraft, VillageDraft, VisitDraft
from villagedesk.drafts.village import IndicatorDraft
from villagedesk.policy.checks.check_context import CheckContext
from villagedesk.policy.checks.file import HouseholdFile, VillageFile
from villagedesk.policy.codes import load_codes
from villagedesk.policy.income import Line
from villagedesk.policy.pack_steps import NoticeStage, Signer

TODAY = date(2020, 6, 15)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999


def id_number(birth: date, male: bool, serial: int = 0) -> str:
    """A number of an area that never was."""
    digits = f"000000{birth:%Y%m%d}{serial:02d}{1 if male else 2}"
    return digits + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]


def _member(key: str, relation: str, birth: date, male: bool, **values: object) -> MemberDraft:
    common = MemberDraft(
        id=key,
        name=f"甲{key}",
        relation=relation,
        sex="1" if male else "2",
        birth=birth,
        id_number=id_number(birth, male),
        ethnic="汉族",
        health=("01",),
        medical_resident=True,
        medical_serious=True,
    )
    return replace(common, **values)


HEAD = _member(
    "head", "01", date(1975, 3, 1), True, education="03", labour="01", work_area="04", work_place="昆山市",
    work_months=8, pension_resident=True, phone="13900000001",
)  # fmt: skip
WIFE = _member("wife", "02", date(1977, 5, 5), False, education="02", labour="01", pension_resident=True)
SON = _member("son", "03", date(2008, 2, 2), True, schooling="04", labour="04")
MOTHER = _member(
    "mother", "12", date(1948, 1, 1), False, education="01", labour="04", health=("02",), pension_resident=True
)
CERTIFICATE = id_number(date(1948, 1, 1), False) + "42"

HOUSEHOLD = HouseholdDraft(
    id="h1",
    no="0001",
    group="一组",
    address="12号",
    kind="01",
    state="0",
    identified_year=2016,
    main_cause="01",
    other_causes=("03",),
    dwelling="A",
    dwelling_area=9000,
    water_safe=True,
    land_arable=400,
    road_distance=50,
)
LINES = {
    "wage.work": 3215000,
    "business.crops": 523040,
    "cost.crops": 121000,
    "transfer.pension": 159600,
    "transfer.soil": 21050,
}
INCOME = IncomeDraft(id="i19", household_id="h1", year=2019, persons=4, reckoned_on=date(2020, 1, 10))
LAST = replace(INCOME, id="i18", year=2018, reckoned_on=date(2019, 1, 10))
MEASURES = (
    MeasureDraft(id="m1", category="industry", content="种植花椒", state="active"),
    MeasureDraft(id="m2", category="health", content="慢病签约服务", state="active"),
    MeasureDraft(id="m3", category="education", content="学费资助", state="active"),
)
PLAN = PlanDraft(id="p1", year=2020, needs="稳定收入", goals="增收", state="active", agreed_on=date(2020, 3, 1))
SIGNERS = (
    Signer("household", "户主", level="household"),
    Signer("helper", "帮扶责任人", level="helper"),
    Signer("village", "村党组织书记"),
    Signer("township", "乡镇负责人", level="township"),
)
SIGNED = {"household": date(2020, 5, 2), "helper": date(2020, 5, 3), "village": date(2020, 5, 3)}
MEETING = EvaluationDraft(id="e1", year=2020, held_on=date(2020, 5, 1), due=30, present=24)
NOTICE = NoticeDraft(id="n1", case_ids=("x1",), starts_on=date(2020, 5, 4), ends_on=date(2020, 5, 10), days=7)
EXIT = ExitDraft(
    id="x1",
    household_id="h1",
    year=2020,
    state="reported",
    verified_on=date(2020, 4, 20),
    evaluation_id="e1",
    evaluated_on=date(2020, 5, 1),
    votes_for=20,
    votes_against=2,
    abstained=2,
    household_answer="agrees",
    answered_on=date(2020, 5, 1),
    notice_id="n1",
    reported_on=date(2020, 5, 11),
    checks=(CheckDraft("housing", "met"),),
    signatures=tuple(SignatureDraft(role=role, person=f"乙{role}", signed_on=day) for role, day in SIGNED.items()),
)


def context(**changes: object) -> CheckContext:
    lists = load_codes().lists
    codes = {
        name: {e.code: e.word for e in found.entries if e.valid_in(changes.get("year", 2020))}
        for name, found in lists.items()
    }
    standing = CheckContext(
        year=2020,
        today=TODAY,
        terms={"household": "低收入农户", "helper": "帮扶责任人", "first_secretary": "第一书记"},
        line=lambda year: Line(year, 600_000),
        monitoring_line=lambda year: Line(year, 500_000),
        period="calendar",
        codes=codes,
        families={"industry": frozenset({"industry"}), "dibao": frozenset({"protection", "dibao"})},
        answers={"health": frozenset({"01"}), "education": frozenset({"03"})},
        signers=SIGNERS,
        given_up=frozenset({"returned"}),
        housing_criteria=frozenset({"housing"}),
        monitored=frozenset({"recognised", "helped", "longterm", "ending", "ending_evaluated", "ending_posted"}),
        monitoring_days=15,
        monitoring_notice=5,
        notice=NoticeStage("village", "village", "村民委员会", 7),
    )
    return replace(standing, **changes)


def income(base: IncomeDraft = INCOME, lines: dict[str, int] | None = None, **changes: object) -> IncomeDraft:
    """A statement of the given items, or the sound one's."""
    items = LINES if lines is None else lines
    return replace(base, lines=tuple(IncomeLineDraft(item, amount) for item, amount in items.items()), **changes)


def sound(
    *,
    head: dict[str, object] | None = None,
    wife: dict[str, object] | None = None,
    son: dict[str, object] | None = None,
    mother: dict[str, object] | None = None,
    only: str = "head wife son mother",
    household: dict[str, object] | None = None,
    lines: dict[str, int | None] | None = None,
    statement: dict[str, object] | None = None,
    last: dict[str, int] | None = None,
    plan: dict[str, object] | None = None,
    measures: tuple[MeasureDraft, ...] = MEASURES,
    exit: dict[str, object] | None = None,  # noqa: A002  the kind of record it is
    meeting: dict[str, object] | None = None,
    notice: dict[str, object] | None = None,
    **papers: object,
) -> HouseholdFile:
    """The sound household with these fields changed; ``lines`` with None drops an item."""
    spoiled = {"head": (HEAD, head), "wife": (WIFE, wife), "son": (SON, son), "mother": (MOTHER, mother)}
    members = tuple(replace(spoiled[key][0], **(spoiled[key][1] or {})) for key in only.split())
    items = {item: amount for item, amount in {**LINES, **(lines or {})}.items() if amount is not None}
    standing = HouseholdFile(
        household=replace(HOUSEHOLD, members=members, **(household or {})),
        incomes=(income(INCOME, items, **{"persons": len(members), **(statement or {})}), income(LAST, last)),
        plans=(replace(PLAN, measures=measures, **(plan or {})),),
        pairings=(PairingDraft(id="pa1", household_id="h1", helper_id="helper1", starts_on=date(2019, 1, 1)),),
        visits=(VisitDraft(id="v1", household_id="h1", visitor="乙一", visited_on=date(2020, 6, 1)),),
        exits=() if exit is None else (replace(EXIT, **exit),),
        evaluations=(replace(MEETING, **(meeting or {})),),
        notices=(replace(NOTICE, **(notice or {})),),
    )
    return replace(standing, **papers)


def wish(**values: object) -> WishDraft:
    return replace(WishDraft(id="w1", household_id="h1", member_id="head", asked_on=date(2020, 3, 1)), **values)


def neighbour(number: int, **changes: object) -> HouseholdFile:
    """Another sound household: other people, other house, other plan."""
    file = sound(**changes)
    members = tuple(
        replace(
            member,
            id=f"{member.id}{number}",
            id_number=id_number(member.birth, member.sex == "1", number) if member.birth else "",
            phone=f"138{number:08d}" if member.phone else "",
        )
        for member in file.household.members
    )
    household = replace(file.household, id=f"h{number}", no=f"{number:04d}", address=f"{number}号", members=members)
    plans = tuple(replace(plan, goals=f"{plan.goals}{number}") for plan in file.plans)
    return replace(file, household=household, plans=plans)


FIGURES = {
    "households": 300, "registered_population": 1200, "collective_income": 20_000_000, "primary_school": 1,
    "pension_persons": 700, "bus": 1, "clinic": 1, "doctors": 1, "toilets_public": 2, "waste_points": 6,
    "culture_rooms": 1, "dibao_households": 12, "dibao_persons": 20, "tekun_persons": 3, "disabled_persons": 31,
    "hard_road": 1, "unsafe_water_households": 0, "dangerous_households": 2, "land_arable": 210_000,
    "poor_persons": 17, "poverty_rate": 142,
}  # fmt: skip


def figures(year: int, **changes: int | None) -> tuple[IndicatorDraft, ...]:
    """The village's figures of a year in which no rule finds anything; None takes one away."""
    found = {**FIGURES, **changes}
    return tuple(IndicatorDraft(name, 1, year, name, value, "村账") for name, value in found.items())


def village(*households: HouseholdFile, **changes: object) -> VillageFile:
    """A sound village with these files, the sound one alone by default."""
    team = tuple(
        TeamMemberDraft(id=f"t{number}", name=f"乙{number}", role=role, starts_on=date(2018, 1, 1))
        for number, role in enumerate(("first_secretary", "member", "member"))
    )
    standing = VillageFile(
        households or (sound(),),
        VillageDraft(id="village"),
        team,
        (HelperDraft(id="helper1", name="丙一"),),
        (NOTICE,),
        workdays=on_site(*(member.id for member in team)),
        indicators=figures(2020),
    )
    return replace(standing, **changes)


def on_site(*members: str, days: int = 20) -> tuple[WorkdayDraft, ...]:
    """The first days of May on site for each of these members."""
    return tuple(
        WorkdayDraft(staff_id=member, day=date(2020, 5, day), kind="1")
        for member in members
        for day in range(1, days + 1)
    )

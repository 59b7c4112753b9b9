"""The rules on exit, monitoring and the village, one by one: break just this one, try the step, mend, go on.

What a rule guards is data (``rules.toml``). An error refuses the step, naming the rule or the guard that speaks for it,
the field and the remedy; a warning is shown at the step and lets it pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.core.services.conftest import CHEAP, PASSPHRASE, Story, clock_at
from tests.core.services.test_service_monitoring import FOUND, MEETING, clue, planned, under_way
from tests.core.services.test_service_villages import FILLED, fill, reaching
from tests.factories import VILLAGE, YEAR, make_household, make_income, make_line
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.exit import CheckDraft
from villagedesk.drafts.notice import ExemptionDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.drafts.village_exit import VillageExitDraft
from villagedesk.errors import Refused
from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.indicators import indicators
from villagedesk.policy.quorum import Vote

RULES = shipped_catalogue().rules
WATCH_FROM = date(2020, 9, 14)  # six months after a recognition in March


@dataclass
class Broken:
    """A case in which one rule is broken: the step it guards, where it is mended, how."""

    field: str
    attempt: Callable[[], Any]
    mend: Callable[[], Any]
    steps: Callable[[], Any] = tuple  # the steps shown for the case, where the rule only warns
    verb: str = ""


def put(desk: Desk, record: str, row: str, **values: Any) -> None:
    """What another laptop wrote, past every form of this one."""
    with desk.site.store.work("test", "from elsewhere") as work:
        work.put(record, VILLAGE, values, row)


# --- the exit of a household -------------------------------------------------------------------------------------


def x01(s: Story) -> Broken:
    cases, notice = s.posted()
    ends = s.desk.notices.get(notice).ends_on
    s.clock.to(ends + timedelta(days=5))
    days = [ends, ends + timedelta(days=2)]
    return Broken(
        "reported_on", lambda: s.desk.exits.take(cases, "report", "report", reported_on=days[0]), lambda: days.pop(0)
    )


def x02(s: Story) -> Broken:
    cases, notice = s.posted()
    ends = s.desk.notices.get(notice).ends_on
    s.clock.to(ends)
    return Broken(
        "ends_on", lambda: s.desk.exits.take(cases, "report", "report"), lambda: s.clock.to(ends + timedelta(days=1))
    )


def x03(s: Story) -> Broken:
    cases = s.cases()
    s.verify(cases)
    with pytest.raises(Refused):
        s.evaluate(cases, agree=12)
    return Broken("votes_for", lambda: s.desk.exits.take(cases, "evaluate", "meeting"), lambda: _again(s, cases))


def _again(s: Story, cases: list[str]) -> None:
    meeting = replace(s.desk.evaluations.all()[0].meeting, id="", revision=0)
    s.desk.exits.evaluate(meeting, {case: Vote(30, 24, 20, 4) for case in cases}, "another meeting")


def x04(s: Story) -> Broken:
    cases, notice = s.posted()
    s.clock.to(s.desk.notices.get(notice).ends_on + timedelta(days=1))
    put(s.desk, "notice", notice, case_ids=tuple(cases[1:]))
    return Broken(
        "posted_on",
        lambda: s.desk.exits.take(cases, "report", "report"),
        lambda: put(s.desk, "notice", notice, case_ids=tuple(cases)),
    )


def x05(s: Story) -> Broken:
    cases = s.cases()
    s.verify(cases)
    s.evaluate(cases)
    s.agree(cases)
    first, *others = s.marks()
    for case in cases:
        s.desk.exits.sign(case, others, "signing day")
    return Broken(
        "signatures",
        lambda: s.desk.exits.take(cases, "sign", "signing day"),
        lambda: [s.desk.exits.sign(case, [first], "signing day") for case in cases],
    )


def x06(s: Story) -> Broken:
    cases = s.cases()

    def check(result: str) -> None:
        s.desk.exits.record_checks(cases[0], s.today, "周敏、吴刚", [CheckDraft("housing", result)], "visit")

    check("unmet")
    return Broken("checks", lambda: s.desk.exits.take(cases, "verify", "visit"), lambda: check("met"))


def warned_at_verify(s: Story, wrong: dict[str, Any], right: dict[str, Any], field: str) -> Broken:
    cases = s.cases()
    home = s.desk.exits.get(cases[0]).household_id

    def enter(**values: Any) -> None:
        s.desk.households.save(replace(s.desk.households.get(home), **values), "typed")

    enter(**wrong)
    return Broken(
        field, lambda: s.desk.exits.take(cases, "verify", "visit"), lambda: enter(**right),
        lambda: s.desk.exits.row(cases[0]).steps, "verify",
    )  # fmt: skip


def x07(s: Story) -> Broken:
    return warned_at_verify(s, {"identified_year": YEAR}, {"identified_year": 2016}, "identified_year")


def x08(s: Story) -> Broken:
    return warned_at_verify(s, {"planned_exit_year": YEAR - 1}, {"planned_exit_year": YEAR}, "planned_exit_year")


EXITS = (x01, x02, x03, x04, x05, x06, x07, x08)


# --- monitoring --------------------------------------------------------------------------------------------------


@dataclass
class Watch:
    """A desk with one household that is to be watched, and the steps up to where a rule is heard."""

    desk: Desk
    clock: Any

    @property
    def home(self) -> Any:
        return self.desk.households.all()[0]

    def reported(self, found: date = FOUND, **facts: Any) -> str:
        case = self.desk.monitoring.open(clue(self.home, found_on=found, **facts), "told").records["monitoring"][0]
        for verb in ("visit", "apply", "compare"):
            self.desk.monitoring.take(case, verb, found, "by the book")
        self.desk.monitoring.take(case, "evaluate", found, "meeting", **{**MEETING, "held_on": found})
        hangs = {"notice_from": found, "notice_until": found + timedelta(days=4)}
        self.desk.monitoring.take(case, "post", found, "posted", **hangs)
        after = max(found + timedelta(days=5), self.clock().date())
        self.clock.to(after)
        self.desk.monitoring.take(case, "report", found + timedelta(days=5), "reported")
        return case

    def recognised(self) -> str:
        case = self.reported()
        self.clock.to(FOUND + timedelta(days=12))
        self.desk.monitoring.take(case, "recognise", self.clock().date(), "approved")
        return case

    def helped(self, *, running: bool = True, day: date = WATCH_FROM) -> str:
        case = self.recognised()
        planned(self.desk, self.home)
        self.desk.monitoring.take(case, "help", self.clock().date(), "measures agreed")
        if running:
            under_way(self.desk, self.home)
        self.clock.to(day)
        return case

    def recognise(self, case: str, days: list[date] | None = None) -> Callable[[], Any]:
        return lambda: self.desk.monitoring.take(
            case, "recognise", days[0] if days else self.clock().date(), "approved"
        )

    def end(self, case: str) -> Callable[[], Any]:
        return lambda: self.desk.monitoring.take(case, "end", self.clock().date(), "visited")

    def steps(self, case: str) -> Callable[[], Any]:
        return lambda: next(row.steps for row in self.desk.monitoring.all() if row.case.id == case)

    def enter(self, **values: Any) -> Any:
        return self.desk.households.save(replace(self.home, **values), "typed")

    def earn(self, yuan: int) -> None:
        (income,) = self.desk.households.incomes(self.home.id)
        lines = (make_line("wage.work", yuan * 100),)
        self.desk.households.save_income(replace(income, lines=lines), "reckoned anew")

    def able(self, labour: str) -> None:
        members = tuple(replace(each, labour=labour, work_area="", work_months=None) for each in self.home.members)
        self.enter(members=members)


@pytest.fixture
def watch(tmp_path):
    clock = clock_at(FOUND)
    village = VillageDraft(code=VILLAGE, name="沙洲村", township="柳河镇", profile="jiangsu-2018+post-2021")
    made, _ = create_desk(tmp_path / "watch", PASSPHRASE, village, author="周敏", clock=clock, cost=CHEAP)
    with made:
        home = made.households.save(make_household(no="1"), "visit").records["household"][0]
        lines = (make_line("wage.work", 24_000_00),)
        made.households.save_income(make_income(household_id=home, year=2020, lines=lines), "reckoned")
        yield Watch(made, clock)


def k01(w: Watch) -> Broken:
    case = w.reported()
    put(w.desk, "monitoring", case, risks=())
    return Broken("monitoring.risks", w.recognise(case), lambda: put(w.desk, "monitoring", case, risks=("01",)))


def k02(w: Watch) -> Broken:
    case, days = w.reported(date(2019, 12, 20)), [date(2019, 12, 31), date(2020, 1, 3)]
    return Broken("monitoring.recognised_on", w.recognise(case, days), lambda: days.pop(0))


def k03(w: Watch) -> Broken:
    case = w.helped(day=WATCH_FROM - timedelta(days=1))
    return Broken("recognised_on", w.end(case), lambda: w.clock.to(WATCH_FROM))


def k04(w: Watch) -> Broken:
    case = w.recognised()
    return Broken(
        "measures", lambda: w.desk.monitoring.take(case, "help", w.clock().date(), "agreed"),
        lambda: planned(w.desk, w.home),
    )  # fmt: skip


def k05(w: Watch) -> Broken:
    case = w.helped(running=False)
    return Broken("monitoring.ended_on", w.end(case), lambda: under_way(w.desk, w.home))


def k06(w: Watch) -> Broken:
    case = w.helped()
    put(w.desk, "monitoring", case, contact="")
    return Broken("monitoring.contact", w.end(case), lambda: put(w.desk, "monitoring", case, contact="周敏"))


def k07(w: Watch) -> Broken:
    case = w.helped()
    w.enter(dwelling="D")
    return Broken("dwelling", w.end(case), lambda: w.enter(dwelling="B"))


def k08(w: Watch) -> Broken:
    case = w.helped()
    w.earn(12_000)
    return Broken("income.lines", w.end(case), lambda: w.earn(24_000))


def k09(w: Watch) -> Broken:
    case = w.helped()
    w.able("03")
    return Broken("members.labour", w.end(case), lambda: w.able("01"))


def warned_at_recognition(w: Watch, case: str, field: str, mend: Callable[[], Any]) -> Broken:
    return Broken(field, w.recognise(case), mend, w.steps(case), "recognise")


def k10(w: Watch) -> Broken:
    case = w.reported()
    w.enter(water_safe=False)
    return warned_at_recognition(
        w, case, "monitoring.risks", lambda: put(w.desk, "monitoring", case, risks=("01", "10"))
    )


def k12(w: Watch) -> Broken:
    case = w.reported()
    w.clock.to(FOUND + timedelta(days=16))
    later = FOUND + timedelta(days=2)
    return warned_at_recognition(
        w, case, "monitoring.recognised_on", lambda: put(w.desk, "monitoring", case, found_on=later)
    )


def k13(w: Watch) -> Broken:
    case = w.reported(kind="0")
    return warned_at_recognition(w, case, "monitoring_class", lambda: put(w.desk, "monitoring", case, kind="2"))


def k14(w: Watch) -> Broken:
    case = w.reported(risks=("07",))
    w.able("01")
    return warned_at_recognition(w, case, "monitoring.risks", lambda: put(w.desk, "monitoring", case, risks=("01",)))


MONITORING = (k01, k02, k03, k04, k05, k06, k07, k08, k09, k10, k12, k13, k14)


# --- the exit of the village -------------------------------------------------------------------------------------

EMPTY = {
    "V01": "households", "V02": "registered_population", "V03": "collective_income", "V04": "primary_school",
    "V05": "pension_persons", "V06": "bus", "V07": "clinic", "V08": "toilets_public", "V09": "doctors",
    "V10": "waste_points", "V11": "culture_rooms", "V12": "dibao_persons", "V13": "tekun_persons",
    "V14": "disabled_persons", "V15": "hard_road",
}  # fmt: skip
WRONG: dict[str, dict[str, int | None]] = {
    **{rule: {name: None} for rule, name in EMPTY.items()},
    "V16": {"dangerous_households": 301},
    "V17": {"land_arable": 0},
    "V18": {"collective_income": 240_000_00},
    "V19": {"poverty_rate": 1_01},
}


def test_the_village_rules_hold_up_the_application_one_by_one(desk: Desk, story: Story) -> None:
    cases, _ = story.exited()
    assert desk.exits.get(cases[0]).state == "exited"  # their land counts for V17
    fill(desk, YEAR - 1)
    fill(desk)
    own = tuple(each for each in reaching(desk) if each[0] not in FILLED)
    known = desk.villages.known(YEAR)
    draft = VillageExitDraft(year=YEAR, figures=(*known, *own))
    case = desk.villages.save(draft, "figures").records["village_exit"][0]
    # the attempt names its own collective income; the yearly form is what V03 and V18 read
    put(desk, "village_exit", case, figures=tuple(each for each in draft.figures if each[0] not in EMPTY.values()))

    def found() -> dict[str, bool]:
        (step,) = (step for step in desk.villages.all()[0].steps if step.verb == "apply")
        return {each.rule: each.hard for each in (*step.blockers, *step.warnings) if each.rule}

    assert found() == {}
    for rule, changes in WRONG.items():
        fill(desk, **changes)
        assert found() == {rule: RULES[rule].class_ == "E"}, rule
        (name,) = changes
        (step,) = (step for step in desk.villages.all()[0].steps if step.verb == "apply")
        (blocker,) = (each for each in (*step.blockers, *step.warnings) if each.rule)
        assert blocker.field == f"village.indicators.{name}"
        assert indicators()[name].title in str(blocker.text) or rule in ("V15", "V18", "V19")
        if blocker.hard:
            with pytest.raises(Refused) as refusal:
                desk.villages.take(case, "apply", story.today, "applied")
            assert rule in {problem.rule for problem in refusal.value.problems}
        fill(desk)
        assert found() == {}, rule
    put(desk, "village_exit", case, figures=draft.figures)
    desk.villages.take(case, "apply", story.today, "applied")


# --- the walk ----------------------------------------------------------------------------------------------------


def walk(rule: str, broken: Broken) -> None:
    spec = RULES[rule]
    names = set(spec.by) or {rule}
    if broken.verb:
        (step,) = (step for step in broken.steps() if step.verb == broken.verb)
        (shown,) = (each for each in step.warnings if each.rule == rule)
        assert spec.class_ != "E"
        assert spec.warns
        assert shown.field == broken.field
        assert rule in str(shown.remedy)
        assert step.open, "a warning holds up nothing"
        broken.mend()
        (step,) = (step for step in broken.steps() if step.verb == broken.verb)
        assert rule not in {each.rule for each in step.warnings}
    else:
        with pytest.raises(Refused) as refusal:
            broken.attempt()
        found = [problem for problem in refusal.value.problems if problem.rule in names]
        assert broken.field in {problem.field for problem in found}, refusal.value.problems
        others = {problem.rule for problem in refusal.value.problems} - names
        assert not others, "only this rule is broken"
        assert all(str(problem.text).count("。") >= 1 for problem in found), "what is wrong, and what to do"
        broken.mend()
    broken.attempt()


@pytest.mark.parametrize("broken", EXITS, ids=lambda each: each.__name__.upper())
def test_a_rule_on_the_exit_holds_up_its_step_until_it_is_mended(story: Story, broken: Any) -> None:
    walk(broken.__name__.upper(), broken(story))


@pytest.mark.parametrize("broken", MONITORING, ids=lambda each: each.__name__.upper())
def test_a_rule_on_monitoring_holds_up_its_step_until_it_is_mended(watch: Watch, broken: Any) -> None:
    walk(broken.__name__.upper(), broken(watch))


def test_every_rule_on_a_procedure_is_walked_or_only_warns() -> None:
    walked = {each.__name__.upper() for each in (*EXITS, *MONITORING)} | set(WRONG)
    for key in (key for key in RULES if key[0] in "KXV" and key not in walked):
        assert RULES[key].warns, key
        assert not RULES[key].guards, key
    assert {"X09", "X10", "X11", "X12", "K11"} == {key for key in RULES if key[0] in "KXV"} - walked


def test_an_explained_error_no_longer_holds_up_a_step(story: Story) -> None:
    desk, cases = story.desk, story.cases()
    home = desk.exits.get(cases[0]).household_id
    (pairing,) = desk.team.pairings(home)
    desk.team.end_pairing(pairing.id, story.today - timedelta(days=1), "moved")
    with pytest.raises(Refused) as refusal:
        story.verify(cases[:1])
    assert [(problem.rule, problem.field) for problem in refusal.value.problems] == [("H18", "pairings")]
    explain(desk, home, "H18")
    story.verify(cases[:1])


def test_no_explanation_lifts_a_guard_of_the_procedure(story: Story) -> None:
    desk, cases = story.desk, story.cases()
    home = desk.households.get(desk.exits.get(cases[0]).household_id)
    desk.households.save(replace(home, dwelling="D"), "the roof fell in")
    for rule in ("X06", "H18"):
        explain(desk, home.id, rule)
    with pytest.raises(Refused) as refusal:
        story.verify(cases[:1])
    assert {problem.rule for problem in refusal.value.problems} == {"criteria", "dwelling_case"}


def explain(desk: Desk, home: str, rule: str) -> None:
    note = ExemptionDraft(rule=rule, household_id=home, reason="已核实", granted_by="张平")
    desk.checks.exempt(note, "explained")

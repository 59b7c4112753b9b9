"""Examples of the rules M01–M16, K01, K11, K13 and X01–X11."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.core.checks.examples import bad, good
from tests.core.checks.examples_household import EXITED, measure
from tests.core.checks.examples_person import aged
from tests.core.checks.sound import EXIT, MEASURES, NOTICE, neighbour, on_site, sound, village, wish
from villagedesk.drafts.duty import LeaveDraft
from villagedesk.drafts.exit import CheckDraft
from villagedesk.drafts.plan import PlanDraft
from villagedesk.drafts.team import TeamMemberDraft, VillageDraft, VisitDraft
from villagedesk.policy.pack import VisitRule

JOB = measure(category="employment", member_id="head", content="本县就业")
AWAY = measure(wish_kind="01", member_id="head", content="外出就业")
LOAN = measure(content="扶贫小额信贷", amount=5_000_000, starts_on=date(2019, 1, 1), due_on=date(2022, 1, 1))
PAID = {"paid": 1, "approved_on": date(2020, 6, 15)}
TRAINED = measure(content="电焊培训", member_id="wife", done_on=date(2019, 12, 15), state="done")
SUBSIDY = measure(content="外出务工补贴", amount=50_000)
COUNTED = {"context": {"parameters": {"M12": {"on": True}}}}
STUDENT = aged(17, schooling="10")

LEADERS = VisitRule("leaders", "帮扶单位主要领导", "带队到村到户", 2, "year")
DEEP = VillageDraft(id="village", kind="02")
NEAR_OR_AWAY = {"wishes": lambda measure: ("01", "99") if measure.category == "employment" else ()}
POST = measure(content="公益岗位", member_id="wife", state="planned")
WILLING = wish(kind="01", answer="1", member_id="wife")
VISITOR = TeamMemberDraft(id="t1", name="乙一", role="first_secretary")
ABSENT = LeaveDraft(staff_id="t1", starts_on=date(2020, 5, 30), ends_on=date(2020, 6, 2))


def signed(role: str, **values: object) -> dict[str, object]:
    """The exit with one signature changed."""
    marks = tuple(replace(mark, **values) if mark.role == role else mark for mark in EXIT.signatures)
    return {"signatures": marks}


def copies(count: int) -> tuple[object, ...]:
    """Households with one plan text."""
    plan = PlanDraft(id="p", year=2020, needs="增收")
    return tuple(replace(neighbour(number), plans=(plan,)) for number in range(2, 2 + count))


def visits(count: int) -> tuple[object, ...]:
    visit = VisitDraft(id="v", visitor="乙一", visited_on=date(2020, 6, 1))
    return tuple(replace(neighbour(number), visits=(visit,)) for number in range(2, 2 + count))


def led(*days: date) -> tuple[VisitDraft, ...]:
    return tuple(VisitDraft(rule="leaders", visitor="局长", visited_on=day) for day in days)


PLAN = (
    bad("M01", "plan.agreed_on", plan={"agreed_on": None}),
    bad("M01", "plan.measures", measures=(*MEASURES, AWAY)),
    bad("M01", "plan.measures", measures=(*MEASURES, AWAY), wishes=(wish(kind="01", answer="1", member_id="wife"),)),
    bad("M01", "plan.measures", measures=(*MEASURES, AWAY), wishes=(wish(kind="01", answer="2"),)),
    bad(
        "M01",
        "plan.measures",
        measures=(*MEASURES, AWAY),
        wishes=(wish(kind="01", answer="1", withdrawn_on=date(2020, 4, 1)),),
    ),
    good("M01", measures=(*MEASURES, AWAY), wishes=(wish(kind="01", answer="1"),)),
    bad("M01", "plan.measures", measures=(*MEASURES, JOB), context=NEAR_OR_AWAY),
    good(
        "M01",
        measures=(*MEASURES, JOB),
        wishes=(wish(kind="99", answer="1"),),
        context=NEAR_OR_AWAY,
    ),
    good("M01", plan={"agreed_on": None, "state": "draft"}, measures=(replace(AWAY, state="planned"),)),
    bad("M17", "wife:plan.measures", wishes=(WILLING,)),
    good("M17", wishes=(replace(WILLING, answer="2"),)),
    good("M17", wishes=(WILLING, replace(WILLING, id="w2", answer="4", asked_on=date(2020, 5, 1)))),
    good("M17", wishes=(replace(WILLING, withdrawn_on=date(2020, 5, 1)),)),
    good("M17", wishes=(replace(WILLING, member_id="head"),)),  # he works
    good("M17", wishes=(WILLING,), measures=(*MEASURES, POST)),
    bad("M02", "plan.measures", household={"other_causes": ("09",)}),
    bad("M02", "plan.measures", measures=(MEASURES[0], MEASURES[2])),
    good("M02", measures=(MEASURES[0], replace(MEASURES[1], state="declined"), MEASURES[2])),  # offered and refused
    good("M02", measures=(MEASURES[0], replace(MEASURES[1], state="withdrawn"), MEASURES[2])),
    good("M02", household={"other_causes": ("09",)}, measures=(*MEASURES, measure(cause="09"))),
    bad("M03", "plan.measures", measures=(measure(category="dibao"),)),
    good("M03", measures=(measure(category="dibao"), measure(category="industry"))),
    good("M03", measures=(measure(category="dibao"),), only="mother"),
    bad("M04", "plan.measures", measures=MEASURES[1:]),
    good("M04", measures=MEASURES[1:], household=EXITED),
    bad("M05", "plan.measures", measures=(measure(content="种植培训"),)),
    good("M05", measures=(measure(content="种植培训"), measure(content="种苗"))),
    bad("M06", "plan.measures", measures=(*MEASURES, measure(category="dibao"))),
    bad("M06", "plan.measures", mother={"dibao": True}),
    bad("M06", "plan.measures", measures=(*MEASURES, measure(content="残疾人补贴"))),
    good("M06", measures=(*MEASURES, measure(category="dibao")), mother={"dibao": True}),
    good("M06", measures=(*MEASURES, measure(content="残疾人补贴")), mother={"health": ("04",)}),
    bad("M07", "plan.measures", son=STUDENT),
    bad("M07", "plan.measures", measures=(*MEASURES, measure(content="雨露计划补助"))),
    good("M07", son=STUDENT, measures=(*MEASURES, measure(content="雨露计划补助"))),
    good("M07", son=STUDENT, plans=()),
    bad("M08", "plan.measures", measures=(SUBSIDY,), head={"work_area": "02"}),
    bad("M08", "plan.measures", measures=(replace(SUBSIDY, amount=0),)),
    good("M08", measures=(SUBSIDY,)),
    bad("M09", "plan.measures", household={"identified_year": 2021}, measures=(measure(content="易地搬迁"),)),
    good("M09", household={"identified_year": 2020}, measures=(measure(content="易地搬迁"),)),
    bad("M10", "plan.measures", measures=(replace(LOAN, amount=5_000_001),)),
    bad("M10", "plan.measures", measures=(replace(LOAN, due_on=date(2022, 2, 1)),)),
    bad("M10", "plan.measures", measures=(replace(LOAN, due_on=date(2020, 8, 14)),)),
    bad("M10", "plan.measures", measures=(LOAN, LOAN)),
    good("M10", measures=(LOAN, replace(LOAN, state="done"))),
    good("M10", measures=(replace(LOAN, due_on=date(2020, 8, 15)),)),
    bad("M11", "plan.measures", measures=(measure(paid=1),)),
    bad("M11", "plan.measures", measures=(measure(paid=1, approved_on=date(2020, 6, 16)),)),
    bad("M11", "plan.measures", measures=(measure(**PAID, done_on=date(2020, 6, 14)),)),
    good("M11", measures=(measure(**PAID, done_on=date(2020, 6, 15)),)),
    bad("M12", "plan.measures", **COUNTED, measures=MEASURES[:2]),
    bad("M12", "plan.measures", **COUNTED, exit={}, measures=(*MEASURES, *MEASURES[:2])),
    good("M12", **COUNTED, exit={}, measures=(*MEASURES, *MEASURES)),
    good("M12", **COUNTED, exit={"year": 2019}),
    bad("M13", "wife:work_months", measures=(TRAINED,)),
    good("M13", measures=(replace(TRAINED, done_on=date(2019, 12, 16)),)),
    good("M13", measures=(replace(TRAINED, member_id="head"),)),
    bad("M15", "plan.measures", village(*copies(6))),
    good("M15", village(*copies(5))),
    bad(
        "M16",
        "plan.measures",
        wishes=(wish(answer="2"),),
        measures=(measure(state="withdrawn", done_on=date(2020, 5, 30)),),
    ),
    good("M16", wishes=(wish(answer="2"),), measures=(measure(state="withdrawn", done_on=date(2020, 5, 31)),)),
    good("M16", wishes=(wish(answer="1"),), measures=(measure(state="withdrawn", done_on=date(2020, 3, 2)),)),
)

MONITORING = (
    bad("K01", "main_cause", household={"monitoring_class": "1", "main_cause": ""}),
    bad("K01", "cause_note", household={"monitoring_class": "1", "main_cause": "99"}),
    good("K01", household={"monitoring_class": "1", "main_cause": "99", "cause_note": "多病"}),
    bad("K11", "monitoring_class", household=EXITED, lines={"wage.work": 1_300_000}),
    bad("K11", "monitoring_class", household=EXITED, statement={"medical_paid": 1_900_000}),
    good("K11", household=EXITED),
    good("K11", household={**EXITED, "monitoring_class": "0"}, lines={"wage.work": 1_300_000}),
    bad("K13", "monitoring_class", household={"monitoring_class": "0"}),
    bad("K13", "monitoring_class", household={**EXITED, "monitoring_class": "1"}),
    good("K13", household={**EXITED, "monitoring_class": "0"}),
    good("K13", household={"monitoring_class": "1"}),
)

EXITS = (
    bad("X01", "exit.evaluated_on", exit={"evaluated_on": date(2020, 4, 19)}),
    bad("X01", "exit.marked_on", exit={"marked_on": date(2020, 6, 16)}),
    bad("X01", "exit.verified_on", exit={"verified_on": date(2019, 12, 31)}),
    bad("X01", "exit.signatures", exit=signed("household", signed_on=date(2020, 4, 30))),
    bad("X01", "exit.signatures", exit=signed("household", signed_on=date(2020, 5, 4))),
    bad("X01", "exit.signatures", exit=signed("village", signed_on=date(2020, 6, 16))),
    good("X01", exit=signed("household", signed_on=date(2020, 4, 30)), context={"meeting_first": False}),
    good("X01", exit=signed("household", signed_on=date(2020, 5, 3))),
    bad("X02", "notice.ends_on", exit={}, notice={"ends_on": date(2020, 5, 9)}),
    bad("X02", "exit.reported_on", exit={"reported_on": date(2020, 5, 10)}),
    good("X02", exit={}),
    good("X02", exit={"reported_on": None}, notice={"starts_on": date.max, "ends_on": date.max}),
    good("X02", exit={"notice_id": ""}, notice={"ends_on": date(2020, 5, 5)}),
    bad("X03", "exit.present", exit={"votes_for": 15, "votes_against": 2}, meeting={"present": 19}),
    bad("X03", "exit.votes_for", exit={"votes_for": 12, "votes_against": 10}),
    good("X03", exit={"votes_for": 13, "votes_against": 9}),
    good("X03", exit={"votes_for": 1, "evaluation_id": ""}),
    bad("X04", "exit.notice_id", village(sound(exit={}), notices=(replace(NOTICE, case_ids=()),))),
    bad("X04", "notice.case_ids", village(sound(exit={}), notices=(replace(NOTICE, case_ids=("x1", "x1")),))),
    good("X04", village(sound(exit={}))),
    good("X04", village(sound(exit={}), notices=())),
    bad("X05", "exit.signatures", exit=signed("helper", signed_on=None)),
    bad("X05", "exit.signatures", exit={"announced_on": date(2020, 5, 30)}),
    bad("X05", "exit.signatures", exit=signed("helper", person="乙village")),
    good("X05", exit={}),
    good("X05", exit={"notice_id": "", "reported_on": None, "signatures": ()}),
    bad("X06", "exit.checks", exit={"checks": (CheckDraft("water", "unmet"),)}),
    good("X06", exit={"checks": (CheckDraft("water", ""),)}),
    bad("X07", "identified_year", household={"identified_year": 2020}, exit={}),
    bad("X07", "identified_year", household={"exited_year": 2019, "returned_year": 2019}),
    good("X07", household={"identified_year": 2019}, exit={}),
    good("X07", household={"identified_year": None, "exited_year": 2019}),
    bad("X08", "planned_exit_year", household={"planned_exit_year": 2018, "exited_year": 2019}),
    good("X08", household={"planned_exit_year": 2019, "exited_year": 2019}),
    bad("X09", "team", village(team=(TeamMemberDraft(role="first_secretary"),) * 2)),
    bad("X09", "team", village(team=(TeamMemberDraft(role="member"),) * 3)),
    good("X09", village(team=(TeamMemberDraft(role="first_secretary"),) * 3)),
    bad("X09", "team", village(team=(TeamMemberDraft(role="first_secretary"),) * 4, village=DEEP)),
    good("X09", village(team=(TeamMemberDraft(role="first_secretary"),) * 5, village=DEEP)),
    good("X09", village(team=(TeamMemberDraft(role="leader", also="first_secretary"),) * 3)),
    bad("X10", "visits", village(), context={"visits": {"leaders": LEADERS}, "today": date(2020, 7, 1)}),
    bad(
        "X10",
        "visits",
        village(visits=led(date(2019, 12, 31))),
        context={"visits": {"leaders": LEADERS}, "today": date(2020, 7, 1)},
    ),
    bad(
        "X10",
        "visits",
        village(visits=led(date(2020, 3, 1))),
        context={"visits": {"leaders": LEADERS}, "today": date(2020, 12, 31)},
    ),
    good(
        "X10",
        village(visits=led(date(2020, 3, 1))),
        context={"visits": {"leaders": LEADERS}, "today": date(2020, 12, 30)},
    ),
    good("X10", village(), context={"visits": {"leaders": LEADERS}, "today": date(2020, 6, 30)}),
    good("X10", village(), context={"visits": {"leaders": replace(LEADERS, by="above")}, "today": date(2020, 12, 31)}),
    bad("X11", "visits", village(*visits(13))),
    good("X11", village(*visits(12))),
    bad("X11", "visits", village(*visits(1), team=(VISITOR,), leaves=(ABSENT,))),
    good("X11", village(*visits(1), team=(VISITOR,), leaves=(replace(ABSENT, back_on=date(2020, 6, 1)),))),
    good("X11", village(*visits(1), team=(VISITOR,), leaves=(replace(ABSENT, staff_id="t2"),))),
    bad("X12", "team", village(workdays=on_site("t0", "t1", "t2", days=19))),
    good("X12", village(team=(replace(VISITOR, starts_on=date(2020, 5, 2)),), workdays=())),
    good(
        "X12",
        village(
            team=(replace(VISITOR, name="乙一"),),
            workdays=on_site("t1", days=19),
            visits=(VisitDraft(visitor="丙", companion="丁，乙一", visited_on=date(2020, 5, 31)),),
        ),
    ),
)

"""The exit of a household: sign-off, blockers, order, and no way around them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from villagedesk.drafts.exit import SignatureDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, IncomeLineDraft, MemberDraft
from villagedesk.errors import Refused
from villagedesk.policy.blockers import BLOCKERS, NEVER_SOFT
from villagedesk.policy.cases import Blocker, ExitFacts
from villagedesk.policy.chain import ORDER_RULES
from villagedesk.policy.criteria import assess
from villagedesk.policy.income import exit_line, reckon
from villagedesk.policy.procedures import places, procedure
from villagedesk.policy.profile import load_profile, profiles
from villagedesk.policy.quorum import Vote
from villagedesk.policy.signoff import blockers, member_digest, scheme
from villagedesk.text import say

PACKS = ("national-2018", "xinjiang-2016", "shangzhou-2020", "guangdong-2016", "jiangsu-2018", "jiangsu-2018+post-2021")
JIANGSU = load_profile("jiangsu-2018")
HARD = sorted({*NEVER_SOFT, "scans", *ORDER_RULES})
DAY = date(2019, 12, 20)
HOME = HouseholdDraft(
    dwelling="A", water_safe=True, food_secure=True, clothes_secure=True,
    members=(MemberDraft(id="m1", name="甲", birth=date(1980, 1, 1), labour="01", medical_resident=True),),
)  # fmt: skip
INCOME = IncomeDraft(year=2019, persons=1, lines=(IncomeLineDraft("wage.work", 9000_00),))


def marks(preset="A", first=date(2019, 11, 10), step=1):
    cells = scheme(JIANGSU, preset).cells
    roles = list(dict.fromkeys(cell.role.key for cell in cells))
    return tuple(
        SignatureDraft(role=cell.role.key, item=cell.item.key, person=f"签{cell.role.key}",
                       signed_on=first + timedelta(days=step * roles.index(cell.role.key)))
        for cell in cells
    )  # fmt: skip


def facts(**changes):
    sound = ExitFacts(
        today=DAY, household=HOME, assessments=assess(JIANGSU, HOME, INCOME, 2019, DAY), income=reckon(INCOME, JIANGSU),
        line=exit_line(JIANGSU, 2019), income_locked_on=date(2019, 11, 1), verified_on=date(2019, 11, 2),
        vote=Vote(30, 21, 20, 1), evaluated_on=date(2019, 11, 5), household_answer="agrees",
        answered_on=date(2019, 11, 6), signatures=marks(), members_when_signed=member_digest(HOME),
        members_now=member_digest(HOME), notice_stage=JIANGSU.notices["exit"].stages["village"],
        posted_on=date(2019, 11, 21), notice_ends_on=date(2019, 11, 27), term_from=date(2019, 1, 1),
        term_to=date(2019, 12, 31),
    )  # fmt: skip
    return replace(sound, **changes)


def keys(case, preset=""):
    return [blocker.key for blocker in blockers(scheme(JIANGSU, preset), case)]


def change(index, **fields):
    signed = list(marks())
    signed[index] = replace(signed[index], **fields)
    return tuple(signed)


def without_insurance():
    member = replace(HOME.members[0], medical_resident=False, medical_worker=False)
    return replace(HOME, members=(member,))


def with_child_out_of_school():
    child = MemberDraft(name="乙", birth=date(2009, 1, 1), schooling="01", medical_resident=True)
    return replace(HOME, members=(*HOME.members, child))


def low():
    return reckon(replace(INCOME, lines=(IncomeLineDraft("wage.work", 5999_99),)), JIANGSU)


def test_a_sound_case_has_nothing_in_its_way():
    assert keys(facts()) == []


@pytest.mark.parametrize(
    ("changes", "key", "field"),
    [
        ({"assessments": ()}, "criteria", "checks"),
        ({"assessments": assess(JIANGSU, replace(HOME, dwelling="D"), INCOME, 2019, DAY)}, "criteria", "dwelling"),
        ({"assessments": assess(JIANGSU, replace(HOME, dwelling=""), INCOME, 2019, DAY)}, "criteria", "dwelling"),
        ({"income_locked_on": None}, "income_locked", "income.locked_on"),
        ({"income": None}, "income_locked", "income.locked_on"),
        ({"income": low()}, "income_locked", "income.lines"),
        ({"line": None}, "income_locked", "income.year"),
        ({"household": with_child_out_of_school()}, "schooling", "members.schooling"),
        ({"household": without_insurance()}, "medical", "members.medical_resident"),
        ({"dwelling_case_open": True}, "dwelling_case", "dwelling"),
        ({"vote": None}, "evaluation", "evaluated_on"),
        ({"vote": Vote(30, 20, 10, 10)}, "evaluation", "votes_for"),
        ({"vote": Vote(30, 19, 19)}, "evaluation", "present"),
        ({"household_answer": ""}, "household_answer", "household_answer"),
        ({"household_answer": "disagrees"}, "household_answer", "household_answer"),
        ({"answered_on": None}, "household_answer", "household_answer"),
        ({"signatures": marks()[:-1]}, "signatures", "signatures"),
        ({"signatures": change(1, person="")}, "signatures", "signatures"),
        ({"signatures": change(1, signed_on=None)}, "signatures", "signatures"),
        ({"signatures": change(0, role="stranger")}, "signatures", "signatures"),
        ({"signatures": change(0, proxy="乙")}, "signatures", "signatures"),
        ({"signatures": change(4, mark="handprint")}, "signatures", "signatures"),
        ({"signatures": change(3, person="签helper")}, "one_role_each", "signatures.person"),
        ({"signatures": change(3, person=" 签 helper")}, "one_role_each", "signatures.person"),
        ({"signatures": change(2, proxy="签village", proxy_reason="外出")}, "one_role_each", "signatures.person"),
        ({"signatures": change(2, proxy="乙")}, "signatures", "signatures.proxy_reason"),
        ({"members_now": "other"}, "members_changed", "members"),
        ({"posted_on": None}, "notice_period", "posted_on"),
        ({"notice_stage": None}, "notice_period", "posted_on"),
        ({"notice_ends_on": date(2019, 11, 26)}, "notice_period", "ends_on"),
        ({"today": date(2019, 11, 27)}, "notice_period", "ends_on"),
        ({"open_objections": 1}, "objections", "objections"),
        ({"signatures": change(0, signed_on=date(2019, 11, 14))}, "household_before_village", "signatures.signed_on"),
        ({"signatures": change(2, signed_on=date(2019, 11, 10))}, "along_the_chain", "signatures.signed_on"),
        ({"evaluated_on": date(2019, 11, 11)}, "not_before_evaluation", "signatures.signed_on"),
        ({"signatures": change(4, signed_on=date(2019, 12, 21))}, "within_term", "signatures.signed_on"),
        ({"verified_on": date(2018, 12, 31)}, "within_term", "verified_on"),
        ({"verified_on": date(2019, 11, 19)}, "steps_in_order", "evaluated_on"),
        ({"posted_on": date(2019, 11, 13)}, "steps_in_order", "posted_on"),
        (
            {"answered_on": date(2019, 11, 12), "verified_on": date(2019, 11, 12), "evaluated_on": None},
            "steps_in_order",
            "signatures.signed_on",
        ),
        ({"answered_on": date(2019, 11, 12)}, "steps_in_order", "signatures.signed_on"),
        ({"reported_on": date(2019, 11, 26)}, "steps_in_order", "reported_on"),
        ({"reported_on": date(2019, 11, 29), "replied_on": date(2019, 11, 28)}, "steps_in_order", "replied_on"),
        ({"announced_on": date(2019, 12, 3), "marked_on": date(2019, 12, 2)}, "steps_in_order", "marked_on"),
    ],
)
def test_hard_blockers(changes, key, field):
    found = [b for b in blockers(scheme(JIANGSU), facts(**changes)) if b.key == key]
    assert found
    assert all(blocker.hard for blocker in found)
    assert found[0].field == field
    assert str(found[0].text)
    assert str(found[0].remedy)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"signatures": change(2, proxy="乙", proxy_reason="外出")}, "proxy"),
        ({"income": reckon(replace(INCOME, lines=(IncomeLineDraft("wage.work", 6599_99),)), JIANGSU)}, "near_line"),
        (
            {"income": reckon(replace(INCOME, lines=(IncomeLineDraft("transfer.pension", 9000_00),)), JIANGSU)},
            "transfer_share",
        ),
        ({"signatures": marks(step=0)}, "same_day"),
        ({"monitoring_open": True}, "open_risk"),
        ({"signatures": change(4, person="签helper")}, "helper_leads_team"),
    ],
)
def test_soft_blockers_are_shown_but_do_not_stop(changes, key):
    found = blockers(scheme(JIANGSU), facts(**changes))
    assert [(blocker.key, blocker.hard) for blocker in found] == [(key, False)]


def test_a_scan_is_demanded_where_the_township_says_so():
    strict = load_profile("jiangsu-2018", settled={"signoff.scan_required": True})
    found = blockers(scheme(strict), facts())
    assert [blocker.key for blocker in found] == ["scans"]
    scanned = tuple(replace(mark, scan="ab") for mark in marks())
    assert blockers(scheme(strict), facts(signatures=scanned)) == ()


@pytest.mark.parametrize(("preset", "cells", "roles"), [("A", 5, 5), ("B", 5, 5), ("C", 25, 5), ("state", 3, 3)])
def test_presets(preset, cells, roles):
    found = scheme(JIANGSU, preset)
    assert (len(found.cells), len(found.required_roles)) == (cells, roles)
    assert found.title == "五签字五确认"
    assert found.id == f"jiangsu-2018/1/{preset}"
    assert keys(facts(signatures=marks(preset)), preset) == []
    assert "signatures" in keys(facts(signatures=marks(preset)[1:]), preset)


def test_the_township_signs_last_in_preset_b():
    signed = marks("B")
    early = (*signed[:-1], replace(signed[-1], signed_on=signed[0].signed_on))
    assert "township_last" in keys(facts(signatures=early), "B")


def test_one_mark_can_cover_a_row():
    row = tuple(replace(mark, item="") for mark in marks("C")[::5])
    assert keys(facts(signatures=row), "C") == []


def test_there_is_no_other_preset():
    with pytest.raises(Refused, match="A"):
        scheme(JIANGSU, "Z")


def test_member_digest_sees_who_belongs_and_nothing_else():
    same = replace(HOME, dwelling="B", members=(replace(HOME.members[0], phone="x", note="y"),))
    assert member_digest(same) == member_digest(HOME)
    assert member_digest(with_child_out_of_school()) != member_digest(HOME)
    gone = replace(HOME, members=(replace(HOME.members[0], left_on=DAY),))
    assert member_digest(gone) != member_digest(HOME)


# --- the procedure ----------------------------------------------------------------------------------------------


def orders():
    return [(name, variant) for name in PACKS for variant in ("", *load_profile(name).procedures["exit"].variants)]


def walk(way, found, reason="x"):
    """Every state that can be reached while ``found`` stands in the way."""
    reached, todo = {way.start}, [way.start]
    while todo:
        state = todo.pop()
        for step in way.next(state, found):
            try:
                to = way.advance(state, step.verb, found, reason)
            except Refused:
                continue
            if to not in reached:
                reached.add(to)
                todo.append(to)
    return reached


def blocker(key, hard=True):
    return Blocker(key, hard, say("In the way."), "somewhere", say("Mend it."))


def exited(way):
    return {key for key in way.states if way.effect(key) == "exited"}


@pytest.mark.parametrize(("name", "variant"), orders())
def test_no_path_leads_around_a_hard_blocker(name, variant):
    way = procedure(load_profile(name), "exit", variant)
    assert exited(way)
    for key in HARD:
        assert not exited(way) & walk(way, [blocker(key)]), key


@pytest.mark.parametrize(("name", "variant"), orders())
def test_without_blockers_the_exit_is_reached_and_soft_ones_do_not_stop_it(name, variant):
    way = procedure(load_profile(name), "exit", variant)
    assert exited(way) <= walk(way, [])
    assert exited(way) <= walk(way, [blocker(key, hard=False) for key in BLOCKERS])


@settings(max_examples=60)
@given(st.sampled_from(orders()), st.lists(st.sampled_from(HARD), min_size=1), st.data())
def test_no_random_walk_leads_around_them_either(order, standing, data):
    """Blockers come and go on the way; while one stands, the last step is refused."""
    way = procedure(load_profile(order[0]), "exit", order[1])
    state = way.start
    for _ in range(25):
        found = [blocker(key) for key in data.draw(st.sets(st.sampled_from(standing)))]
        steps = way.next(state, found)
        if not steps:
            break
        step = data.draw(st.sampled_from(steps))
        try:
            to = way.advance(state, step.verb, found, "x")
        except Refused:
            continue
        assert way.effect(to) != "exited" or not found
        state = to


@pytest.mark.parametrize("name", PACKS)
def test_every_state_can_be_sent_back_with_a_reason_and_nothing_is_lost(name):
    way = procedure(load_profile(name), "exit")
    for state in way.states:
        if way.effect(state):
            assert way.next(state) == ()
            continue
        assert way.effect(way.advance(state, "return", [blocker("objections")], "核实不达标")) == "back"
        with pytest.raises(Refused, match=r"理由|原因|reason"):
            way.advance(state, "return", [], "  ")


def test_a_refusal_names_blocker_field_and_remedy():
    way = procedure(JIANGSU, "exit")
    with pytest.raises(Refused) as refused:
        way.advance("posted", "report", blockers(scheme(JIANGSU), facts(today=date(2019, 11, 25), open_objections=2)))
    problems = {problem.rule: problem for problem in refused.value.problems}
    assert set(problems) == {"notice_period", "objections"}
    assert problems["notice_period"].field == "ends_on"
    assert "2019-11-27" in problems["notice_period"].text.render("en")
    assert "Look into them" in problems["objections"].text.source or problems["objections"].text.fields["remedy"]


def test_a_step_out_of_order_is_refused_with_what_is_possible():
    way = procedure(JIANGSU, "exit")
    with pytest.raises(Refused, match="列入拟退出名单"):
        way.advance("planned", "mark", [])
    with pytest.raises(Refused):
        way.advance("nowhere", "mark", [])
    with pytest.raises(Refused):
        procedure(JIANGSU, "coronation")
    with pytest.raises(Refused):
        procedure(JIANGSU, "exit", "sideways")


def test_signing_before_the_meeting_is_no_fault_where_that_is_the_order():
    before = load_profile("jiangsu-2018", settled={"procedures.exit.variant": "sign_before_evaluation"})
    case = facts(evaluated_on=date(2019, 11, 18))
    assert blockers(scheme(before), case) == ()
    assert keys(case) == ["not_before_evaluation"]


def test_the_order_of_a_variant():
    way = procedure(load_profile("jiangsu-2018", settled={"procedures.exit.variant": "sign_before_evaluation"}), "exit")
    state, path = way.start, []
    for verb in ("list", "verify", "acknowledge", "sign", "evaluate", "post", "report", "approve", "announce", "mark"):
        state = way.advance(state, verb)
        path.append(state)
    assert path[-1] == "exited"
    with pytest.raises(Refused):
        way.advance("verified", "evaluate")


PROFILES = [row.id for row in profiles() if not row.overlay]
STEPS = {
    "verify": "verified_on", "evaluate": "evaluated_on", "acknowledge": "answered_on", "sign": "",
    "post": "posted_on", "report": "reported_on", "approve": "replied_on", "announce": "announced_on",
    "mark": "marked_on",
}  # fmt: skip


@pytest.mark.parametrize("order", ["", *load_profile("national-2018").procedures["exit"].variants])
@pytest.mark.parametrize("name", PROFILES)
def test_dates_in_the_order_of_the_path_are_no_fault_whatever_the_profile_chose(name, order):
    pack = load_profile(name, settled={"procedures.exit.variant": order} if order else {})
    way = procedure(pack, "exit")
    path = [verb for verb, _ in sorted(places(way).items(), key=lambda one: one[1]) if verb in STEPS]
    assert len(path) == len(STEPS)
    state = way.start
    for verb in ("list", *path):
        state = way.advance(state, verb)
    assert state == "exited"
    days = {verb: date(2019, 3, 1) + timedelta(days=10 * place) for place, verb in enumerate(path)}
    dated = {STEPS[verb]: day for verb, day in days.items() if STEPS[verb]}
    signed = tuple(replace(mark, signed_on=days["sign"]) for mark in marks())
    case = facts(**dated, signatures=signed, notice_ends_on=days["post"], today=date(2019, 12, 1),
                 income_locked_on=date(2019, 2, 1))  # fmt: skip
    assert "steps_in_order" not in {one.key for one in blockers(scheme(pack), case)}
    swapped = replace(case, verified_on=case.evaluated_on, evaluated_on=case.verified_on)
    assert "steps_in_order" in {one.key for one in blockers(scheme(pack), swapped)}


def test_the_meeting_before_the_visit_is_a_fault_only_where_it_is_not_the_order():
    before = load_profile("jiangsu-2018", settled={"procedures.exit.variant": "evaluation_before_verification"})
    early = facts(evaluated_on=date(2019, 11, 1))
    assert "steps_in_order" in keys(early)
    assert blockers(scheme(before), early) == ()
    late = [one for one in blockers(scheme(before), facts()) if one.key == "steps_in_order"]
    assert [one.field for one in late] == ["verified_on"]
    way = procedure(before, "exit")
    with pytest.raises(Refused):
        way.advance("listed", "verify")
    assert way.advance(way.advance("listed", "evaluate"), "verify") == "verified"

"""Each event as one act: who is where afterwards, what followed by rule, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.core.events.conftest import TODAY, contents, family, person
from tests.factories import make_child, make_id_number, make_member
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Refused, Stale
from villagedesk.records.schema import RECORDS
from villagedesk.services.event_course import FLOWS
from villagedesk.services.event_effects import RULES
from villagedesk.services.event_report import ENTERED, STRUCK
from villagedesk.services.events import Afterwards, Occasion

DAY = Occasion(date(2019, 11, 1), document="村委会证明 3 号")
Families = list[HouseholdDraft]


def newborn(**over: object) -> MemberDraft:
    return make_child(**{"name": "王小满", "person_no": "", "birth": DAY.on, "id_number": "", **over})


def rows(desk: Desk, kind: str, **where: object) -> list[dict[str, object]]:
    return [row for row in contents(desk, (kind,)).values() if all(row[k] == v for k, v in where.items())]


def problems(caught: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.field for problem in caught.value.problems}


def test_birth_is_one_revision_with_its_paper(desk: Desk, families: Families):
    change = desk.events.birth(families[0].id, newborn(birth=None), DAY)
    child = person(desk.households.get(families[0].id), "04")
    added = next(m for m in desk.households.get(families[0].id).living if m.name == "王小满")
    assert child is not None
    assert (added.birth, added.joined_on, added.joined_reason) == (DAY.on, DAY.on, "01")
    (event,) = desk.events.of_household(families[0].id)
    assert (event.kind, event.member_ids, event.document, event.reason_code) == (
        "birth",
        (added.id,),
        DAY.document,
        "01",
    )
    assert desk.history.recent(1)[0].act == change.act
    desk.history.undo(change.act)
    assert desk.events.of_household(families[0].id) == ()
    assert len(desk.households.get(families[0].id).living) == 3


@pytest.mark.parametrize(
    ("child", "when", "field"),
    [
        (newborn(birth=date(2019, 12, 1)), Occasion(date(2019, 12, 1)), "on"),
        (newborn(), Occasion(date(2019, 10, 1)), "birth"),
        (newborn(relation="01"), DAY, "relation"),
        (newborn(relation=""), DAY, "relation"),
        (newborn(name=" "), DAY, "name"),
        (newborn(), Occasion(DAY.on, reason_code="77"), "reason_code"),
    ],
)
def test_birth_refused(desk: Desk, families: Families, child: MemberDraft, when: Occasion, field: str):
    before = contents(desk)
    with pytest.raises(Refused) as caught:
        desk.events.birth(families[0].id, child, when)
    assert field in problems(caught)
    assert contents(desk) == before


def test_the_same_birth_twice_is_refused_but_twins_are_not(desk: Desk, families: Families):
    desk.events.birth(families[0].id, newborn(), DAY)
    with pytest.raises(Refused):
        desk.events.birth(families[0].id, newborn(), DAY)
    desk.events.birth(families[0].id, newborn(name="王小雪"), DAY)
    assert len(desk.households.get(families[0].id).living) == 5


def test_who_lives_in_another_household_is_not_taken_twice(desk: Desk, families: Families):
    wife = person(families[1], "02")
    with pytest.raises(Refused) as caught:
        desk.events.marriage_in(families[0].id, replace(wife, relation="05"), DAY)
    assert problems(caught) == {"id_number"}
    assert families[1].no in str(caught.value)


def test_death_locks_and_deletes_contact_data(desk: Desk, families: Families):
    house, wife = families[0], person(families[0], "02")
    desk.households.save(replace(desk.households.get(house.id), phone=wife.phone), "visit")
    desk.events.death(house.id, wife.id, DAY)
    after = desk.households.get(house.id)
    dead = next(member for member in after.members if member.id == wife.id)
    assert (dead.left_on, dead.left_reason, dead.phone, after.phone) == (DAY.on, "01", "", "")
    assert dead.name == wife.name
    changed = tuple(replace(m, name="别人") if m.id == wife.id else m for m in after.members)
    with pytest.raises(Refused):
        desk.households.save(replace(after, members=changed), "typing")
    alive = tuple(replace(m, left_on=None, left_reason="") if m.id == wife.id else m for m in after.members)
    with pytest.raises(Refused):
        desk.households.save(replace(after, members=alive), "typing")
    with pytest.raises(Refused):
        desk.households.save(replace(after, members=tuple(m for m in after.members if m.id != wife.id)), "typing")
    with pytest.raises(Refused):
        desk.events.death(house.id, wife.id, DAY)


def test_death_of_the_head_names_the_next_one_in_the_same_act(desk: Desk, families: Families):
    house, head, wife = families[0], person(families[0], "01"), person(families[0], "02")
    with pytest.raises(Refused) as caught:
        desk.events.death(house.id, head.id, DAY)
    assert problems(caught) == {"head_id"}
    with pytest.raises(Refused):
        desk.events.death(house.id, head.id, DAY, Afterwards(head_id=head.id))
    before = len(desk.history.recent(200))
    desk.events.death(house.id, head.id, DAY, Afterwards(head_id=wife.id))
    after = desk.households.get(house.id)
    assert {m.name: m.relation for m in after.living} == {wife.name: "01", "王思1": "04"}
    assert next(m for m in after.members if m.id == head.id).relation == "01"
    assert len(desk.history.recent(200)) == before + 1
    assert {r["state"] for r in rows(desk, "measure", household_id=house.id)} == {"withdrawn", "done"}
    assert desk.households.incomes(house.id)[0].persons == 3


def test_the_last_one_leaves_only_with_the_file_closed(desk: Desk, families: Families):
    house = families[0]
    for relation in ("02", "04"):
        desk.events.moved_out(house.id, [person(families[0], relation).id], DAY)
    head = person(house, "01")
    with pytest.raises(Refused) as caught:
        desk.events.death(house.id, head.id, DAY)
    assert problems(caught) == {"closing"}
    desk.events.death(house.id, head.id, DAY, Afterwards(closing="01"))
    with pytest.raises(Refused):
        desk.households.get(house.id)
    (pairing,) = rows(desk, "pairing", household_id=house.id)
    assert pairing["ends_on"] == DAY.on
    assert rows(desk, "household", id=house.id)[0]["removed_reason"] == "01"
    with pytest.raises(Refused) as caught:
        desk.events.moved_out(families[1].id, [person(families[1], "04").id], DAY, Afterwards(closing="01"))
    assert problems(caught) == {"closing"}


def test_event_before_birth_or_before_a_later_one_is_refused(desk: Desk, families: Families):
    house, child = families[0], person(families[0], "04")
    with pytest.raises(Refused):
        desk.events.moved_out(house.id, [child.id], Occasion(date(2009, 5, 19)))
    desk.events.moved_within(house.id, families[1].id, {child.id: "99"}, DAY)
    with pytest.raises(Refused):
        desk.events.moved_out(families[1].id, [child.id], Occasion(date(2019, 10, 31)))
    with pytest.raises(Refused):
        desk.events.moved_out(house.id, [child.id], DAY)


def test_moving_within_takes_open_measures_and_wishes_along(desk: Desk, families: Families):
    house, other = families[0], families[1]
    head, wife = person(house, "01"), person(house, "02")
    desk.events.moved_within(house.id, other.id, {head.id: "99"}, DAY, Afterwards(head_id=wife.id))
    assert head.id in {m.id for m in desk.households.get(other.id).living}
    assert person(desk.households.get(house.id), "01").id == wife.id
    moved = {row["content"]: (row["household_id"], row["plan_id"]) for row in rows(desk, "measure", member_id=head.id)}
    (plan,) = desk.plans.of_household(other.id)
    assert moved["active"] == (other.id, plan.id)
    assert moved["done"][0] == house.id


def test_split_founds_a_household_with_its_head(desk: Desk, families: Families):
    house = families[0]
    wife, child = person(house, "02"), person(house, "04")
    founded = HouseholdDraft(no="201900099", address="一组9号")
    with pytest.raises(Refused) as caught:
        desk.events.split(house.id, [m.id for m in house.living], founded, wife.id, DAY)
    assert problems(caught) == {"member_ids"}
    for wrong in (replace(founded, no=families[1].no), replace(founded, no="")):
        with pytest.raises(Refused) as caught:
            desk.events.split(house.id, [wife.id, child.id], wrong, wife.id, DAY)
        assert problems(caught) == {"no"}
    desk.events.split(house.id, [wife.id, child.id], founded, wife.id, DAY)
    new = desk.households.by_no("201900099")
    assert {m.name: m.relation for m in new.living} == {wife.name: "01", child.name: "04"}
    assert (new.state, new.group, new.address) == (house.state, house.group, "一组9号")
    assert [m.relation for m in desk.households.get(house.id).living] == ["01"]


def test_a_closed_household_keeps_its_number(desk: Desk, families: Families):
    desk.events.left_village(families[0].id, DAY)
    wife = person(families[1], "02")
    with pytest.raises(Refused) as caught:
        desk.events.split(families[1].id, [wife.id], HouseholdDraft(no=families[0].no), wife.id, DAY)
    assert problems(caught) == {"no"}


def test_change_of_head_asks_where_the_words_leave_it_open(desk: Desk, families: Families):
    house = families[0]
    desk.events.moved_in(house.id, [
        make_member(name="王成", relation="03", birth=date(1996, 1, 1), id_number="", person_no=""),
        make_member(name="王功", relation="03", birth=date(1997, 1, 1), id_number="", person_no=""),
        make_member(name="王孙", relation="07", birth=date(2018, 1, 1), id_number="", person_no=""),
    ], DAY)  # fmt: skip
    son = next(m for m in desk.households.get(house.id).living if m.name == "王成")
    asked = {kin.name for kin in desk.events.relations(house.id, son.id) if kin.asked}
    assert asked == {"王孙"}
    with pytest.raises(Refused) as caught:
        desk.events.change_head(house.id, Afterwards(son.id), DAY)
    grandson = next(m for m in desk.households.get(house.id).living if m.name == "王孙")
    assert problems(caught) == {f"relations.{grandson.id}"}
    for wrong in ("01", "66"):
        with pytest.raises(Refused):
            desk.events.change_head(house.id, Afterwards(son.id, {grandson.id: wrong}), DAY)
    desk.events.change_head(house.id, Afterwards(son.id, {grandson.id: "03"}), DAY)
    found = {m.name: m.relation for m in desk.households.get(house.id).living}
    assert found == {"王大1": "11", "李秀1": "12", "王思1": "99", "王成": "01", "王功": "99", "王孙": "03"}


def test_suspension_returns_to_the_state_before(desk: Desk, families: Families):
    house = families[0]
    with desk.site.store.work("test", "state") as work:
        work.put(
            "household", house.village if hasattr(house, "village") else desk.site.village, {"state": "1"}, house.id
        )
    reason = replace(DAY, note="外出未归")
    with pytest.raises(Refused):
        desk.events.suspended(house.id, Occasion(DAY.on))
    desk.events.suspended(house.id, reason)
    assert desk.households.get(house.id).state == "5"
    desk.events.resumed(house.id, replace(reason, on=date(2019, 11, 5)))
    assert desk.households.get(house.id).state == "1"
    desk.events.fell_back(house.id, replace(reason, on=date(2019, 11, 6)))
    assert (desk.households.get(house.id).state, desk.households.get(house.id).returned_year) == ("3", 2019)
    with pytest.raises(Refused):
        desk.events.fell_back(families[1].id, reason)


def test_removal_needs_its_reason(desk: Desk, families: Families):
    with pytest.raises(Refused) as caught:
        desk.events.removed(families[0].id, replace(DAY, note="复核"))
    assert problems(caught) == {"reason_code"}
    desk.events.removed(families[0].id, replace(DAY, note="复核", reason_code="99"))
    assert rows(desk, "household", id=families[0].id)[0]["state"] == "9"
    assert desk.events.report(2019).persons.went == {"removed": 3}


def test_who_was_identified_wrongly_is_not_struck_off_by_an_event(desk: Desk, families: Families):
    with pytest.raises(Refused) as caught:
        desk.events.removed(families[0].id, replace(DAY, note="复核", reason_code="03"))
    assert [(problem.field, problem.rule) for problem in caught.value.problems] == [("reason_code", "removal")]
    assert rows(desk, "household", id=families[0].id)[0]["state"] != "8"


def test_open_exit_case_goes_back_when_the_member_list_changes(desk: Desk, families: Families):
    begun, fresh = desk.exits.propose(2019, [families[0].id, families[1].id], "list").records["exit"]
    desk.exits.record_checks(begun, TODAY, "周敏", [], "visit")
    for house in families[:2]:
        desk.events.birth(house.id, newborn(), DAY)
    case = desk.exits.get(begun)
    assert desk.exits.procedure.effect(case.state) == "back"
    assert DAY.on.isoformat() in case.returned_reason
    assert desk.exits.get(fresh).state == desk.exits.procedure.start


def test_every_record_that_names_a_household_or_person_has_a_rule():
    naming = {
        kind
        for kind, record in RECORDS.items()
        if {"household_id", "member_id"} & set(record.fields) or kind == "member"
    }
    assert naming == set(RULES)


def test_stale_form_does_not_take_an_event_back(desk: Desk, families: Families):
    opened = desk.households.get(families[0].id)
    desk.events.birth(families[0].id, newborn(), DAY)
    with pytest.raises(Stale):
        desk.households.save(replace(opened, note="typed"), "typing")
    desk.households.save(replace(desk.households.get(families[0].id), note="typed"), "typing")
    assert len(desk.households.get(families[0].id).living) == 4


def test_somebody_who_moved_is_not_taken_back_by_an_old_form(desk: Desk, families: Families):
    opened = desk.households.get(families[0].id)
    child = person(opened, "04")
    desk.events.moved_within(families[0].id, families[1].id, {child.id: "99"}, DAY)
    with pytest.raises(Stale):
        desk.households.save(opened, "typing")
    assert child.id in {m.id for m in desk.households.get(families[1].id).living}


def test_new_family_is_known_by_its_number(desk: Desk):
    saved = desk.households.save(family("201900050", 50), "visit")
    assert desk.households.by_no("201900050").id == saved.records["household"][0]
    assert make_id_number(date(1975, 3, 15), "1", 50) in {
        m.id_number for m in desk.households.by_no("201900050").members
    }


def test_several_move_in_at_once_and_each_refusal_names_its_person(desk: Desk, families: Families):
    home = families[0].id
    first, second = (MemberDraft(name=name, relation="99", birth=date(1980, 1, 1), id_number=number)
                     for name, number in (("周大", "A1"), ("周二", "A1")))  # fmt: skip
    with pytest.raises(Refused) as caught:
        desk.events.moved_in(home, [first, replace(second, relation="")], DAY)
    assert problems(caught) == {"persons.1.relation", "persons.1.id_number"}
    change = desk.events.moved_in(home, [first, replace(second, id_number="A2")], DAY)
    (event,) = desk.events.of_household(home)
    assert len(event.member_ids) == 2
    desk.history.undo(change.act)
    assert len(desk.households.get(home).living) == 3


def test_the_report_of_a_year_says_what_the_events_say(desk: Desk, families: Families, tmp_path: Path):
    desk.events.birth(families[0].id, newborn(), DAY)
    desk.events.moved_in(families[1].id, [MemberDraft(name="周大", relation="99")], DAY)
    year = DAY.on.year
    report = desk.events.report(year)
    sheet = desk.papers.sheet("change_report", str(year))
    balance = {what: (homes, persons) for what, homes, persons in sheet.tables["balance"]}
    assert balance["年初"] == (str(report.households.start), str(report.persons.start))
    assert balance["出生"] == ("", "+1")
    assert balance["其他迁入"] == ("", "+1")
    assert balance["期末"] == (str(report.households.end), str(report.persons.end))
    assert report.persons.adds_up
    events = sheet.tables["events"]
    assert [row[2] for row in events] == [desk.profile.codes.word("event_kind", each.kind)
                                          for each in desk.events.of_year(year)]  # fmt: skip
    assert events[0][4] == "王小满"
    assert desk.papers.preview("change_report", [str(year)]).pages == 1
    desk.twins.write(tmp_path / "year.xlsx", "change_report", [str(year)])
    book = openpyxl.load_workbook(tmp_path / "year.xlsx")
    cells = [cell for page in book.worksheets for row in page.values for cell in row]
    assert "王小满" in cells


def test_every_kind_of_event_has_a_word_on_paper(desk: Desk):
    kinds = {*FLOWS, ENTERED, STRUCK} - {"snapshot"}
    assert kinds <= {entry.code for entry in desk.profile.codes.lists["event_kind"].entries}

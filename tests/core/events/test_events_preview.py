"""What an event would do is told before it is done, and nothing is kept of the telling."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.events.conftest import contents, person
from tests.factories import make_child
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Refused
from villagedesk.services.events import Afterwards, Occasion

DAY = Occasion(date(2019, 11, 1))
Families = list[HouseholdDraft]


def test_a_death_is_told_and_not_done(desk: Desk, families: Families):
    before = contents(desk)
    father, mother = families[0].head, person(families[0], "02")
    then = Afterwards(mother.id, {})
    told = [str(each) for each in desk.events.rehearse(lambda e: e.death(families[0].id, father.id, DAY, then))]
    assert contents(desk) == before
    assert desk.events.of_household(families[0].id) == ()
    assert told == [
        "王大1自2019-11-01起不再计入201900001号户。",
        "王大1的电话将删除。",
        "李秀1成为201900001号户的户主。",
        "帮扶措施“active”终止，不留任何标记。",
        "2019年收入仍按3人计算；201900001号户现有2人。",
    ]


def test_a_refused_event_is_refused_in_the_rehearsal_too(desk: Desk, families: Families):
    with pytest.raises(Refused) as caught:
        desk.events.rehearse(lambda e: e.death(families[0].id, families[0].head.id, DAY))
    assert [problem.field for problem in caught.value.problems] == ["head_id"]


def test_a_merge_tells_pairing_and_measures_and_an_event_after_it_still_works(desk: Desk, families: Families):
    kin = desk.events.joined_relations(families[1].id, families[0].id, "21")
    answers = {**{each.member_id: "99" for each in kin if each.asked}, families[1].head.id: "21"}
    told = [str(each) for each in desk.events.rehearse(lambda e: e.merge(families[1].id, families[0].id, answers, DAY))]
    assert "孙立与201900002号户的结对结束。" in told
    assert "帮扶措施“active”随人转到201900001号户。" in told
    assert "王大2由201900002号户转到201900001号户。" in told
    change = desk.events.birth(families[0].id, make_child(name="王小满", person_no="", birth=DAY.on, id_number=""), DAY)
    (event,) = desk.events.of_household(families[0].id)
    assert desk.history.act_of(event.id) == change.act

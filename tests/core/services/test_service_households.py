"""Household files, income statements and the team through a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.services.conftest import CHEAP, PASSPHRASE
from tests.factories import VILLAGE, make_child, make_household, make_line, make_member
from villagedesk.desk import create_desk
from villagedesk.drafts.team import HelperDraft, TeamMemberDraft, VillageDraft
from villagedesk.errors import Refused, Stale
from villagedesk.services.event_course import Occasion


@pytest.fixture
def home(desk):
    return desk.households.all()[0]


def test_what_is_saved_is_there_after_reopening(desk, home, reopen):
    desk.households.save(replace(home, note="搬到村东"), "visit")
    with reopen(desk) as again:
        assert again.households.get(home.id).note == "搬到村东"
        assert again.households.by_no(home.no).id == home.id


def test_who_saves_second_is_told(desk, home):
    desk.households.save(replace(home, note="first"), "visit")
    with pytest.raises(Stale):
        desk.households.save(replace(home, note="second"), "visit")
    assert desk.households.get(home.id).note == "first"


def test_history_says_who_changed_what_and_why(desk, home):
    older, newer = home.members[0].phone, "15400000009"
    head = replace(home.members[0], phone=newer)
    desk.households.save(replace(home, members=(head, *home.members[1:])), "new number")
    line = desk.households.history(home.id)[0]
    assert (line.author, line.reason, line.kind, line.field, line.old, line.new) == (
        "周敏", "new number", "member", "phone", older, newer,
    )  # fmt: skip


def test_undo_writes_the_old_values_as_a_new_revision(desk, home):
    change = desk.households.save(replace(home, note="typed by mistake"), "visit")
    undone = desk.history.undo(change.act)
    assert desk.households.get(home.id).note == home.note
    assert undone.revision > change.revision
    assert [line.new for line in desk.households.history(home.id) if line.field == "note"] == ["", "typed by mistake"]


def test_undo_of_what_was_changed_since_is_refused(desk, home):
    change = desk.households.save(replace(home, note="one"), "visit")
    desk.households.save(replace(desk.households.get(home.id), note="two"), "visit")
    with pytest.raises(Refused):
        desk.history.undo(change.act)
    assert desk.households.get(home.id).note == "two"


def test_a_member_left_out_is_gone_and_comes_back_by_undo(desk, home):
    change = desk.households.save(replace(home, members=home.members[:2]), "typed twice")
    assert len(desk.households.get(home.id).members) == 2
    desk.history.undo(change.act)
    assert {member.id for member in desk.households.get(home.id).members} == {member.id for member in home.members}


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"no": " "}, "no"), ({"members": ()}, "members"), ({"members": (make_child(),)}, "members"),
        ({"members": (make_member(), make_member())}, "members"),
        ({"members": (make_member(), make_child(name=""))}, "members.1.name"),
    ],
)  # fmt: skip
def test_what_keeps_a_file_from_being_saved(desk, over, field):
    draft = make_household(**{"no": "999", **over})
    with pytest.raises(Refused) as refusal:
        desk.households.save(draft, "typed")
    assert field in {problem.field for problem in refusal.value.problems}
    assert len(desk.households.all()) == 3


def test_a_number_is_given_once(desk, home):
    with pytest.raises(Refused):
        desk.households.save(make_household(no=home.no), "typed")


def test_a_closed_file_leaves_the_list_and_stays_in_the_history(desk, home):
    desk.events.removed(home.id, Occasion(desk.site.today(), reason_code="01"))
    assert home.id not in {household.id for household in desk.households.all()}
    with pytest.raises(Refused):
        desk.households.get(home.id)


def test_a_new_household_does_not_bring_back_a_closed_file_by_its_number(desk, home):
    change = desk.events.removed(home.id, Occasion(desk.site.today(), reason_code="01"))
    with pytest.raises(Refused, match=home.no) as refusal:
        desk.households.save(make_household(no=home.no), "typed")
    assert [problem.field for problem in refusal.value.problems] == ["no"]
    assert len(desk.households.all()) == 2
    desk.history.undo(change.act)
    assert desk.households.by_no(home.no).head.name == home.head.name


def test_a_number_typed_by_mistake_and_taken_back_can_be_given_again(desk):
    change = desk.households.save(make_household(no="0777"), "typed")
    desk.history.undo(change.act)
    desk.households.save(make_household(no="0777"), "typed again")
    assert desk.households.by_no("0777").living


def test_a_signed_income_statement_changes_only_after_it_is_opened_with_a_reason(desk, home):
    (income,) = desk.households.incomes(home.id)
    desk.households.lock_income(income.id, "signed")
    (locked,) = desk.households.incomes(home.id)
    assert locked.locked_on == desk.site.today()
    more = replace(locked, lines=(*locked.lines, make_line("wage.picking", 50_00)))
    with pytest.raises(Refused):
        desk.households.save_income(more, "a line was missing")
    with pytest.raises(Refused):
        desk.households.lock_income(income.id, "twice")
    with pytest.raises(Refused):
        desk.households.unlock_income(income.id, " ")
    desk.households.unlock_income(income.id, "a line was missing")
    (opened,) = desk.households.incomes(home.id)
    change = desk.households.save_income(replace(opened, lines=more.lines), "a line was missing")
    (saved,) = desk.households.incomes(home.id)
    assert {line.item for line in saved.lines} == {line.item for line in more.lines}
    assert desk.households.reckon(saved).wage == desk.households.reckon(income).wage + 50_00
    desk.history.undo(change.act)
    assert len(desk.households.incomes(home.id)[0].lines) == len(income.lines)


def test_a_household_has_one_running_helper(desk, home):
    first, second = (
        desk.team.save_helper(HelperDraft(name=name), "list").records["helper"][0] for name in ("周敏", "吴刚")
    )
    today = desk.site.today()
    desk.team.pair(home.id, first, today - timedelta(days=30), "list")
    with pytest.raises(Refused):
        desk.team.pair(home.id, first, today, "again")
    desk.team.pair(home.id, second, today, "moved away")
    running = [pairing for pairing in desk.team.pairings(home.id) if pairing.ends_on is None]
    assert [pairing.helper_id for pairing in running] == [second]
    assert len(desk.team.pairings()) == 2
    with pytest.raises(Refused):
        desk.team.save_helper(HelperDraft(name=" "), "list")


def test_team_and_village(desk):
    desk.team.save_member(TeamMemberDraft(name="周敏", role="leader"), "list")
    assert [member.name for member in desk.team.members()] == ["周敏"]
    village = desk.village
    desk.team.save_village(replace(village, phones="0527-1"), "new line")
    assert desk.village.phones == "0527-1"
    for wrong in (replace(village, code="320000000000"), replace(village, profile="national-2018")):
        with pytest.raises(Refused):
            desk.team.save_village(wrong, "moved")


def test_the_founding_of_a_desk_is_not_taken_back(tmp_path):
    """Without its village the desk would never open again."""
    village = VillageDraft(code=VILLAGE, name="沙洲村", profile="jiangsu-2018")
    made, _ = create_desk(tmp_path / "desk", PASSPHRASE, village, author="李工", cost=CHEAP)
    with made:
        (founding,) = made.history.recent()
        assert founding.verb == "village.found"
        with pytest.raises(Refused, match="首次建立"):
            made.history.undo(founding.act)
        assert made.team.village().code == VILLAGE

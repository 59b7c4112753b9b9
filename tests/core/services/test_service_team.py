"""The team, its visits and its days: one entry serves diary, record, attendance and the list of what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.core.services.conftest import CHEAP, PASSPHRASE, clock_at
from tests.factories import VILLAGE
from villagedesk.desk import create_desk
from villagedesk.drafts.duty import LeaveDraft, WorkdayDraft
from villagedesk.drafts.team import HelperDraft, TeamMemberDraft, VillageDraft, VisitDraft
from villagedesk.errors import Refused
from villagedesk.policy.profile import load_profile
from villagedesk.services.event_course import Occasion
from villagedesk.services.serving import team_problems

SINCE = date(2018, 3, 1)


@pytest.fixture
def home(desk):
    return desk.households.all()[0]


@pytest.fixture
def member(desk):
    draft = TeamMemberDraft(name="周敏", role="leader", starts_on=SINCE)
    return desk.team.save_member(draft, "list").records["team_member"][0]


def refused(verb, *given):
    with pytest.raises(Refused) as refusal:
        verb(*given, "because")
    return {problem.field for problem in refusal.value.problems}


def visit(story, home, **over):
    facts = {"household_id": home.id, "visitor": "周敏", "visited_on": story.today, "heard": "想修水窖", **over}
    return VisitDraft(**facts)


# the team ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guangdong(tmp_path_factory):
    village = VillageDraft(code=VILLAGE, name="沙洲村", profile="guangdong-2016")
    folder = tmp_path_factory.mktemp("guangdong") / "desk"
    desk, _ = create_desk(folder, PASSPHRASE, village, clock=clock_at(date(2018, 6, 1)), cost=CHEAP)
    with desk:
        yield desk


def test_in_guangdong_the_leader_is_not_the_first_secretary(guangdong):
    team = guangdong.team
    assert refused(team.save_member, TeamMemberDraft(name="周敏", role="leader", also="first_secretary")) == {"also"}
    team.save_member(TeamMemberDraft(name="周敏", role="leader", starts_on=SINCE), "list")
    assert refused(team.save_member, TeamMemberDraft(name="周敏", role="first_secretary")) == {"role"}
    team.save_member(TeamMemberDraft(name="吴刚", role="first_secretary", starts_on=SINCE), "list")
    assert {problem.rule for problem in team.shortfall()} == {"X09"}
    team.save_member(TeamMemberDraft(name="李静", role="member", starts_on=SINCE), "list")
    assert team.shortfall() == ()
    assert team.term_end(team.members()[0]) == date(2021, 2, 28)


@pytest.mark.parametrize(
    ("profile", "least", "deep"),
    [("national-2018", 3, 3), ("xinjiang-2016", 0, 0), ("shangzhou-2020", 3, 5), ("guangdong-2016", 3, 3),
     ("jiangsu-2018", 1, 1)],
)  # fmt: skip
def test_the_size_of_a_team_is_the_schemes(profile, least, deep):
    pack = load_profile(profile)
    for asked, far in ((least, False), (deep, True)):
        for size in range(7):
            serving = [TeamMemberDraft(name=str(n), role="member") for n in range(size)]
            short = [each for each in team_problems(pack, serving, deep=far) if not each.field]
            assert bool(short) == (size < asked), (size, asked)


@pytest.mark.parametrize(
    ("profile", "owed"),
    [
        ("national-2018", {}), ("xinjiang-2016", {}), ("shangzhou-2020", {}),
        ("guangdong-2016", {"leaders": (2, "year")}),
        ("jiangsu-2018", {"hear": (1, "year"), "study": (1, "year"), "on_site": (1, "year"),
                          "city_study": (1, "quarter"), "county_study": (1, "month")}),
    ],
)  # fmt: skip
def test_how_often_somebody_comes_is_the_schemes(profile, owed):
    """GZ-15.2: leaders twice a year; JS-7.2.1: 1+1+1 a year, cities each quarter, counties each month (DOMAIN 1.6)."""
    visits = load_profile(profile).visits
    assert {key: (rule.times, rule.per) for key, rule in visits.items() if rule.each == "village"} == owed
    homes = {rule.each: rule.days for rule in visits.values() if rule.each != "village"}
    assert homes["household"] == 92
    assert homes["watched"] == 31


def test_elsewhere_the_leader_may_be_the_first_secretary(desk):
    both = TeamMemberDraft(name="周敏", role="leader", also="first_secretary", starts_on=SINCE)
    desk.team.save_member(both, "list")
    assert desk.team.shortfall() == ()


def test_a_role_is_held_by_one_at_a_time_and_who_goes_says_why(desk, member):
    assert refused(desk.team.save_member, TeamMemberDraft(name="吴刚", role="leader")) == {"role"}
    first = desk.team.members()[0]
    assert refused(desk.team.save_member, replace(first, ends_on=date(2019, 3, 1))) == {"end_reason"}
    desk.team.save_member(replace(first, ends_on=date(2019, 3, 1), end_reason="期满轮换"), "rotation")
    desk.team.save_member(TeamMemberDraft(name="吴刚", role="leader", starts_on=date(2019, 3, 2)), "rotation")
    assert [each.name for each in desk.team.serving()] == ["吴刚"]
    assert refused(desk.team.save_member, TeamMemberDraft(name=" ", role="king", also="x")) == {"name", "role", "also"}


def test_a_pairing_ends_with_its_reason_and_stays_in_the_history(desk, story, home):
    helper = desk.team.save_helper(HelperDraft(name="周敏"), "list").records["helper"][0]
    pairing = desk.team.pair(home.id, helper, story.today - timedelta(days=30), "list").records["pairing"][0]
    with pytest.raises(Refused):
        desk.team.end_pairing(pairing, story.today, " ")
    desk.team.end_pairing(pairing, story.today, "moved away")
    assert [each.end_reason for each in desk.team.pairings(home.id)] == ["moved away"]
    with pytest.raises(Refused):
        desk.team.end_pairing(pairing, story.today, "again")


# visits --------------------------------------------------------------------------------------------------------------


def test_a_visit_says_who_came_when_and_what_was_said(desk, story, home):
    empty = VisitDraft(promise_due=story.today)
    assert refused(desk.visits.save, empty) == {"household_id", "visitor", "visited_on", "heard", "promise"}
    ahead = visit(story, home, visited_on=story.today + timedelta(days=1))
    assert refused(desk.visits.save, ahead) == {"visited_on"}
    made = desk.visits.save(visit(story, home, promise="联系水利站", promise_due=story.today), "visit")
    (row,) = desk.visits.rows(home.id)
    assert (row.head, row.group, row.promise_open) == (home.head.name, home.group, True)
    visit_id = made.records["visit"][0]
    assert refused(desk.visits.keep_promise, visit_id, story.today + timedelta(days=1)) == {"promise_kept_on"}
    desk.visits.keep_promise(visit_id, story.today, "done")
    assert not desk.visits.rows()[0].promise_open


def test_a_wrong_entry_is_struck_with_a_reason(desk, story, home):
    made = desk.visits.save(visit(story, home), "visit").records["visit"][0]
    with pytest.raises(Refused):
        desk.visits.strike(made, "")
    desk.visits.strike(made, "entered for the wrong household")
    assert desk.visits.rows() == ()
    with pytest.raises(Refused):
        desk.visits.get(made)


def test_visits_fall_due_by_the_profile(desk, story, clock, home):
    assert {due.due_on for due in desk.visits.due()} == {story.today}  # nobody was visited yet
    desk.visits.save(visit(story, home), "visit")
    assert home.id not in {due.household.id for due in desk.visits.due()}
    clock.to(story.today + timedelta(days=78))
    (mine,) = [due for due in desk.visits.due() if due.household.id == home.id]
    assert (mine.due_on, mine.watched) == (date(2019, 11, 10) + timedelta(days=92), False)
    watched = replace(desk.households.get(home.id), monitoring_class="1")
    desk.households.save(watched, "recognised")
    (mine,) = [due for due in desk.visits.due() if due.household.id == home.id]
    assert (mine.due_on, mine.watched) == (date(2019, 11, 10) + timedelta(days=31), True)
    desk.events.removed(home.id, Occasion(desk.site.today(), reason_code="99"))
    assert home.id not in {due.household.id for due in desk.visits.due()}


def test_what_the_unit_owes_is_counted_in_its_period(desk, story):
    desk.visits.save(VisitDraft(rule="on_site", visitor="局长", visited_on=story.today, heard="现场办公"), "visit")
    desk.visits.save(
        VisitDraft(rule="on_site", visitor="局长", visited_on=date(2018, 12, 31), heard="现场办公"), "visit"
    )
    assert {norm.rule.key: norm.done for norm in desk.visits.norms()} == {"hear": 0, "study": 0, "on_site": 1}
    assert refused(desk.visits.save, VisitDraft(rule="dinner", visitor="局长", visited_on=story.today, heard="x")) == {
        "household_id"
    }


# days ----------------------------------------------------------------------------------------------------------------


def test_a_visit_is_a_day_on_site_and_a_written_day_counts_beside_it(desk, story, home, member):
    desk.visits.save(visit(story, home, visitor="吴刚", companion="李静、周敏"), "visit")
    yesterday = story.today - timedelta(days=1)
    desk.duty.write(WorkdayDraft(staff_id=member, day=yesterday, kind="1", work="入户测产"), "day")
    desk.duty.write(WorkdayDraft(staff_id=member, day=yesterday, kind="2", work="县里开会"), "corrected")
    (row,) = desk.duty.month(2019, 11)
    assert (row.count("1"), row.count("2")) == (1, 1)
    assert row.days[8].work == "县里开会"
    assert [len(day.visits) for day in row.days if day.visits] == [1]
    assert desk.duty.months(2019) == ((11, member),)


def test_days_are_written_when_they_have_come_by_who_serves(desk, story, member):
    ahead = WorkdayDraft(staff_id=member, day=story.today + timedelta(days=1), kind="1")
    assert refused(desk.duty.write, ahead) == {"day"}
    assert refused(desk.duty.write, replace(ahead, day=SINCE - timedelta(days=1))) == {"day"}
    assert refused(desk.duty.write, replace(ahead, day=story.today, kind="")) == {"kind"}
    assert refused(desk.duty.write, replace(ahead, staff_id="nobody")) == {"staff_id"}


def test_leave_is_granted_does_not_overlap_and_ends_early(desk, story, member):
    leave = LeaveDraft(
        staff_id=member, kind="2", starts_on=date(2019, 11, 4), ends_on=date(2019, 11, 8), granted_by="镇党委"
    )
    wrong = replace(leave, kind="", granted_by=" ", ends_on=date(2019, 11, 1))
    assert refused(desk.duty.ask_leave, wrong) == {"kind", "granted_by", "ends_on"}
    made = desk.duty.ask_leave(leave, "asked").records["leave"][0]
    assert refused(desk.duty.ask_leave, replace(leave, starts_on=date(2019, 11, 8))) == {"starts_on"}
    on_site = WorkdayDraft(staff_id=member, day=date(2019, 11, 7), kind="1")
    assert refused(desk.duty.write, on_site) == {"day"}
    assert desk.duty.month(2019, 11)[0].count("leave") == 5
    assert refused(desk.duty.end_leave, made, date(2019, 11, 3)) == {"back_on"}
    desk.duty.end_leave(made, date(2019, 11, 7), "back")
    desk.duty.write(on_site, "day")
    assert desk.duty.month(2019, 11)[0].count("leave") == 3
    desk.duty.ask_leave(replace(leave, starts_on=date(2019, 11, 8)), "asked again")


def test_the_rules_read_days_and_unit_visits(desk, story, home, member):
    story.clock.to(date(2019, 12, 31))
    found = {finding.rule for finding in desk.checks.run(only=("X10", "X12")).findings}
    assert found == {"X10", "X12"}


# papers --------------------------------------------------------------------------------------------------------------


def printed(desk, kind, year=2019):
    subjects = desk.papers.subjects(kind, year)
    return [
        "".join(page.extract_text() for page in PdfReader(BytesIO(desk.papers.preview(kind, [subject]).pdf)).pages)
        for subject in subjects
    ]


def test_diary_record_and_attendance_come_from_the_same_lines(desk, story, home, member):
    rare = "阿卜杜热合曼·买买提尼亚孜"
    head = replace(home.members[0], name=rare)
    desk.households.save(replace(home, members=(head, *home.members[1:])), "name")
    desk.visits.save(
        visit(story, home, heard="想修水窖", problem="路灯坏了", promise="报修", promise_due=story.today), "visit"
    )
    desk.visits.keep_promise(desk.visits.rows()[0].visit.id, story.today, "done")
    desk.duty.write(WorkdayDraft(staff_id=member, day=date(2019, 11, 4), kind="2", work="县里开会"), "day")
    (diary,), (record,), (sheet,) = (printed(desk, kind) for kind in ("visit_diary", "work_record", "attendance"))
    plain = "".join(diary.split())
    assert all(word in plain for word in ("想修水窖", "问题：路灯坏了", "报修", "办结", "本月走访1次，1户"))
    assert rare in plain
    assert all(word in "".join(record.split()) for word in ("县里开会", "外出办事", "在村", rare))
    assert all(word in sheet for word in ("周敏", "不少于20天", "2019年11月"))
    assert desk.papers.subjects("visit_diary", 2018) == ()
    names = {
        desk.papers.file_name("work_record", subject, 2019) for subject in desk.papers.subjects("work_record", 2019)
    }
    assert names == {f"work_record-2019-11-{member[-8:]}-2019.pdf"}


def test_an_illness_is_no_ground_that_is_described(desk, member):
    """A leave has a ground of a short list, and no free text beside it."""
    assert not {"reason", "note", "illness"} & set(LeaveDraft.__dataclass_fields__)

"""An exit attacked from every side: a file saved, a roster taken in, the work of another laptop, a clock set back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from tests.core.services.conftest import CHEAP, PASSPHRASE
from tests.factories import VILLAGE, YEAR, make_id_number
from villagedesk.desk import create_desk
from villagedesk.drafts.exit import EvaluationDraft, SignatureDraft
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Refused
from villagedesk.hub import create_hub
from villagedesk.policy.quorum import Vote
from villagedesk.records.load import load


def rules(refusal):
    return {problem.rule for problem in refusal.value.problems}


def test_a_file_is_not_saved_into_an_exit(desk, story):
    home = desk.households.all()[0]
    for changed in ({"state": "1", "exited_year": YEAR}, {"state": "4"}):
        with pytest.raises(Refused) as refusal:
            desk.households.save(replace(home, **changed), "typed")
        assert [problem.field for problem in refusal.value.problems] == ["state"]
        assert desk.households.get(home.id).state == home.state
    before = replace(home, state="1", exited_year=YEAR - 2)
    desk.households.save(before, "an exit of the years before this desk")
    assert desk.households.get(home.id).state == "1"


def test_what_the_procedure_finished_may_be_saved_again(desk, story):
    cases, _ = story.exited()
    home = desk.households.get(desk.exits.get(cases[0]).household_id)
    assert home.state == "1"
    desk.households.save(replace(home, note="looked in"), "visit")
    assert desk.households.get(home.id).state == "1"


@pytest.mark.parametrize("emptied", [False, True])
@pytest.mark.parametrize("word", ["已脱贫（享受政策）", "剔除", "终止"])
def test_a_roster_exits_and_removes_nobody_and_says_which_line_it_left(desk, tmp_path, word, emptied):
    file = tmp_path / "register.xlsx"
    desk.rosters.write_register("households", file, YEAR)
    for home in desk.households.all() if emptied else ():
        desk.households.save(replace(home, state=""), "emptied, to be filled by a roster")
    book = load_workbook(file)
    sheet = book.worksheets[0]
    heading = next(row for row in sheet.iter_rows() if any("脱贫" in str(cell.value) for cell in row))
    place = next(cell.column for cell in heading if str(cell.value).startswith("脱贫"))
    sheet.cell(heading[0].row + 1, place).value = word
    book.save(file)
    preview = desk.rosters.preview(file, year=YEAR)
    assert [each.column for each in preview.rejected] == ["household.state"]
    desk.rosters.take(preview, "register of the county")
    assert {home.state for home in desk.households.all()} <= {"0", ""}


def test_neither_a_roster_nor_the_file_takes_back_an_exit_that_stands(desk, story, tmp_path):
    roster = tmp_path / "before.xlsx"
    desk.rosters.write_register("households", roster, YEAR)
    cases, _ = story.exited()
    home = desk.households.get(desk.exits.get(cases[0]).household_id)
    assert home.state == "1"
    preview = desk.rosters.preview(roster, year=YEAR)
    assert {each.column for each in preview.rejected} == {"household.state"}
    assert len(preview.rejected) == len(cases)
    desk.rosters.take(preview, "the county's list of last spring")
    assert desk.households.get(home.id).state == "1"
    for wrong in (replace(home, state="0"), replace(home, state=""), replace(home, exited_year=YEAR - 1)):
        with pytest.raises(Refused) as refusal:
            desk.households.save(wrong, "typed over")
        assert rules(refusal) == {"exit"}
    desk.households.save(replace(home, state="4"), "stable now")


def test_a_clock_set_back_moves_no_step_and_no_meeting(desk, story, clock):
    cases = story.cases()
    clock.to(story.today - timedelta(days=30))
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases, "verify", "visit")
    assert rules(refusal) == {"clock"}
    desk.clock.confirm("the later day came from a wrong clock")
    story.verify(cases)
    assert desk.exits.get(cases[0]).state == "verified"


def test_one_hand_in_two_roles_is_refused_with_the_roles(desk, story):
    cases = story.cases()
    story.verify(cases)
    story.evaluate(cases)
    story.agree(cases)
    marks = story.marks()
    twice = [replace(mark, person="周敏") if mark.role in {"group", "village"} else mark for mark in marks]
    desk.exits.sign(cases[0], twice, "signing day")
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases[:1], "sign", "signing day")
    assert rules(refusal) == {"one_role_each"}
    assert "周敏" in str(refusal.value.problems[0])


@pytest.fixture
def two_laptops(desk, tmp_path, clock):
    """A second laptop of the village, and the township they meet by."""
    hub, _ = create_hub(tmp_path / "hub", PASSPHRASE, "柳河镇", VILLAGE[:9], author="张办", clock=clock)
    village = VillageDraft(code=VILLAGE, name="沙洲村", township="柳河镇", county="泗洪县", profile="jiangsu-2018")
    other, _ = create_desk(tmp_path / "other", PASSPHRASE, village, author="吴刚", clock=clock, cost=CHEAP)

    def meet():
        stick = tmp_path / "stick"
        stick.mkdir(exist_ok=True)
        for each in (desk, other):
            if not each.sync.status().joined:
                each.sync.join(hub.township.invite(VILLAGE, stick), each.author)
            hub.township.receive([each.sync.send(stick).path])
        for written in hub.township.reply(stick):
            for each in (desk, other):
                each.sync.receive(written.path)

    with hub, other:
        meet()
        yield other, meet


@pytest.fixture
def hub_of(desk, tmp_path, clock):
    """A township, and what becomes of a file of the desk there."""
    hub, _ = create_hub(tmp_path / "hub", PASSPHRASE, "柳河镇", VILLAGE[:9], author="张办", clock=clock)
    stick = tmp_path / "stick"
    stick.mkdir()

    def send():
        (result,) = hub.township.receive([desk.sync.send(stick).path])
        return result

    with hub:
        desk.sync.join(hub.township.invite(VILLAGE, stick), desk.author)
        yield hub, send


def test_what_another_laptop_did_is_in_the_way_here(desk, story, two_laptops):
    """A birth entered there after the first signature here; an objection told there while the notice hangs here."""
    other, meet = two_laptops
    cases, notice = story.posted()
    meet()
    assert {other.exits.get(case).state for case in cases} == {"posted"}
    home = other.households.get(other.exits.get(cases[0]).household_id)
    born = date(YEAR, 11, 1)
    baby = replace(home.members[-1], id="", name="新", person_no="", relation="04", birth=born,
                   id_number=make_id_number(born, "2", place=9))  # fmt: skip
    other.households.save(replace(home, members=(*home.members, baby)), "born")
    other.objections.register(ObjectionDraft(notice_id=notice, case_id=cases[1], text="收入不实"), "told")
    meet()
    story.clock.to(desk.notices.get(notice).ends_on + timedelta(days=1))
    taken = desk.exits.take_possible(cases, "report", "report", reported_on=story.today)
    assert {case: {problem.rule for problem in why.problems} for case, why in taken.refused.items()} == {
        cases[0]: {"members_changed", "H04"},
        cases[1]: {"objections"},
    }
    assert desk.exits.get(cases[2]).state == "reported"


def test_a_mark_written_down_on_two_laptops_is_shown_to_a_person(desk, story, two_laptops):
    other, meet = two_laptops
    cases = story.cases()
    story.verify(cases)
    story.evaluate(cases)
    story.agree(cases)
    meet()
    cell = desk.exits.scheme.cells[1]
    for each, person in ((desk, "周敏"), (other, "吴刚")):
        mark = SignatureDraft(role=cell.role.key, item=cell.item.key, person=person, signed_on=story.today)
        each.exits.sign(cases[0], [mark], "signing day")
    meet()
    assert desk.sync.status().conflicts
    with pytest.raises(Refused):
        desk.exits.take(cases[:1], "sign", "signing day")


def test_the_township_takes_no_file_that_rewrites_a_printed_paper(desk, story, hub_of, tmp_path):
    """A laptop changes in its own store what a signed sheet said, and sends it."""
    hub, send = hub_of
    cases = story.signed()
    desk.papers.print("signoff_sheet", cases[:1], "for signing")
    assert send().status == "accepted"
    (paper,) = desk.papers.printed(cases[0])
    with desk.site.store.work("test", "forged") as work:
        work.put("paper", VILLAGE, {"sheet": paper.sheet.replace("a", "b"), "digest": "0" * 64}, paper.id)
    refused = send()
    assert refused.status == "rejected"
    assert "What was printed stays as it was" in refused.reason.render("en")
    with hub.place.store.read() as connection:
        stored = load(connection, "paper", [paper.id])[paper.id]
    assert (stored.sheet, stored.digest) == (paper.sheet, paper.digest)


def test_the_township_answers_no_exit_whose_marks_are_not_there(desk, story, hub_of):
    """A laptop claims “reported” for a case whose sheet lacks a mark, and for one nobody asked."""
    hub, send = hub_of
    cases, notice = story.posted()
    story.clock.to(desk.notices.get(notice).ends_on + timedelta(days=1))
    lost = desk.exits.get(cases[0]).signatures[1]
    with desk.site.store.work("test", "forged") as work:
        work.remove("signature", lost.id)
        work.put("exit", VILLAGE, {"household_answer": ""}, cases[1])
        for case in cases:
            work.put("exit", VILLAGE, {"state": "reported", "reported_on": story.today}, case)
    assert send().status == "accepted"
    for case, rule in ((cases[0], "signatures"), (cases[1], "household_answer")):
        with pytest.raises(Refused) as refusal:
            hub.acts.reply_to_exits(VILLAGE, [case], "柳政发〔2019〕30号", story.today, "letter")
        assert rules(refusal) == {rule}
        assert desk.households.get(desk.exits.get(case).household_id).no in str(refusal.value.problems[0].text)
    hub.acts.reply_to_exits(VILLAGE, cases[2:], "柳政发〔2019〕30号", story.today, "letter")


def test_a_meeting_or_an_answer_before_the_check_at_the_door_takes_no_step(desk, story):
    cases = story.cases()
    story.clock.to(story.today + timedelta(days=3))
    story.verify(cases)
    early = story.today - timedelta(days=1)
    meeting = EvaluationDraft(year=YEAR, held_on=early, place="村部", chair="张平", recorder="李静", due=30, present=24)
    desk.exits.evaluate(meeting, {cases[0]: Vote(30, 24, 20, 4)}, "minutes")
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases[:1], "evaluate", "minutes")
    assert rules(refusal) == {"steps_in_order"}
    story.evaluate(cases)
    desk.exits.answer(cases[0], "agrees", early, "", "visit")
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases[:1], "acknowledge", "visit")
    assert rules(refusal) == {"steps_in_order"}

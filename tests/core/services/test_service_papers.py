"""Papers through a real store: what is previewed is printed, what was printed is kept, what changed since is shown."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from tests.factories import YEAR
from villagedesk.documents.papers import load_papers
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.drafts.plan import WishDraft
from villagedesk.drafts.village_exit import VillageExitDraft
from villagedesk.errors import Refused
from villagedesk.policy.signoff import scheme
from villagedesk.services.frozen import places_of
from villagedesk.services.notice_kinds import notice_of_kind
from villagedesk.services.paper_kinds import SUBJECTS
from villagedesk.services.sheets.exits import signoff_sheet


def test_every_paper_kind_is_made_of_the_story(desk, story):
    story.exited()
    for kind in SUBJECTS:
        for subject in desk.papers.subjects(kind, YEAR)[:1]:
            rendered = desk.papers.preview(kind, [subject])
            assert rendered.pages >= 1, kind
            assert desk.papers.file_name(kind, subject, YEAR).endswith(f"-{YEAR}.pdf")
    assert {paper.key for paper in desk.papers.kinds()} == set(SUBJECTS) & set(load_papers())


def test_papers_of_a_batch_lie_by_village_group(desk):
    for kind in ("household_file", "income_sheet"):
        made = [desk.papers.sheet(kind, subject).fields["group"] for subject in desk.papers.subjects(kind, YEAR)]
        assert made == ["一组", "二组", "十组"]


def test_what_is_previewed_is_printed(desk, story):
    story.cases()
    for kind in ("household_file", "signoff_sheet"):
        subject = desk.papers.subjects(kind, YEAR)[0]
        preview = desk.papers.preview(kind, [subject])
        assert desk.papers.print(kind, [subject], "print")[0].rendered.pdf == preview.pdf


@pytest.mark.parametrize("look", [{}, {"duplex": True}])
def test_a_volume_registers_each_paper_as_printing_it_alone_does(desk, story, look):
    story.cases()
    subjects = desk.papers.subjects("signoff_sheet", YEAR)
    chosen = desk.papers.look(**look)
    volume = desk.papers.print_volume("signoff_sheet", subjects, "all at once", look=chosen)
    assert volume.pdf == desk.papers.preview("signoff_sheet", subjects, look=chosen).pdf
    together = [desk.papers.printed(subject) for subject in subjects]
    alone = desk.papers.print("signoff_sheet", subjects, "one by one", look=chosen)
    assert [[paper.id for paper in papers] for papers in together] == [[each.paper_id] for each in alone]
    for (paper,), each in zip(together, alone, strict=True):
        assert paper.digest == each.rendered.digest
        assert places_of(paper.sheet)


def test_a_printed_paper_comes_again_word_for_word(desk, story, home_of):
    (printed,) = desk.papers.print("household_file", [home_of("一组").id], "print")
    story.clock.to(story.today.replace(month=12))
    home = home_of("一组")
    desk.households.save(replace(home, members=(replace(home.members[0], name="王建设"), *home.members[1:])), "visit")
    again = desk.papers.reprint(printed.paper_id)
    assert again.pdf == printed.rendered.pdf
    assert read_by_another(again.pdf) == read_by_another(printed.rendered.pdf)
    assert "王建国" in read_by_another(again.pdf)
    fresh = desk.papers.preview("household_file", [home.id])
    assert fresh.digest != printed.rendered.digest
    assert "王建设" in read_by_another(fresh.pdf)


def read_by_another(pdf):
    """The words of a paper as a library reads them that had no part in writing it."""
    pages = pypdfium2.PdfDocument(pdf)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_altered_since_signing_names_field_then_and_now(desk, home_of):
    home = home_of("一组")
    (printed,) = desk.papers.print("household_file", [home.id], "print")
    desk.papers.signed(printed.paper_id, "signed")
    assert desk.papers.get(printed.paper_id).signed
    assert desk.papers.altered(printed.paper_id) == ()
    head = replace(home.members[0], phone="", education="04")
    desk.households.save(replace(home, dwelling="C", members=(head, *home.members[1:])), "visit")
    found = {(each.field.split()[0], each.then, each.now) for each in desk.papers.altered(printed.paper_id)}
    word = desk.profile.codes.word
    assert (load_papers()["household_file"].fields["dwelling"], word("housing", "B"), word("housing", "C")) in found
    assert any((then, now) == (word("education", "03"), word("education", "04")) for _, then, now in found)
    assert len(found) == 2


def test_a_member_who_came_later_is_seen(desk, home_of):
    home = home_of("一组")
    desk.households.save(replace(home, members=home.members[:2]), "typed")
    (printed,) = desk.papers.print("household_file", [home.id], "print")
    later = desk.households.get(home.id)
    desk.households.save(replace(later, members=(*later.members, replace(home.members[2], id=""))), "a child")
    assert ("", "王思琪") in {(each.then, each.now) for each in desk.papers.altered(printed.paper_id)}


def test_a_paper_that_comes_back_signed_is_one_paper_while_it_says_the_same(desk, story):
    cases = story.cases()
    first, second = (desk.papers.print("signoff_sheet", [cases[0]], "print")[0] for _ in range(2))
    assert first.paper_id == second.paper_id
    assert len(desk.papers.printed(cases[0])) == 1
    home = desk.households.get(desk.exits.get(cases[0]).household_id)
    desk.households.save(replace(home, members=home.members[:2]), "moved out")
    third = desk.papers.print("signoff_sheet", [cases[0]], "print anew")[0]
    assert third.paper_id != first.paper_id
    assert desk.papers.reprint(first.paper_id).pdf == first.rendered.pdf


def test_the_sheet_names_evidence_in_words(desk, story):
    cases = story.cases()
    sheet = desk.papers.sheet("signoff_sheet", cases[0])
    basis = "、".join(row[2] for row in sheet.tables["items"])
    assert "收入测算表" in basis
    assert "income_sheet" not in basis


def test_the_sheet_says_how_each_mark_may_be_made_and_who_may_be_signed_for(desk, story):
    cases = story.cases()
    sheet = desk.papers.sheet("signoff_sheet", cases[0])
    ways = {row[0]: row[1].partition("（")[2].rstrip("）") for row in sheet.tables["signers"]}
    assert (ways["户主"], ways["结对帮扶责任人"], ways["村党组织书记或村委会主任"]) == (
        "签字或手印",
        "签字",
        "签字或盖章",
    )
    group = next(role for role in desk.exits.scheme.preset.roles.values() if role.substitute)
    assert group.title in sheet.fields["in_place"]
    other = scheme(desk.site.profile, "state")
    row = desk.exits.row(cases[0])
    assert signoff_sheet(desk.site, "村", row, other).fields["in_place"] == "不得代签、补签、空签；"


def test_a_public_paper_that_would_leak_is_refused_with_the_page(desk, story):
    cases = story.signed()
    home = desk.households.get(desk.exits.get(cases[0]).household_id)
    named = replace(home.members[0], name=f"王{home.members[0].id_number}")
    desk.households.save(replace(home, members=(named, *home.members[1:])), "typing error")
    notice = desk.notices.draft("exit", YEAR, cases, "notice").records["notice"][0]
    desk.notices.plan_days(notice, story.today, "days")
    with pytest.raises(Refused) as refusal:
        desk.papers.print("exit_notice", [notice], "print")
    assert home.members[0].id_number not in str(refusal.value)
    assert desk.notices.get(notice).digest == ""
    assert desk.papers.printed(notice) == ()


def test_a_paper_without_subject_or_kind_is_refused(desk):
    with pytest.raises(Refused):
        desk.papers.preview("household_file", [])
    with pytest.raises(Refused):
        desk.papers.preview("party_invitation", ["x"])
    with pytest.raises(Refused):
        desk.papers.reprint("nothing")


@pytest.fixture
def home_of(desk):
    return lambda group: next(each for each in desk.households.all() if each.group == group)


def test_every_paper_that_can_be_filled_in_by_hand_comes_empty(desk):
    for kind in ("wish_sheet", "exit_record", "income_sheet", "plan_sheet", "objection_sheet", "evaluation_minutes"):
        rendered = desk.papers.by_hand(kind)
        assert "12317" in "".join(rendered.texts) or kind != "wish_sheet"
        assert "王建国" not in "".join(rendered.texts)
    with pytest.raises(Refused):
        desk.papers.by_hand("exit_notice")
    with pytest.raises(Refused):
        desk.papers.by_hand("party_invitation")


def test_the_papers_of_a_wish_say_that_it_is_free(desk, home_of):
    home = home_of("一组")
    wish = WishDraft(
        household_id=home.id, member_id=home.members[0].id, kind="01", asked_on=date(YEAR, 11, 1), asked_by="周敏",
        second_asker="吴刚", place="家中", alternatives="村里的大棚", answer="2", own_words="家里老人要照顾，不去。",
    )  # fmt: skip
    wish_id = desk.wishes.save(wish, "asked at home").records["wish"][0]
    text = "".join(desk.papers.preview("wish_sheet", [wish_id]).texts)
    for words in ("家里老人要照顾，不去。", "2019年11月8日", "周敏、吴刚", "不愿意"):
        assert words in text
    assert "退出不需要理由" in re.sub(r"\s", "", text)


def test_objections_are_answered_on_paper_and_told_to_the_board_as_one(desk, story):
    cases, notice = story.posted()
    objection = ObjectionDraft(notice_id=notice, case_id=cases[0], received_on=story.today, text="这户有车",
                               channel="3", named=False)  # fmt: skip
    first = desk.objections.register(objection, "told").records["objection"][0]
    sheet = "".join(desk.papers.preview("objection_sheet", [first]).texts)
    assert all(words in sheet for words in ("这户有车", "来电", "匿名"))
    for early, subject in (("objection_reply", first), ("objection_result", notice)):
        with pytest.raises(Refused):
            desk.papers.preview(early, [subject])
    desk.objections.answer(first, "车是邻居寄放的", "名单不变", False, story.today, "answered", by="周敏、吴刚")
    assert "车是邻居寄放的" in "".join(desk.papers.preview("objection_reply", [first]).texts)
    told = "".join(desk.papers.preview("objection_result", [notice]).texts)
    assert "收到意见1件" in re.sub(r"\s", "", told)
    assert "有车" not in told
    (row,) = desk.objections.all()
    assert (row.objection.state, row.open, [step.verb for step in row.steps]) == (
        "answered", True, ["publish", "close"],
    )  # fmt: skip
    desk.objections.publish(first, "on the board")
    assert not desk.objections.all()[0].open


def test_the_archive_papers_count_what_was_registered(desk, home_of):
    home = home_of("一组")
    desk.papers.print("household_file", [home.id], "print")
    assert "1件" in "".join(desk.papers.preview("file_cover", [home.id]).texts)
    boxes = desk.papers.sheet("box_list", str(YEAR))
    assert [row[5] for row in boxes.tables["files"]] == ["1", "0", "0"]
    labels = desk.papers.sheet("spine_labels", str(YEAR)).tables["labels"]
    assert len(labels) == 1
    assert home.no in labels[0][0]


def test_a_village_exit_comes_on_its_papers(desk):
    figures = tuple((name, 1, "统计台账") for name in desk.villages.fields)
    case = desk.villages.save(VillageExitDraft(year=YEAR, figures=figures), "figures").records["village_exit"][0]
    assert "统计台账" in "".join(desk.papers.preview("village_exit_record", [case]).texts)
    for kind, field in (("village_exit", "starts_on"), ("village_exit_result", "approval")):
        notice = desk.notices.draft(kind, YEAR, [case], "too early").records["notice"][0]
        with pytest.raises(Refused) as refusal:
            desk.papers.preview(notice_of_kind(kind).paper, [notice])
        assert [problem.field for problem in refusal.value.problems] == [field]

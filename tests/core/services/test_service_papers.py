"""Papers through a real store: what is previewed is printed, what was printed is kept, what changed since is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories import YEAR
from villagedesk.documents.papers import load_papers
from villagedesk.errors import Refused
from villagedesk.services.papers import SUBJECTS


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


def test_a_printed_paper_comes_again_word_for_word(desk, story, home_of):
    (printed,) = desk.papers.print("household_file", [home_of("一组").id], "print")
    story.clock.to(story.today.replace(month=12))
    home = home_of("一组")
    desk.households.save(replace(home, members=(replace(home.members[0], name="王建设"), *home.members[1:])), "visit")
    assert desk.papers.reprint(printed.paper_id).pdf == printed.rendered.pdf
    assert desk.papers.preview("household_file", [home.id]).digest != printed.rendered.digest


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

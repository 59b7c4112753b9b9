"""What changed since a paper was printed: data, the profile's words or the template; only that is printed again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories import YEAR
from villagedesk.documents import papers as paper_files
from villagedesk.documents.papers import load_papers
from villagedesk.documents.sheet import Look
from villagedesk.services import own_papers
from villagedesk.services.frozen import said_in, terms_of, thaw


@pytest.fixture
def printed(desk):
    """The household files of all three households, printed today."""
    subjects = desk.papers.subjects("household_file", YEAR)
    return dict(zip(subjects, desk.papers.print("household_file", subjects, "print"), strict=True))


@pytest.fixture
def template(monkeypatch):
    """Changes a template as a county would; everything that reads templates sees it."""

    def change(kind, **changes):
        known = dict(load_papers())
        known[kind] = replace(known[kind], **changes)
        for module in ("papers", "render"):
            monkeypatch.setattr(f"villagedesk.documents.{module}.load_papers", lambda: known)
        monkeypatch.setattr(own_papers, "load_papers", lambda: known)
        assert paper_files.load_papers()[kind] == known[kind]

    return change


def edit(block, before, after):
    assert before in block.text
    return replace(block, text=block.text.replace(before, after))


def test_nothing_has_changed_right_after_printing(desk, printed):
    assert len(printed) == 3
    assert desk.papers.changed("household_file", YEAR) == ()
    assert desk.papers.reprint_changed("household_file", YEAR, "again") == ()


def test_time_alone_changes_no_paper(desk, printed, story):
    story.clock.to(story.today.replace(month=12))
    assert desk.papers.changed("household_file", YEAR) == ()


def test_changed_data_name_field_then_and_now_and_only_they_are_printed(desk, printed):
    subject = next(iter(printed))
    desk.households.save(replace(desk.households.get(subject), dwelling_area=12_000), "measured")
    (found,) = desk.papers.changed("household_file", YEAR)
    assert (found.subject_id, found.signed) == (subject, False)
    label = load_papers()["household_file"].fields["dwelling_area"]
    assert [(each.field, each.now) for each in found.altered] == [(label, "120")]
    assert found.altered[0].then not in {"", "120"}
    (again,) = desk.papers.reprint_changed("household_file", YEAR, "measured")
    assert desk.papers.get(again.paper_id).subject_id == subject
    assert desk.papers.changed("household_file", YEAR) == ()
    assert len(desk.papers.printed(subject)) == 2


def test_a_changed_sentence_of_the_template_is_shown_then_and_now(desk, printed, template):
    paper = load_papers()["household_file"]
    blocks = (edit(paper.blocks[0], "家庭信息表", "家庭基本信息表"), *paper.blocks[1:])
    template("household_file", blocks=blocks)
    found = desk.papers.changed("household_file", YEAR)
    assert {each.paper_id for each in found} == {each.paper_id for each in printed.values()}
    ((told,),) = {each.altered for each in found}
    assert (told.then[-5:], told.now[-7:]) == ("家庭信息表", "家庭基本信息表")


def test_a_template_that_only_looks_different_is_told_too(desk, printed, template):
    template("household_file", large=True)
    found = desk.papers.changed("household_file", YEAR)
    assert len(found) == 3


def test_the_words_of_the_profile_are_told_by_name(desk, printed, monkeypatch):
    words = terms_of(desk.papers.get(next(iter(printed.values())).paper_id).sheet)
    monkeypatch.setattr("villagedesk.services.papers.common.terms", lambda profile: {**words, "household_word": "农户"})
    told = {each for paper in desk.papers.changed("household_file", YEAR) for each in paper.altered}
    assert [(each.field, each.then, each.now) for each in told] == [("household_word", words["household_word"], "农户")]


def test_a_paper_comes_again_in_the_words_of_its_time(desk, printed, monkeypatch):
    subject, paper = next(iter(printed.items()))
    monkeypatch.setattr("villagedesk.services.papers.common.terms", lambda profile: {"household_word": "农户"})
    assert desk.papers.reprint(paper.paper_id).pdf == paper.rendered.pdf
    assert "农户家庭信息表" in desk.papers.preview("household_file", [subject]).texts[0].replace("低收入", "")


def test_a_paper_keeps_its_words_and_its_look(desk, story):
    story.cases()
    look = Look(large=True, by_group=True, up=2, size="A3")
    (paper,) = desk.papers.print("exit_list", [str(YEAR)], "print", look=look)
    kept = desk.papers.get(paper.paper_id)
    assert thaw(kept.sheet).look == look
    assert "\n".join(said_in(kept.sheet)) == "\n".join(paper.rendered.texts)
    assert desk.papers.reprint(paper.paper_id).pdf == paper.rendered.pdf
    home = desk.households.all()[0]
    desk.households.save(replace(home, members=home.members[:2]), "moved out")
    (again,) = desk.papers.reprint_changed("exit_list", YEAR, "moved out")
    assert thaw(desk.papers.get(again.paper_id).sheet).look == look


def test_a_sheet_that_comes_back_has_another_code_in_another_look(desk, story):
    case = story.cases()[0]
    plain, large = (
        desk.papers.print("signoff_sheet", [case], "print", look=look)[0].paper_id
        for look in (Look(), Look(large=True))
    )
    assert plain != large


def test_only_the_last_printing_counts(desk, printed):
    subject = next(iter(printed))
    desk.households.save(replace(desk.households.get(subject), dwelling_area=12_000), "measured")
    desk.papers.print("household_file", [subject], "anew")
    assert desk.papers.changed("household_file", YEAR) == ()


def test_household_files_of_another_year_are_left_alone(desk, printed):
    subject = next(iter(printed))
    desk.households.save(replace(desk.households.get(subject), dwelling_area=12_000), "measured")
    assert desk.papers.changed("household_file", YEAR - 1) == ()

"""A paper with ink on it counts, whatever is printed after it; and it says so when the data have changed since."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from tests.factories import YEAR, make_child
from villagedesk.documents.papers import load_papers


def titled(desk, case, kind):
    """The papers of one kind that the case shows."""
    return [each for each in desk.papers.of_case(case) if each.paper.kind == kind]


@pytest.fixture
def cases(desk, story):
    """A case whose sheet was printed, signed by everybody and taken on."""
    made = story.cases()
    story.verify(made)
    story.evaluate(made)
    story.agree(made)
    desk.papers.print("signoff_sheet", made[:2], "for the signing")
    marks = story.marks()
    for case in made:
        desk.exits.sign(case, marks, "signing day")
    desk.exits.take(made, "sign", "signing day")
    return made


def test_a_sheet_counts_as_signed_once_every_mark_is_on_it(desk, cases):
    (sheet,) = titled(desk, cases[0], "signoff_sheet")
    assert sheet.paper.signed
    assert sheet.altered == ()
    assert titled(desk, cases[2], "signoff_sheet") == []


def test_a_sheet_printed_after_the_signing_takes_nothing_from_the_signed_one(desk, cases):
    (sheet,) = titled(desk, cases[0], "signoff_sheet")
    then = desk.papers.reprint(sheet.paper.id).pdf
    home = desk.households.get(desk.exits.get(cases[0]).household_id)
    child = replace(make_child(name="王新生"), person_no="", id_number="")
    desk.households.save(replace(home, members=(*home.members, child)), "born")
    (again,) = desk.papers.print("signoff_sheet", cases[:1], "printed again")
    signed, fresh = titled(desk, cases[0], "signoff_sheet")
    assert (signed.paper.signed, signed.paper.id) == (True, sheet.paper.id)
    assert signed.altered
    assert (bool(fresh.paper.signed), fresh.paper.id) == (False, again.paper_id)
    assert desk.papers.reprint(signed.paper.id).pdf == then
    pack = desk.packs.pack(cases[0])
    entry = next(e for e in pack.entries if e.title == load_papers()["signoff_sheet"].title)
    pages = PdfReader(io.BytesIO(pack.pdf)).pages
    said = pages[pack.pages - sum(e.pages for e in pack.entries) + entry.first - 1].extract_text()
    assert f"{len(home.members)}人" in said
    assert f"{len(home.members) + 1}人" not in said


def test_a_statement_is_signed_when_it_is_locked(desk, story):
    household = desk.households.all()[0]
    (income,) = desk.households.incomes(household.id)
    desk.papers.print("income_sheet", [income.id], "to be read out")
    desk.households.lock_income(income.id, "signed at home")
    (case,) = desk.exits.propose(YEAR, [household.id], "list").records["exit"]
    (sheet,) = titled(desk, case, "income_sheet")
    assert sheet.paper.signed
    assert sheet.altered == ()
    desk.households.unlock_income(income.id, "a wage was forgotten")
    (income,) = desk.households.incomes(household.id)
    more = (replace(income.lines[0], amount=income.lines[0].amount + 1_00), *income.lines[1:])
    desk.households.save_income(replace(income, lines=more), "a wage was forgotten")
    (sheet,) = titled(desk, case, "income_sheet")
    assert sheet.altered

"""Concerns go their way in their days, and nobody learns who raised one but the team."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.core.services.conftest import PASSPHRASE
from tests.factories import YEAR
from villagedesk import cli
from villagedesk.desk import open_desk
from villagedesk.drafts.concern import ComplainantDraft, ConcernDraft
from villagedesk.errors import Refused
from villagedesk.exchange.registers import register_names
from villagedesk.records.schema import RECORDS
from villagedesk.services.inspection import Words
from villagedesk.services.report import report

WHO = ComplainantDraft(name="孙秘密", contact="15400009876")


@pytest.fixture
def concern(story):
    return ConcernDraft(received_on=story.today, channel="2", topic="04", text="三组路灯坏了两个月")


@pytest.fixture
def registered(desk, concern):
    return desk.concerns.register(concern, WHO, "came to the office").records["concern"][0]


def refused(verb, *given, **values):
    with pytest.raises(Refused) as refusal:
        verb(*given, **values)
    return {problem.field for problem in refusal.value.problems}


def test_a_concern_goes_its_whole_way(desk, story, registered):
    (row,) = desk.concerns.all()
    assert (row.concern.no, row.concern.named, row.due_on) == ("2019-01", True, story.today + timedelta(days=3))
    assert refused(desk.concerns.take, registered, "accept", "taken up") == {"handler"}
    desk.concerns.take(registered, "accept", "taken up", handler="周敏")
    assert desk.concerns.get(registered).accepted_on == story.today
    assert desk.concerns.all()[0].due_on == story.today + timedelta(days=15)
    assert refused(desk.concerns.take, registered, "handle", "done") == {"found"}
    desk.concerns.take(registered, "handle", "done", found="已报供电所更换")
    assert refused(desk.concerns.take, registered, "answer", "told", opinion="月底前修好") == {"opinion"}
    desk.concerns.take(registered, "answer", "told", opinion="月底前修好", answered_on=story.today)
    desk.concerns.take(registered, "close", "settled")
    closed = desk.concerns.get(registered)
    assert (closed.state, closed.closed_on, desk.concerns.all()[0].open) == ("closed", story.today, False)
    assert refused(desk.concerns.take, registered, "report", "month") == {"reported_to"}
    desk.concerns.take(registered, "report", "month", reported_to="镇政府")
    assert desk.concerns.get(registered).reported_on == story.today


def test_what_is_not_taken_up_is_answered_with_the_reason(desk, story, registered):
    assert refused(desk.concerns.take, registered, "decline", "") == {"reason"}
    desk.concerns.take(registered, "decline", "不属于本村")
    assert desk.concerns.get(registered).returned_reason == "不属于本村"
    desk.concerns.take(registered, "answer", "told", opinion="请向县供电公司反映", answered_on=story.today)


def test_what_is_late_goes_up_and_comes_back(desk, story, registered):
    desk.concerns.take(registered, "escalate", "超过三日无人受理", reported_to="镇纪委")
    assert desk.concerns.get(registered).state == "escalated"
    desk.concerns.take(registered, "handle", "done", handler="吴刚", found="已更换")


def test_an_entry_names_what_is_missing(desk, concern, story):
    empty = ConcernDraft(received_on=story.today + timedelta(days=1))
    only_contact = ComplainantDraft(contact="15400009876")
    assert refused(desk.concerns.register, empty, only_contact, "x") == {
        "text", "channel", "topic", "received_on", "name"
    }  # fmt: skip
    desk.concerns.register(concern, None, "box")
    assert desk.concerns.all()[0].concern.named is False
    assert desk.concerns.complainant(desk.concerns.all()[0].concern.id) is None


def test_the_name_stands_in_its_own_place_and_nowhere_else(desk, concern, registered):
    assert refused(desk.concerns.register, replace(concern, text="孙秘密说路灯坏了"), WHO, "x") == {"text"}
    assert refused(desk.concerns.take, registered, "accept", "孙秘密来过", handler="周敏") == {"reason"}
    assert refused(desk.concerns.take, registered, "accept", "x", handler="电话15400009876") == {"handler"}


def test_a_look_at_who_raised_it_is_noted(desk, registered):
    assert not desk.looks.of_person(registered)
    shown = desk.concerns.complainant(registered)
    assert (shown.name, shown.contact) == (WHO.name, WHO.contact)
    assert [look.what for look in desk.looks.of_person(registered)] == ["complainant"]


def test_the_village_committee_does_not_learn_who_raised_it(desk, registered, tmp_path):
    desk.users.add("张平", "cadre", "four blue hills")
    desk.close()
    with open_desk(tmp_path / "desk", "four blue hills", user="张平") as cadre:
        for part in ("concerns", "looks", "persons", "inspections", "history"):
            with pytest.raises(Refused):
                getattr(cadre, part)
        with cadre.site.store.read() as connection:
            for kind in ("complainant", "concern"):
                assert not connection.execute(RECORDS[kind].table.select()).all()


def test_no_list_history_or_paper_shows_who_raised_it(desk, registered, tmp_path, capsys, monkeypatch):
    desk.concerns.take(registered, "accept", "taken up", handler="周敏")
    said = [repr(desk.concerns.all()), repr(desk.history.recent())]
    for kind in desk.papers.kinds():
        subjects = desk.papers.subjects(kind.key, 2019)[:3]
        said += [repr(desk.papers.sheet(kind.key, subject)) for subject in subjects]
    assert len(said) > 4
    desk.close()
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", PASSPHRASE)
    assert cli.main(["list", str(tmp_path / "desk"), "concerns", "--json"]) == 0
    printed = capsys.readouterr().out
    assert [row["no"] for row in json.loads(printed)["rows"]] == ["2019-01"]
    assert not [text for text in (*said, printed) if WHO.name in text or WHO.contact in text]


def test_no_table_pack_or_report_that_leaves_the_desk_shows_who_raised_it(desk, story, registered, tmp_path):
    """What an inspector, the township's form or a report is given: workbooks and volumes, searched cell by cell."""
    words = Words(verb=str, kind=str, field=str)
    desk.inspections.write_history(tmp_path / "history.xlsx", words)
    for key in desk.reports.kinds:
        desk.reports.write(key, story.today, tmp_path / f"report-{key}.xlsx")
    for name in register_names():
        if name != "findings":
            desk.rosters.write_register(name, tmp_path / f"{name}.xlsx")
    said = []
    for file in tmp_path.glob("*.xlsx"):
        book = load_workbook(file)
        said += [str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None]
    assert "2019-01" in said  # the concern itself is in the history
    said += [str(line.text) for line in desk.worklist.items(60)]
    said += [repr(desk.lists.find(text)) for text in (WHO.name, "孙", WHO.contact[-4:])]
    head = desk.households.all()[0].head
    said += [repr(desk.persons.held(head.id)), repr(desk.reports.fill("year", story.today))]
    assert not [text for text in said if WHO.name in text or WHO.contact in text]


def _text(pdf):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_no_evidence_pack_and_no_report_of_a_fault_shows_who_raised_it(desk, story, registered, monkeypatch):
    cases, _ = story.exited()
    said = [_text(desk.packs.pack(cases[0]).pdf), _text(desk.packs.of_list(YEAR).pdf)]

    def broken(*_given, **_values):
        raise RuntimeError(f"{WHO.name} {WHO.contact}")

    monkeypatch.setattr(type(desk.site.store), "work", broken)
    try:
        desk.concerns.register(ConcernDraft(channel="2", topic="04", text="x"), WHO, "came")
    except RuntimeError as error:
        said.append(report(error, desk.place))
    assert "RuntimeError" in said[-1]
    assert not [text for text in said if WHO.name in text or WHO.contact in text]


@pytest.mark.parametrize("field", ["found", "opinion", "handler", "returned_reason", "reported_to"])
@pytest.mark.parametrize("said", [WHO.name, WHO.contact])
def test_no_step_writes_the_name_into_the_concern(desk, registered, field, said):
    fields = refused(
        desk.concerns.take, registered, "accept", "taken up", **{"handler": "周敏", field: f"已答复{said}"}
    )
    assert fields == {field}
    refused(desk.concerns.take, registered, "accept", f"{said}说的", handler="周敏")
    assert said not in repr(desk.concerns.get(registered))

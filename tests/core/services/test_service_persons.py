"""What is kept on a person is told to that person, whole; what the person asks is written down and answered."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from villagedesk.drafts.plan import WishDraft
from villagedesk.drafts.privacy import PersonRequestDraft
from villagedesk.errors import Refused
from villagedesk.policy.profile import load_profile
from villagedesk.records.schema import RECORDS
from villagedesk.services.persons import kept_kinds

TECHNICAL = {"id", "revision", "village", "household_id", "member_id", "plan_id", "asset_id", "removed",
             "granted_by", "granted_on", "expires_on"}  # fmt: skip


@pytest.fixture
def person(desk):
    return desk.households.get(desk.lists.household_ids(None, "no")[0]).members[0]


def request(person, desk, **over):
    facts = {"member_id": person.id, "kind": "correct", "asked_on": desk.site.today(), "about": "生日写错了"}
    return PersonRequestDraft(**{**facts, **over})


def test_every_record_that_names_a_person_stands_on_the_extract_with_all_its_facts():
    asked = set(load_profile("jiangsu-2018").measure_fields)
    naming = {kind for kind, record in RECORDS.items() if "member_id" in record.fields}
    assert naming <= set(kept_kinds()), naming - set(kept_kinds())
    for kind in naming:
        known = set(kept_kinds()[kind]["fields"]) | (asked if kind == "measure" else set())
        assert set(RECORDS[kind].fields) - known - TECHNICAL == set(), kind


def test_labels_name_fields_that_exist():
    for kind, about in kept_kinds().items():
        there = {field.name for field in fields(RECORDS[kind].draft)} if kind in RECORDS else {"at", "who", "what"}
        assert set(about["fields"]) <= there, kind


def test_everything_kept_on_a_person_is_told(desk, person):
    desk.looks.note(person.id, "health")
    said = {(held.part, held.value) for held in desk.persons.held(person.id)}
    assert {("本人", person.name), ("本人", person.id_number), ("谁查看过受限信息", "健康状况")} <= said
    assert any(part == "本户" for part, _ in said)


def test_the_wishes_of_others_are_not_told(desk, person):
    household = desk.households.get(desk.lists.household_ids(None, "no")[0])
    wish = WishDraft(household_id=household.id, member_id=person.id, kind="05", asked_on=desk.site.today(),
                     asked_by="李工", answer="01", own_words="愿意", mark="signature", copy_given=True,
                     language="汉语", alternatives="卫生室", place="家中")  # fmt: skip
    desk.wishes.save(wish, "visit")
    assert ("意愿", "愿意") in {(held.part, held.value) for held in desk.persons.held(person.id)}
    other = desk.households.get(desk.lists.household_ids(None, "no")[1]).members[0]
    assert "意愿" not in {held.part for held in desk.persons.held(other.id)}


def test_the_extract_is_a_paper_for_the_person(desk, person):
    rendered = desk.papers.preview("personal_extract", [person.id])
    assert rendered.pages >= 1


def test_a_request_is_written_down_and_answered(desk, person):
    asked = desk.persons.ask(request(person, desk), "visit").records["person_request"][0]
    assert desk.persons.requests()[0].household_id
    with pytest.raises(Refused, match="请写明"):
        desk.persons.answer(asked, " ", desk.site.today(), "visit")
    with pytest.raises(Refused):
        desk.persons.answer(asked, "已更正", desk.site.today() + timedelta(days=1), "visit")
    desk.persons.answer(asked, "已更正", desk.site.today(), "visit")
    answered = desk.persons.requests()[0]
    assert (answered.answer, answered.answered_on) == ("已更正", desk.site.today())


@pytest.mark.parametrize("wrong", [{"member_id": ""}, {"kind": "whim"}, {"asked_on": None}])
def test_a_request_without_person_kind_or_day_is_refused(desk, person, wrong):
    with pytest.raises(Refused):
        desk.persons.ask(replace(request(person, desk), **wrong), "visit")
    assert desk.persons.requests() == ()

"""The fields that each kind of event asks for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.events.answers import NEWCOMER, ONE_PERSON, OTHER, PERSONS, Answers
from ui.fields.choices import CodeField, CodesField, Option
from ui.fields.lines import IdField, date_field, text_field
from ui.households.editors import options
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.policy.kinship import HEAD
from villagedesk.services.event_course import REASONS
from villagedesk.text import say, tr
from villagedesk.values import age_on

Row = tuple[str, str, QWidget, int]
"""Path in the answers, label, editor, columns."""


def day_rows(desk: Desk, kind: str) -> list[Row]:
    """The day, the reason where there is a choice, the paper."""
    rows: list[Row] = [("on", tr("Day"), date_field(), 1)]
    name, usual = REASONS.get(kind, ("", ""))
    if name and usual in {"", "99"}:
        rows.append(("reason_code", tr("Why"), CodeField(options(desk.profile.codes, name)), 1))
    rows += [
        ("document", tr("Paper that shows it"), text_field(say("household register page, certificate No. …")), 2),
        ("note", tr("Note"), text_field(), 2),
    ]
    return rows


def person_rows(desk: Desk, answers: Answers, household: HouseholdDraft) -> list[Row]:
    """Who is concerned."""
    kind, people = answers.kind, persons(household, desk)
    if kind in NEWCOMER:
        more = (_newcomer(desk, f"companions.{number}") for number in range(len(answers.companions)))
        return [row for rows in (_newcomer(desk), *more) for row in rows]
    if kind in ONE_PERSON:
        return [("member_id", tr("Person"), CodeField(people), 2)]
    rows: list[Row] = []
    if kind in PERSONS:
        rows.append(("member_ids", tr("Who goes"), CodesField(people), 4))
    if kind == "head":
        rows.append(("head_id", tr("New head"), CodeField(people), 2))
    if kind == "split":
        rows.append(("head_id", tr("Head of the new household"), CodeField(people), 2))
        rows += [(f"founded.{name}", label, text_field(), 1) for name, label in _founded()]
    if kind in OTHER:
        label = tr("Household they join") if kind == "merge" else tr("Household they move to")
        rows.append(("other_id", label, CodeField(households(desk, household.id)), 3))
    if kind == "unmerge":
        rows.append(("member_ids", tr("Who came since and goes along"), CodesField(people), 4))
    return rows


def asked_rows(desk: Desk, answers: Answers, asked: Sequence[str], households_: Sequence[HouseholdDraft]) -> list[Row]:
    """What an event needs to be told besides: who follows, who is what to whom, why a file closes."""
    codes = desk.profile.codes
    people = [option for each in households_ for option in persons(each, desk)]
    names = {member.id: member.name for each in households_ for member in each.members}
    relations = [option for option in options(codes, "relation") if option.key != HEAD]
    rows: list[Row] = []
    for field in asked:
        if field in {"head_id", "other_head_id"}:
            rows.append((field, tr("New head of the household that stays"), CodeField(people), 2))
        elif field == "closing":
            rows.append((field, tr("Nobody is left. Why is the file closed?"),
                         CodeField(options(codes, "household_out")), 2))  # fmt: skip
    for number, (member_id, _) in enumerate(answers.relations):
        label = tr("{name} is to the head", name=names.get(member_id, "—"))
        rows.append((f"relations.{number}.1", label, CodeField(relations), 1))
    return rows


def persons(household: HouseholdDraft, desk: Desk) -> list[Option]:
    """The living members to choose from, by name, relation and age."""
    today, codes = desk.site.today(), desk.profile.codes
    found = []
    for member in household.living:
        said = (
            codes.word("relation", member.relation),
            tr("{n} {n:year|years}", n=age_on(member.birth, today)) if member.birth else "",
        )
        found.append(Option(member.id, " ".join(filter(None, (member.name, *said)))))
    return found


def households(desk: Desk, but: str) -> list[Option]:
    """The other households, found by number, head or group."""
    rows = desk.lists.household_rows(desk.lists.household_ids())
    return [Option(row.id, f"{row.no}  {row.head}  {row.group}") for row in rows if row.id != but]


def _newcomer(desk: Desk, path: str = "person") -> list[Row]:
    codes = desk.profile.codes
    relations = [option for option in options(codes, "relation") if option.key != HEAD]
    return [
        (f"{path}.id_number", tr("ID number"), IdField(), 2),
        (f"{path}.name", tr("Name"), text_field(), 1),
        (f"{path}.relation", tr("Relation to the head"), CodeField(relations), 1),
        (f"{path}.sex", tr("Sex"), CodeField(options(codes, "sex")), 1),
        (f"{path}.birth", tr("Born on"), date_field(), 1),
        (f"{path}.education", tr("Education"), CodeField(options(codes, "education")), 1),
        (f"{path}.labour", tr("Ability to work"), CodeField(options(codes, "labour")), 1),
    ]


def _founded() -> tuple[tuple[str, str], ...]:
    return (
        ("no", tr("Number of the new household")),
        ("group", tr("Villagers' group")),
        ("address", tr("Address in the village")),
        ("phone", tr("Phone")),
    )

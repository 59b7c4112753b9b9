"""A village cadre reads tier T1: nothing above it reaches lists, forms, search, papers, files or the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.core.safety.conftest import CHEAP, NOW, PASSPHRASE, SCAN, attach
from tests.factories import make_child, make_household, make_income, make_member
from villagedesk import desk as desks
from villagedesk.cli import main
from villagedesk.desk import Desk, open_desk
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.errors import Refused
from villagedesk.exchange.fields import load_fields
from villagedesk.records.schema import RECORDS, all_tables
from villagedesk.services.audit import audit, glance
from villagedesk.services.backups import backup, check
from villagedesk.services.restricted import TIERS, covered
from villagedesk.services.users import Users

SECOND = "seven grey stones"
PHONE, OWN_PHONE, EMPLOYER, REMARK, DROPPED = "15400007777", "15400008888", "昆山电子厂", "只对队长说", "生病"


@pytest.fixture
def household(desk: Desk) -> str:
    """A household of which everything restricted is known; its id."""
    head = make_member(phone=OWN_PHONE, employer=EMPLOYER, health=("02",), disability_class="2", disability_grade="3",
                       dibao=True, note=REMARK)  # fmt: skip
    child = make_child(dropout_reason=DROPPED)
    draft = make_household(phone=PHONE, members=(head, child), extra=(("银行卡", "尾号4321"),))
    id_ = desk.households.save(draft, "visit").records["household"][0]
    desk.households.save_income(make_income(household_id=id_), "visit")
    changed = desk.households.get(id_)
    desk.households.save(replace(changed, phone="15400009999"), "visit")
    attach(desk, SCAN)
    return id_


@pytest.fixture
def secrets(household: str, desk: Desk) -> tuple[str, ...]:
    numbers = [member.id_number for member in desk.households.get(household).members]
    days = [member.birth.isoformat() for member in desk.households.get(household).members if member.birth]
    return (PHONE, "15400009999", OWN_PHONE, EMPLOYER, REMARK, DROPPED, "4321", "江苏省昆山市", *numbers, *days)


@pytest.fixture
def theirs(desk: Desk, household: str, secrets: tuple[str, ...], folder: Path) -> Iterator[Desk]:
    """The same desk, opened by the cadre."""
    Users(desk.place, CHEAP).add("支书", "cadre", SECOND)
    desk.lists.find("王")  # search keys are there
    desk.close()
    with open_desk(folder, SECOND, clock=lambda: NOW) as opened:
        yield opened


def test_no_table_read_through_the_store_holds_a_restricted_value(theirs, secrets):
    with theirs.place.store.read() as connection:
        for name, table in all_tables().tables.items():
            if name == "search_key":
                continue
            said = repr(list(connection.execute(select(table))))
            assert [secret for secret in secrets if secret in said] == [], name
    with theirs.site.store.read() as connection:
        for kind in covered().kinds:
            assert not list(connection.execute(select(RECORDS[kind].table.c.id))), kind


def test_the_files_stay_and_the_rest_is_blank(theirs, household):
    file = theirs.households.get(household)
    head = file.members[0]
    assert (file.no, file.group, head.name, head.relation) != ("", "", "", "")
    assert (file.phone, head.id_number, head.phone, head.birth, head.health, head.dibao) == ("", "", "", None, (), None)
    assert theirs.households.incomes(household) == ()
    with pytest.raises(Refused, match="Your role"):
        theirs.households.history(household)
    assert theirs.lists.waiting().unsent > 0
    assert len(file.living) == 2


def test_search_finds_by_name_and_not_by_what_is_covered(theirs, secrets):
    assert theirs.lists.find("王")
    number = next(secret for secret in secrets if len(secret) == 18)
    for tail in (number[-6:], number, PHONE[-4:], "9999", OWN_PHONE[-6:]):
        assert theirs.lists.find(tail) == (), tail


def test_whole_parts_are_refused(theirs):
    parts = {name for name, part in vars(desks.Desk).items() if isinstance(part, desks.Part)}
    open_ = {"households", "lists", "plans", "measures", "visits", "team", "helpers", "duty", "villages",
             "book", "schemes", "sources", "notices", "clock", "users", "safekeeping"}  # fmt: skip
    for name in sorted(parts - open_):
        with pytest.raises(Refused, match="Your role"):
            getattr(theirs, name)
    for name in sorted(open_):
        getattr(theirs, name)


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("print", "household_file", "--all", "--out"),
        ("table", "household_archive", "--out"),
        ("sync", "send"),
        ("list", "exits"),
        ("list", "concerns"),
    ],
    ids=" ".join,
)
def test_commands_refuse_the_same(theirs, folder, tmp_path, monkeypatch, capfd, words):
    theirs.close()
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", SECOND)
    out = [str(tmp_path / "out")] if words[-1] in {"--out", "send"} else []
    verb, rest = (words[:2], words[2:]) if words[0] == "sync" else (words[:1], words[1:])
    assert main(["--lang", "en", *verb, str(folder), *rest, *out]) == 1
    said = capfd.readouterr()
    assert "Your role" in said.err
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_lists_on_the_command_line_are_blank_above_tier_one(theirs, folder, monkeypatch, capfd, secrets):
    theirs.close()
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", SECOND)
    for name in ("households", "members", "plans", "notices"):
        assert main(["list", str(folder), name, "--json"]) == 0
        said = json.loads(capfd.readouterr().out)
        assert [secret for secret in secrets if secret in json.dumps(said, ensure_ascii=False)] == []


def test_the_proof_reads_all_and_finds_no_fault(theirs):
    assert glance(theirs.place) == ()
    assert audit(theirs.place).faults == ()


def test_a_cadre_may_still_carry_a_backup_and_it_is_whole(theirs, stick, secrets):
    file = backup(theirs.place, stick)
    assert check(file) >= 3
    theirs.close()
    with open_desk(theirs.place.folder, PASSPHRASE, clock=lambda: NOW) as again:
        assert again.households.all()[-1].members[0].id_number in secrets


@pytest.fixture
def answered(desk: Desk, folder: Path, household: str) -> Iterator[tuple[Desk, str]]:
    """A plan of which one line is agreed to, one refused, one ended with its wish, before the cadre; its id."""
    head = desk.households.get(household).members[0].id
    today = NOW.date()
    asked = WishDraft(household_id=household, member_id=head, kind="99", asked_on=today, asked_by="周敏", answer="1",
                      own_words=REMARK, cooling_days=0, mark="signature", copy_given=True)  # fmt: skip
    given = desk.wishes.save(asked, "asked").records["wish"][0]
    lines = tuple(
        MeasureDraft(member_id=head, category="industry", wish_kind=kind, content=content, responsible="周敏")
        for kind, content in (("", "养十只羊"), ("", "种三亩果树"), ("99", "到镇上车间"))
    )
    draft = PlanDraft(household_id=household, year=2019, livelihood="种地", measures=lines)
    plan = desk.plans.save(draft, "drawn up").records["plan"][0]
    refused = [each.id for each in desk.plans.get(plan).measures if each.content == "种三亩果树"]
    desk.plans.agree(plan, "王建国", today, "不要果树", "signed", refused)
    desk.wishes.withdraw(given, "taken back")
    Users(desk.place, CHEAP).add("支书", "cadre", SECOND)
    desk.close()
    with open_desk(folder, SECOND, clock=lambda: NOW) as opened:
        yield opened, plan


def test_who_said_no_is_not_the_village_committees_to_know(answered, household):
    theirs, plan_id = answered
    plan = theirs.plans.get(plan_id)
    assert [each.content for each in plan.measures] == ["养十只羊"]
    assert (plan.refused_part, {each.accepted for each in plan.measures}) == ("", {None})
    with pytest.raises(Refused, match="Your role"):
        theirs.wishes.of_household(household)
    assert [row.measure.content for row in theirs.measures.rows()] == ["养十只羊"]
    with theirs.site.store.read() as connection:
        for name, table in all_tables().tables.items():
            said = repr(list(connection.execute(select(table))))
            for told in ("果树", "镇上车间", "declined", "withdrawn", "wish.withdraw"):
                assert told not in said, (name, told)


def test_the_township_reads_all_of_it(desk, household, folder):
    Users(desk.place, CHEAP).add("吴刚", "township", SECOND)
    desk.close()
    with open_desk(folder, SECOND, clock=lambda: NOW) as theirs:
        assert not theirs.covered
        assert theirs.households.get(household).members[0].id_number
        assert theirs.households.incomes(household)[0].year == date(2019, 1, 1).year


def test_every_field_of_the_two_upper_tiers_is_covered_and_every_name_is_one():
    what = covered()
    for field in load_fields().fields.values():
        if field.tier in TIERS and field.scope in RECORDS:
            assert field.name in what.columns[field.scope] or field.name not in RECORDS[field.scope].fields
    for kind, columns in what.columns.items():
        unknown = {name for name in columns if name not in RECORDS[kind].fields}
        assert unknown <= {field.name for field in load_fields().fields.values() if field.tier in TIERS}
    assert {"income", "income_line", "complainant", "monitoring", "person_request", "payout"} <= what.kinds

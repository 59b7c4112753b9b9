"""Two laptops type the same household apart: its people without ID number stand twice; decided on a desk or the hub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from tests.gui.townships import CHEAP, NOW, VILLAGES, click, family, meet, page_of, second_program
from tests.gui.windowed import PASSPHRASE, Answers
from ui.app import Program
from villagedesk.demo.play import DemoClock
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Refused
from villagedesk.hub import Hub
from villagedesk.store import landing
from villagedesk.text import tr

DAY = NOW.date()


@pytest.fixture
def team(tmp_path: Path) -> Iterator[list[Desk]]:
    """Two laptops of one village that typed household 7 before they met; the second one wrote down where she works."""
    made = []
    for name in "ab":
        village = VillageDraft(code=VILLAGES[0], name="东村", profile="jiangsu-2018")
        desk, _ = create_desk(
            tmp_path / name, PASSPHRASE, village, author=f"李{name}", clock=DemoClock(NOW), cost=CHEAP
        )
        home = family("7", "孙三")
        if name == "b":
            home = replace(home, members=(home.members[0], replace(home.members[1], employer="镇服装厂")))
        desk.households.save(home, "visit")
        made.append(desk)
    yield made
    for desk in made:
        desk.close()


def together(desks: list[Desk], hub: Hub, folder: Path) -> None:
    """A visit of both laptops of the village."""
    for desk in desks:
        if not desk.sync.status().joined:
            desk.sync.join(hub.township.invite(VILLAGES[0], folder), desk.site.store.author)
    for desk in desks:
        hub.township.receive([desk.sync.send(folder).path])
    for desk in desks:
        desk.sync.receive(hub.township.reply(folder, VILLAGES[0])[0].path)


def names(desk: Desk) -> list[str]:
    return sorted(member.name for member in desk.households.by_no("7").living)


def of(desk: Desk, name: str) -> Any:
    """The case of this name."""
    (case,) = [one for one in desk.doubles.all() if one.entries[0].name == name]
    return case


def show(case: Any, page: Any, number: int) -> None:
    """Tick an entry of the case and say that it is one person."""
    shown = page._body.currentWidget()
    cards = [one for one in shown.findChildren(QPushButton) if one.text() == tr("One person, who stays where I ticked")]
    place = [one.key for one in page._cases()].index(case.key)
    cards[place].parentWidget().findChildren(QRadioButton)[number].setChecked(True)
    cards[place].click()


def test_a_desk_puts_the_entries_of_one_household_together(
    qtbot: QtBot, qapp: Any, hub: Hub, team: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    first, second = team
    together(team, hub, tmp_path)
    together(team, hub, tmp_path)
    assert names(first) == ["孙三", "孙三", "李氏", "李氏"]
    wives = [one for one in first.households.by_no("7").living if one.name == "李氏"]
    stays, goes = sorted(wives, key=lambda one: bool(one.employer))
    with first.site.store.work("test", "test") as work:
        asked = {"household_id": first.households.by_no("7").id, "member_id": goes.id, "kind": "01", "answer": "1"}
        wish = work.put("wish", VILLAGES[0], {**asked, "asked_on": DAY}, new_id=first.site.store.ids())
    with second_program(qtbot, qapp, tmp_path, "desk") as village:
        village.show_desk(first)
        exchange = page_of(village, "exchange")
        assert exchange._doubles.isVisible()
        assert exchange._doubles.text() == "重复登记：2 处"
        exchange._doubles.click()
        page = village.window.frame.page
        cases = {case.entries[0].name: case for case in first.doubles.all()}
        click(page, "One person, who stays where I ticked")
        assert village.window._bar.property("tone") == "warn"  # nobody was ticked
        answers.line = "问过户主"
        for name in ("孙三", "李氏"):
            case = cases[name]
            number = next((n for n, one in enumerate(case.entries) if one.member_id == stays.id), 0)
            show(case, page, number)
        assert page._body.currentIndex() == 0
    assert names(first) == ["孙三", "李氏"]
    wife = next(one for one in first.households.by_no("7").living if one.name == "李氏")
    assert (wife.id, wife.employer) == (stays.id, "镇服装厂")  # what only the other entry said is taken over
    with first.site.store.read() as connection:
        assert connection.exec_driver_sql("select member_id from wish where id = ?", (wish,)).scalar() == stays.id
    lines = first.households.history(first.households.by_no("7").id)
    assert "问过户主" in {one.reason for one in lines}
    together(team, hub, tmp_path)
    together(team, hub, tmp_path)
    assert names(second) == ["孙三", "李氏"]
    assert second.doubles.all() == hub.acts.duplicates() == ()
    assert hub.township.conflicts() == first.sync.conflicts() == ()


def test_the_township_decides_it_and_both_laptops_get_it(
    office: Program, hub: Hub, team: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    together(team, hub, tmp_path)
    page = page_of(office, "duplicates")
    answers.line = "村里来电话"
    assert [case.why for case in hub.acts.duplicates()] == ["household", "household"]
    for case in hub.acts.duplicates():
        show(case, page, 0)
    assert hub.acts.duplicates() == ()
    together(team, hub, tmp_path)
    together(team, hub, tmp_path)
    assert [names(desk) for desk in team] == [["孙三", "李氏"]] * 2
    assert hub.township.conflicts() == ()


def test_decided_crosswise_nobody_is_lost(hub: Hub, team: list[Desk], tmp_path: Path) -> None:
    """Each laptop keeps the entry that the other lets go: both stand in conflict until a person decides."""
    together(team, hub, tmp_path)
    together(team, hub, tmp_path)
    for desk, number in zip(team, (0, 1), strict=True):
        case = of(desk, "孙三")
        desk.doubles.same(case, case.entries[number].member_id, DAY, "asked")
    together(team, hub, tmp_path)
    together(team, hub, tmp_path)
    for desk in team:
        found = [(one.kind, one.field) for one in desk.sync.conflicts()]
        assert ("member", "removed") in found
    conflict = team[0].sync.conflicts()[0]
    alive = next(one for one in conflict.candidates if one.value is False)
    team[0].sync.decide("member", conflict.record_id, "removed", alive.hash, "asked again")
    together(team, hub, tmp_path)
    assert "孙三" in names(team[0])


def test_grandfather_and_grandson_of_one_name_are_no_case_and_two_people_are_remembered(
    desks: list[Desk],
) -> None:
    desk = desks[0]
    home = family("8", "周四")
    old, young = home.members[0], replace(home.members[1], name="周四", relation="31")
    desk.households.save(replace(home, members=(old, young)), "visit")
    assert desk.doubles.all() == ()
    twin = replace(young, birth=None)
    saved = desk.households.by_no("8")
    desk.households.save(replace(saved, members=(*saved.members, twin)), "visit")
    (case,) = desk.doubles.all()
    with pytest.raises(Refused):
        desk.doubles.different(case, " ")
    desk.doubles.different(case, "three of one name")
    assert desk.doubles.all() == ()


def test_two_people_are_asked_once_and_two_answers_are_a_conflict_with_words(
    qtbot: QtBot, qapp: Any, hub: Hub, team: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    first, second = team
    together(team, hub, tmp_path)
    together(team, hub, tmp_path)
    answers.line = "问过户主"
    with second_program(qtbot, qapp, tmp_path, "first") as village:
        village.show_desk(first)
        page = page_of(village, "doubles")
        for _ in range(2):
            click(page._body.currentWidget(), "Two different people")
        assert page._body.currentIndex() == 0
    case = of(second, "李氏")
    second.doubles.same(case, case.entries[0].member_id, DAY, "邻居说的")
    together(team, hub, tmp_path)
    together(team, hub, tmp_path)
    assert second.doubles.all() == hub.acts.duplicates() == ()
    with second_program(qtbot, qapp, tmp_path, "second") as village:
        village.show_desk(second)
        assert not page_of(village, "exchange")._doubles.isVisible()
        page = page_of(village, "conflicts")
        words = [one.text() for one in page.findChildren(QLabel)]
        assert any("李氏" in one and tr("One person or two") in one for one in words)
        choices = {one.text(): one for one in page.findChildren(QRadioButton)}
        assert set(choices) == {tr("One person entered twice"), tr("Two different people")}
        choices[tr("Two different people")].click()
        click(page, "This value holds")
        assert page._body.currentWidget().findChildren(QRadioButton) == []
    assert names(second) == ["孙三", "孙三", "李氏", "李氏"]
    together(team, hub, tmp_path)
    together(team, hub, tmp_path)
    assert names(first) == names(second)
    assert hub.township.conflicts() == first.doubles.all() == second.doubles.all() == ()


def test_the_only_head_is_not_put_away(desks: list[Desk]) -> None:
    desk = desks[0]
    home = family("9", "吴五")
    again = replace(home.members[0], relation="99", id_number="")
    desk.households.save(replace(home, members=(*home.members, again)), "visit")
    case = of(desk, "吴五")
    other = next(one for one in case.entries if not one.head)
    with pytest.raises(Refused, match="请选那一条"):
        desk.doubles.same(case, other.member_id, DAY, "asked")
    head = next(one for one in case.entries if one.head)
    desk.doubles.same(case, head.member_id, DAY, "asked")
    assert len(desk.households.by_no("9").living) == 2


def test_in_two_households_of_the_village_the_person_leaves_one(desks: list[Desk]) -> None:
    desk = desks[0]
    for no in ("10", "11"):
        home = family(no, f"户主{no}")
        daughter = replace(home.members[1], name="郑六", birth=date(1999, 1, 1))
        desk.households.save(replace(home, members=(home.members[0], daughter)), "visit")
    case = of(desk, "郑六")
    desk.doubles.same(case, case.entries[1].member_id, DAY, "married")
    left = next(one for one in desk.households.by_no("10").members if one.name == "郑六")
    assert (left.left_on, left.left_reason) == (DAY, "99")
    assert len(desk.households.by_no("11").living) == 2


def test_facts_of_a_newer_program_have_their_page_on_a_desk(
    qtbot: QtBot, qapp: Any, hub: Hub, team: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = team
    together(team, hub, tmp_path)
    together(team, hub, tmp_path)
    second.households.save(replace(family("8", "周四"), fuel="1"), "visit")
    known = landing.known_fields
    with monkeypatch.context() as old:
        old.setattr(landing, "known_fields", lambda record: {k: v for k, v in known(record).items() if k != "fuel"})
        hub.township.receive([second.sync.send(tmp_path).path])
        first.sync.receive(hub.township.reply(tmp_path, VILLAGES[0])[0].path)
        with second_program(qtbot, qapp, tmp_path, "desk") as village:
            village.show_desk(first)
            exchange = page_of(village, "exchange")
            assert exchange._newer.text() == "新版本的内容：1 条"
            exchange._newer.click()
            page = village.window.frame.page
            (one,) = (page.model.row(n) for n in range(page.model.rowCount()))
            assert (one.kind, one.household_no, one.fields, one.author) == ("household", "8", ("fuel",), "李b")
            page._on_opened(one)
            assert village.window.frame.key == "household"


def test_nothing_twice_says_so(office: Program, hub: Hub, desks: list[Desk], tmp_path: Path) -> None:
    meet(desks[:1], hub, tmp_path)
    assert page_of(office, "duplicates")._body.currentIndex() == 0

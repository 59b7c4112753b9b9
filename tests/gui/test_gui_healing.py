"""What heals by itself or asks first, in the window of a desk.

Another stick, all of it once more, households that close, a colleague's file, what was edited after sending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.townships import CHEAP, NOW, VILLAGES, click, family, page_of, second_program
from tests.gui.windowed import PASSPHRASE, Answers, settle
from ui.app import Program
from villagedesk.demo.play import DemoClock
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import Hub


@pytest.fixture
def team(hub: Hub, tmp_path: Path) -> Iterator[list[Desk]]:
    """Two laptops of one village that know each other and hold the same twenty-one households."""
    made = []
    for name in "ab":
        village = VillageDraft(code=VILLAGES[0], name="东村", profile="jiangsu-2018")
        desk, _ = create_desk(
            tmp_path / name, PASSPHRASE, village, author=f"李{name}", clock=DemoClock(NOW), cost=CHEAP
        )
        desk.sync.join(hub.township.invite(VILLAGES[0], tmp_path), f"laptop-{name}")
        made.append(desk)
    for no in range(1, 22):
        made[0].households.save(family(str(no), f"户{no}"), "visit")
    meet(made, hub, tmp_path)
    yield made
    for desk in made:
        desk.close()


def meet(team: list[Desk], hub: Hub, folder: Path) -> None:
    for desk in team:
        hub.township.receive([desk.sync.send(folder).path])
    for desk in team:
        desk.sync.receive(hub.township.reply(folder, VILLAGES[0])[0].path)


@pytest.fixture
def window(qtbot: QtBot, qapp: Any, team: list[Desk], tmp_path: Path) -> Iterator[Program]:
    """The program of the first laptop."""
    with second_program(qtbot, qapp, tmp_path, "first") as program:
        program.show_desk(team[0])
        yield program


def test_another_folder_than_the_stick_of_last_time_is_asked_about(
    qtbot: QtBot, window: Program, team: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    stick, other = tmp_path / "stick", tmp_path / "mnt"
    for folder in (stick, other):
        folder.mkdir()
    page = page_of(window, "exchange")
    answers.path, answers.yes = stick, True
    click(page, "Send to the township")
    settle(qtbot, window)
    answers.path, answers.yes, answers.asked = other, False, []
    click(page, "Send to the township")
    settle(qtbot, window)
    assert any("不是上次" in one for one in answers.asked), answers.asked
    assert list(other.iterdir()) == []
    answers.yes = True
    click(page, "Send to the township")
    settle(qtbot, window)
    assert {file.suffix for file in other.iterdir()} == {".vdsend", ".txt"}


def test_all_of_it_goes_once_more_and_nothing_is_doubled(
    qtbot: QtBot, window: Program, hub: Hub, team: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    stick = tmp_path / "again"
    stick.mkdir()
    page = page_of(window, "exchange")
    answers.path, answers.yes = stick, False
    click(page, "Send everything once more")
    settle(qtbot, window)
    assert list(stick.iterdir()) == []
    answers.yes = True
    click(page, "Send everything once more")
    settle(qtbot, window)
    before = hub.township.villages()
    (taken,) = hub.township.receive(list(stick.glob("*.vdsend")))
    assert (taken.status, taken.revisions) == ("repeated", 0)
    assert hub.township.villages()[0].totals == before[0].totals


def test_a_file_that_closes_many_households_asks_and_changes_nothing_before(
    qtbot: QtBot, window: Program, hub: Hub, team: list[Desk], tmp_path: Path, answers: Answers,
    opens: Callable[..., None],
) -> None:  # fmt: skip
    first, second = team
    for home in second.lists.household_ids()[:15]:
        with second.site.store.work("household.remove", "mistake") as work:
            work.remove("household", home)
    opens(second.sync.send(tmp_path, to_devices=True).path)
    page = page_of(window, "exchange")
    answers.yes, answers.asked = False, []
    click(page, "Open a reply or a file")
    settle(qtbot, window)
    assert len(answers.asked) == 1
    assert window.window._bar.property("tone") == "problem"
    assert first.lists.count() == 21
    answers.yes = True
    click(page, "Open a reply or a file")
    settle(qtbot, window)
    assert first.lists.count() == 6


def test_a_colleague_s_file_comes_in_without_the_township_and_edits_after_sending_are_told(
    qtbot: QtBot, qapp: Any, window: Program, hub: Hub, team: list[Desk], tmp_path: Path, answers: Answers,
    opens: Callable[..., None],
) -> None:  # fmt: skip
    first, second = team
    first.households.save(family("30", "新户"), "visit")
    stick = tmp_path / "between"
    stick.mkdir()
    answers.path, answers.yes = stick, True
    page = page_of(window, "exchange")
    click(page, "Send to another laptop of the village")
    settle(qtbot, window)
    opens(*stick.glob("*.vdpeer"))
    with second_program(qtbot, qapp, tmp_path, "second") as colleague:
        colleague.show_desk(second)
        click(page_of(colleague, "exchange"), "Open a reply or a file")
        settle(qtbot, colleague)
        assert second.households.by_no("30").head.name == "新户"
        assert colleague.window._bar.property("tone") == "ok"
    assert first.sync.status().unsent == 1  # a colleague is not the township
    click(page, "Send to the township")
    settle(qtbot, window)
    assert "其中 0 处" in page._sent.text()
    first.households.save(family("31", "又一户"), "visit")
    page.show_place()
    assert "其中 1 处" in page._sent.text()
    assert page._unsent.text().startswith("2")

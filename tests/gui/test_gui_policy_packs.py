"""A policy pack goes from the township's window to the village's, which looks at it before it takes it over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from tests.gui.townships import click, meet, page_of, second_program
from tests.gui.windowed import PASSPHRASE, Answers, settle
from ui.app import Program
from villagedesk import resources
from villagedesk.desk import Desk, open_desk
from villagedesk.drafts.household import IncomeDraft
from villagedesk.hub import Hub

BASE = resources.path("policy", "jiangsu-2018.toml").read_text("utf-8")
STRICTER = BASE.replace("version = 1", "version = 2").replace("[household_exit.water]", """[household_exit.power]
text = "用电有保障"
rule = "fact"
field = "power_home"
[household_exit.water]""")  # fmt: skip


def test_a_pack_is_tried_out_and_taken_over_in_the_window(
    qtbot: QtBot, qapp: Any, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    desk = desks[0]
    home = desk.lists.household_ids()[0]
    desk.households.save_income(IncomeDraft(household_id=home, year=2026), "visit")
    answers.path = tmp_path / "jiangsu-2018.toml"
    answers.path.write_text(STRICTER, "utf-8")
    click(page_of(office, "tables"), "Give a policy pack along")
    assert hub.township.packs == ("jiangsu-2018",)
    meet(desks, hub, tmp_path)
    with second_program(qtbot, qapp, tmp_path, "desk") as village:
        village.show_desk(desk)
        click(page_of(village, "exchange"), "Policy of the township")
        page = village.window.frame.page
        assert page.packs.rowCount() == 1
        assert not page._take.isVisible()  # nobody takes over what he has not looked at
        click(page, "What would it change?")
        settle(qtbot, village)
        assert {one.path for one in page._preview.values} == {
            "household_exit.power.text", "household_exit.power.rule", "household_exit.power.field",
        }  # fmt: skip
        assert [(one.household_no, one.text, one.then) for one in page._preview.criteria] == [("1", "用电有保障", "")]
        answers.line = ""
        click(page, "Take it over")
        assert desk.village.packs == ()
        answers.line = "界政发〔2026〕3号"
        click(page, "Take it over")
        assert desk.village.packs == (STRICTER,)
        assert not page._take.isVisible()
        click(page, "What would it change?")
        settle(qtbot, village)
        assert village.window._bar.property("tone") == "problem"  # it counts here already
    desk.close()
    with open_desk(tmp_path / "desk0", PASSPHRASE) as again:
        assert "power" in again.profile.household_exit
    desks.remove(desk)

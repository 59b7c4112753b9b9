"""Files that a window refuses: the message names the file and what to do, nothing changes, the next file goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.townships import NOW, TOWNSHIP, VILLAGES, click, family, meet, page_of
from tests.gui.windowed import PASSPHRASE, Answers, settle
from ui.app import Program
from ui.messages import Messages
from villagedesk.demo.play import DemoClock
from villagedesk.desk import Desk
from villagedesk.hub import Hub, create_hub


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Everything the message bar says."""
    said: list[tuple[str, str]] = []
    tell = Messages.tell

    def listen(self: Messages, text: object, tone: str = "info", *more: object) -> None:
        said.append((tone, str(text)))
        tell(self, text, tone, *more)

    monkeypatch.setattr(Messages, "tell", listen)
    return said


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    chosen: list[Path] = []
    monkeypatch.setattr(Messages, "open_files", lambda *_: list(chosen))

    def choose(*files: Path) -> None:
        chosen[:] = files

    return choose


def _newer(file: Path, target: Path) -> Path:
    """The same file as a program of next year would head it."""
    head, rest = file.read_bytes().split(b"\n", 1)
    target.write_bytes(json.dumps({**json.loads(head), "version": 9}).encode() + b"\n" + rest)
    return target


def _copy(file: Path, name: str) -> Path:
    target = file.with_name(name)
    target.write_bytes(file.read_bytes())
    return target


def test_a_desk_names_each_file_it_does_not_take(
    qtbot: QtBot, program: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers,
    told: list[tuple[str, str]], opens: Callable[..., None],
) -> None:  # fmt: skip
    desk, neighbour = desks
    meet(desks, hub, tmp_path)
    first = hub.township.reply(tmp_path, VILLAGES[0])[0].path
    desk.sync.receive(first)
    other_hub, _ = create_hub(tmp_path / "other", PASSPHRASE, "别的镇", TOWNSHIP, clock=DemoClock(NOW))
    with other_hub:
        neighbour.sync.join(other_hub.township.invite(VILLAGES[1], tmp_path), "another")
        other_hub.township.receive([neighbour.sync.send(tmp_path).path])
        foreign = other_hub.township.reply(tmp_path)[0].path
    mine = desk.sync.send(tmp_path).path
    note = tmp_path / "note.txt"
    note.write_text("hello", "utf-8")
    refused = {
        _newer(first, tmp_path / "newer.vdreply"): ("9", "请先升级"),
        _copy(foreign, "foreign.vdreply"): ("另一台电脑",),
        mine: ("打开的是乡镇的回复",),
        note: ("不是",),
    }
    before = list(desk.households.all())
    opens(*refused, first)
    program.show_desk(desk)
    click(page_of(program, "exchange"), "Open a reply or a file")
    settle(qtbot, program)
    qtbot.waitUntil(lambda: len(told) > len(refused), timeout=20_000)
    for (tone, text), (file, words) in zip(told, refused.items(), strict=False):
        assert tone == "problem"
        assert file.name in text
        assert all(word in text for word in words), text
    assert told[len(refused)] == ("warn", f"“{first.name}”不比上次收的回执新，没有任何改动；请找更晚的回执。")
    assert list(desk.households.all()) == before


def test_a_hub_names_the_first_file_it_does_not_take_and_takes_the_others(
    qtbot: QtBot, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path,
    told: list[tuple[str, str]], opens: Callable[..., None],
) -> None:  # fmt: skip
    meet(desks, hub, tmp_path)
    desks[0].households.save(family("2", "赵二"), "visit")
    whole = desks[0].sync.send(tmp_path).path
    newer = _newer(whole, tmp_path / "newer.vdsend")
    opens(newer, whole)
    click(page_of(office, "villages"), "Take files in")
    settle(qtbot, office)
    (tone, text) = told[-1]
    assert tone == "warn"
    assert "newer.vdsend" in text
    assert "请先升级" in text
    assert [row.totals["households"] for row in hub.township.villages()] == [2, 1]

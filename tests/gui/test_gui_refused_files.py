"""Files that a window refuses: the message names the file and what to do, nothing changes, the next file goes on."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.townships import NOW, TOWNSHIP, VILLAGES, click, family, meet, page_of, second_program
from tests.gui.windowed import PASSPHRASE, Answers, settle
from ui.app import Program
from ui.messages import Messages
from villagedesk import durable
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


def _newer(file: Path, target: Path) -> Path:
    """The same file as a program of next year would head it."""
    head, rest = file.read_bytes().split(b"\n", 1)
    target.write_bytes(json.dumps({**json.loads(head), "version": 9}).encode() + b"\n" + rest)
    return target


def _cut(file: Path, target: Path) -> Path:
    """Copying stopped before the end."""
    target.write_bytes(file.read_bytes()[:-9])
    return target


def _altered(file: Path, target: Path) -> Path:
    """One bit of the content fell over."""
    data = bytearray(file.read_bytes())
    data[-40] ^= 4
    target.write_bytes(data)
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
    empty = tmp_path / "empty.vdreply"
    empty.touch()
    refused = {
        _newer(first, tmp_path / "newer.vdreply"): ("9", "请先升级"),
        _copy(foreign, "foreign.vdreply"): ("另一台电脑",),
        mine: ("打开的是乡镇的回复",),
        note: ("不是",),
        empty: ("是空的",),
        _cut(first, tmp_path / "cut.vdreply"): ("不完整", "重新复制"),
        _altered(first, tmp_path / "altered.vdreply"): ("损坏",),
        hub.township.reply(tmp_path, VILLAGES[1])[0].path: ("另一台电脑",),
    }
    before = list(desk.households.all())
    opens(*refused, first)
    program.show_desk(desk)
    click(page_of(program, "exchange"), "Open a reply or a file")
    settle(qtbot, program)
    qtbot.waitUntil(lambda: len(told) > len(refused), timeout=20_000)
    for (tone, text), (file, words) in zip(told, refused.items(), strict=False):
        assert tone == "problem"
        last = text.splitlines()[-1]
        assert file.name in last
        assert all(word in last for word in words), last
    tone, text = told[len(refused)]
    assert tone == "problem"  # the good one does not cover what the bad ones said
    assert len(text.splitlines()) == len(refused) + 1
    assert text.endswith(f"“{first.name}”不比上次收的回执新，没有任何改动；请找更晚的回执。")
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


def test_a_hub_says_of_each_file_why_it_is_not_in_and_that_one_came_before(
    qtbot: QtBot, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path,
    told: list[tuple[str, str]], opens: Callable[..., None],
) -> None:  # fmt: skip
    meet(desks, hub, tmp_path)
    desk = desks[0]
    desk.households.save(family("2", "赵二"), "visit")
    whole = desk.sync.send(tmp_path).path
    other_hub, _ = create_hub(tmp_path / "other", PASSPHRASE, "别的镇", TOWNSHIP, clock=DemoClock(NOW))
    with other_hub:
        desks[1].sync.join(other_hub.township.invite(VILLAGES[1], tmp_path), "another")
        foreign = desks[1].sync.send(tmp_path).path
    reply = hub.township.reply(tmp_path, VILLAGES[0])[0].path
    reasons = {
        _cut(whole, tmp_path / "cut.vdsend"): "此文件不完整，缺少末尾",
        _altered(whole, tmp_path / "altered.vdsend"): "损坏",
        foreign: "另一个乡镇",
        reply: "不是",
    }
    page = page_of(office, "villages")
    for file, words in reasons.items():
        opens(file)
        click(page, "Take files in")
        settle(qtbot, office)
        tone, text = told[-1]
        assert tone == "warn"
        assert file.name in text
        assert words in text, text
    for again in (False, True):
        opens(whole)
        click(page, "Take files in")
        settle(qtbot, office)
        assert told[-1][0] == "ok"
        assert (f"以前收过，没有新内容：{whole.name}" in told[-1][1]) == again
    opens(*reasons)
    click(page, "Take files in")
    settle(qtbot, office)
    assert len(told[-1][1].splitlines()) == 5  # three by name, then where the others stand
    assert [row.totals["households"] for row in hub.township.villages()] == [2, 1]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.ENOENT])
def test_a_stick_that_is_full_locked_or_gone_is_named_and_nothing_is_left_on_it(
    qtbot: QtBot, qapp: Any, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers,
    told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, number: int,
) -> None:  # fmt: skip
    meet(desks, hub, tmp_path)
    stick = tmp_path / "stick"
    stick.mkdir()
    words = {errno.ENOSPC: "空间", errno.EROFS: "写保护", errno.ENOENT: "重新插入U盘"}[number]
    write = durable._write

    def refuse(part: Path, chunks: Any) -> str:
        if stick in part.parents:
            raise OSError(number, os.strerror(number))
        return write(part, chunks)

    answers.path, answers.line, answers.yes = stick, VILLAGES[0], True
    with second_program(qtbot, qapp, tmp_path, "desk") as village:
        village.show_desk(desks[0])
        unsent, sequence = desks[0].sync.status().unsent, desks[0].sync.status().sequence
        with monkeypatch.context() as full:
            full.setattr(durable, "_write", refuse)
            for window, page, verb in (
                (village, "exchange", "Send to the township"), (office, "villages", "Write the replies"),
                (office, "villages", "Invite a village"),
            ):  # fmt: skip
                told.clear()
                click(page_of(window, page), verb)
                settle(qtbot, window)
                tone, text = told[-1]
                assert tone == "problem"
                assert words in text, text
            assert list(stick.iterdir()) == []
        assert (desks[0].sync.status().unsent, desks[0].sync.status().sequence) == (unsent, sequence)
        click(page_of(village, "exchange"), "Send to the township")
        settle(qtbot, village)
        tone, text = told[-1]
        assert tone == "ok"
        assert "可以拔下" in text

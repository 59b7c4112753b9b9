"""Two laptops and a township, three real programs on three real X servers, under real keys and clicks; a stick between.

They join, both laptops edit the same household, one file is lost, one comes late, one comes twice; the township sees
the conflict and decides it; replies go back, and all three say the same. ``witness.py`` tells where things stand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.gui.townships import CHEAP, TOWNSHIP, VILLAGES, family
from tests.gui.windowed import PASSPHRASE
from tests.gui.xscreen import MISSING, NOISE, WHY, Screen, shown, start
from ui.households.words import label_of
from ui.pages import DESK, PageSet
from ui.township.pages import HUB
from villagedesk import text
from villagedesk.desk import Desk, create_desk, open_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import Hub, create_hub, open_hub
from villagedesk.text import tr

pytestmark = pytest.mark.skipif(bool(MISSING), reason=WHY)
VILLAGE = VILLAGES[0]


class Seat:
    """One of the three: a screen, a program, a folder."""

    pages: PageSet

    def __init__(self, screen: Screen, folder: Path, home: Path) -> None:
        self.screen = screen
        self.folder = folder
        home.mkdir()
        screen.notes = home / "notes"
        screen.notes.mkdir()
        self.program: subprocess.Popen[bytes] = start(screen, home, text.DEFAULT_LANGUAGE, "1", str(folder))

    def unlocks(self, first: str) -> None:
        self.screen.until("the passphrase", lambda now: now["page"] == "UnlockPage" and now["focus"])
        self.screen.types(PASSPHRASE)
        self.screen.keys("Return")
        self.screen.until("the first page", lambda now: now["page"] == first and now["jobs"] == 0)

    def goes(self, page: str) -> None:
        """Go to a page by the key of its group, and on through the group; each step waits for the one before."""
        groups = self.pages.shown_groups()
        group = self.pages.kind_of(page).group
        keys = [each.key for each in self.pages.pages_of(group)]
        if (here := self.screen.state()["page"]) not in keys:
            self.screen.keys(f"ctrl+{[each.key for each in groups].index(group) + 1}")
            here = self.screen.until("the group", lambda now: now["page"] in keys)["page"]
        while here != page:
            on = keys.index(here) < keys.index(page)
            after = keys[keys.index(here) + (1 if on else -1)]
            self.screen.keys("ctrl+Next" if on else "ctrl+Prior")
            self.screen.until(after, lambda now, after=after: now["page"] == after)
            here = after
        self.screen.until("the page at rest", lambda now: now["page"] == page and now["jobs"] == 0)

    def names(self, path: Path) -> None:
        """Type a path into a file dialog; what a busy machine swallowed is typed again."""
        self.screen.until("the dialog", lambda now: now["top"] == "QFileDialog" and now["focus"])
        for _ in range(5):
            self.screen.keys("ctrl+a")
            self.screen.types(str(path))
            time.sleep(0.3)
            if self.screen.state()["text"] == str(path):
                break
        for _ in range(5):  # the list of completions takes the first one
            self.screen.keys("Return")
            if self._is_gone("QFileDialog"):
                break
        self.screen.until("the dialog gone", lambda now: now["top"] in {"Window", "LineDialog"})

    def _is_gone(self, dialog: str) -> bool:
        """Whether it goes within three seconds: one more Return would press the button that opened it."""
        ends = time.monotonic() + 3
        while self.screen.state()["top"] == dialog and time.monotonic() < ends:
            time.sleep(0.2)
        return bool(self.screen.state()["top"] != dialog)

    def gives(self, path: Path, done: Callable[[], object]) -> None:
        """Answer a file dialog with a path, and wait for what comes of it."""
        self.names(path)
        self.screen.until("it is done", lambda now: now["jobs"] == 0 and done())

    def fills(self, name: str, words: str) -> None:
        """Type into a line; on a busy machine the click may come before the page has come to rest."""
        for _ in range(6):
            self.screen.clicks_on(name)
            self.screen.keys("ctrl+a")
            self.screen.types(words)
            time.sleep(0.3)
            now = self.screen.state()
            if now["focus"] == name and now["text"] == words:
                return
        raise AssertionError(f"“{words}” never stood in “{name}”")

    def closes_the_message(self) -> None:
        """So that what is heard next is news; a message that all went well goes by itself."""
        close = tr("Close this message")
        while (now := self.screen.state())["message"]:
            if close in now["places"]:
                x, y = now["places"][close]
                self.screen.points_at(x, y)
            time.sleep(0.5)

    def answers(self, words: str) -> None:
        """Answer a line that is asked for."""
        self.screen.until("the question", lambda now: now["top"] == "LineDialog")
        self.screen.keys("End")
        self.screen.types(words)
        self.screen.keys("Return")

    def hears(self, words: str) -> None:
        self.screen.until(f"“{words}”", lambda now: words in now["message"] and now["jobs"] == 0)

    def ends(self) -> None:
        self.program.terminate()
        self.program.wait(20)
        said = self.screen.state().get("said", [])
        assert [one for one in said if not any(noise in one for noise in NOISE)] == []


class Laptop(Seat):
    """A desk of the village."""

    pages = DESK

    def joins(self, invite: Path, name: str) -> None:
        self.goes("exchange")
        self.screen.clicks_on(tr("Open the township's invitation"))
        self.names(invite)
        self.answers(name)
        self.hears(tr("Joined. The first file you send introduces this laptop."))

    def sends(self, stick: Path) -> Path:
        before = set(stick.glob("*.vdsend"))
        self.goes("exchange")
        self.screen.clicks_on(tr("Send to the township"))
        self.gives(stick, lambda: set(stick.glob("*.vdsend")) - before)
        (written,) = set(stick.glob("*.vdsend")) - before
        return written

    def takes(self, reply: Path) -> None:
        self.goes("exchange")
        self.closes_the_message()
        self.screen.clicks_on(tr("Open a reply or a file"))
        self.gives(reply, lambda: True)
        self.hears(
            tr("Taken in: {n} {n:change|changes}, {conflicts} {conflicts:conflict|conflicts}.", n=0, conflicts=0)[:3]
        )

    def edits(self, field: str, words: str) -> None:
        """Change a line of the first household's file."""
        self.goes("households")
        self.screen.clicks_on(f"{tr('Household files')}:0")
        self.screen.keys("Return")
        self.screen.until("the file", lambda now: now["page"] == "household" and now["jobs"] == 0)
        while str(label_of(field)) not in (now := self.screen.state())["places"]:
            self.screen.keys("ctrl+Tab")
            self.screen.until("the next part of the form", lambda then, now=now: then["labels"] != now["labels"])
        self.fills(str(label_of(field)), words)
        self.fills(tr("Source of the change"), "visit")
        self.screen.keys("ctrl+s")
        self.hears(tr("Saved."))


class Office(Seat):
    """The township."""

    pages = HUB

    def invites(self, stick: Path) -> Path:
        self.screen.clicks_on(tr("Invite a village"))
        self.answers(VILLAGE[9:])
        invite = stick / f"{VILLAGE}.vdinvite"
        self.gives(stick, invite.exists)
        return invite

    def takes(self, file: Path, taken: str) -> None:
        self.goes("villages")
        self.closes_the_message()
        self.screen.clicks_on(tr("Take files in"))
        self.gives(file, lambda: True)
        self.hears(taken)

    def replies(self, stick: Path) -> Path:
        before = set(stick.glob("*.vdreply"))
        self.goes("villages")
        self.screen.clicks_on(tr("Write the replies"))
        self.gives(stick, lambda: set(stick.glob("*.vdreply")) - before)
        (written,) = set(stick.glob("*.vdreply")) - before
        return written

    def decides(self, value: str) -> None:
        self.goes("conflicts")
        self.screen.clicks_on(value)
        self.screen.clicks_on(tr("This value holds"))
        self.hears(tr("Decided. The other values stay in the history."))


def _taken(files: int, changes: int) -> str:
    return tr(
        "{n} {n:file|files} taken in, {changes} {changes:change|changes}, {bad} waiting or refused.",
        n=files,
        changes=changes,
        bad=0,
    )


def _prepare(folder: Path) -> None:
    """The township's hub, and two laptops of one village; only on the first has anything been typed."""
    hub, _ = create_hub(folder / "hub", PASSPHRASE, "界集镇", TOWNSHIP, author="张办")
    hub.close()
    for name in "ab":
        village = VillageDraft(code=VILLAGE, name="东村", profile="jiangsu-2018")
        desk, _ = create_desk(folder / name, PASSPHRASE, village, author=f"李{name}", cost=CHEAP)
        with desk:
            if name == "a":
                desk.households.save(family("1", "王大"), "visit")


@pytest.fixture
def seats(tmp_path: Path) -> Iterator[tuple[Office, Laptop, Laptop]]:
    _prepare(tmp_path)
    with ExitStack() as stack:
        screens = [stack.enter_context(shown(1366, 768)) for _ in range(3)]
        office = Office(screens[0], tmp_path / "hub", tmp_path / "home-hub")
        laptops = [Laptop(screen, tmp_path / name, tmp_path / f"home-{name}")
                   for screen, name in zip(screens[1:], "ab", strict=True)]  # fmt: skip
        stack.callback(lambda: [seat.program.kill() for seat in (office, *laptops)])
        yield office, *laptops


def _facts(opened: Desk | Hub) -> tuple[Any, ...]:
    """The household as this place has it."""
    files = opened.households.all() if isinstance(opened, Desk) else [
        opened.review.household(one) for one in opened.review.household_ids()
    ]  # fmt: skip
    (home,) = files
    return home.address, home.phone, home.support_no, home.head.name, len(home.members)


def test_two_laptops_and_a_township_come_to_say_the_same(seats: tuple[Office, Laptop, Laptop], tmp_path: Path) -> None:
    began = time.monotonic()
    office, first, second = seats
    stick, away = tmp_path / "stick", tmp_path / "away"
    stick.mkdir()
    away.mkdir()
    office.unlocks("villages")
    invite = office.invites(stick)
    for laptop, name in ((first, "laptop-a"), (second, "laptop-b")):
        laptop.unlocks("today")
        laptop.joins(invite, name)
        office.takes(laptop.sends(stick), _taken(1, 0).split("，")[0])
    reply = office.replies(stick)
    first.takes(reply)
    second.takes(reply)

    first.edits("address", "East 1")
    late = shutil.move(first.sends(stick), away)
    first.edits("phone", "13900000001")
    newest = first.sends(stick)
    second.edits("address", "West 2")
    second.sends(stick).unlink()  # the stick is lost
    second.edits("support_no", "S12")

    office.takes(newest, _taken(1, 2))
    office.takes(Path(late), _taken(1, 0))  # it comes after the one that holds all of it
    office.takes(newest, _taken(1, 0))  # and this one comes again
    office.takes(second.sends(stick), _taken(1, 2))
    office.decides("East 1")
    lost = office.replies(stick)
    lost.unlink()
    reply = office.replies(stick)
    first.takes(reply)
    second.takes(reply)
    for laptop in (first, second):
        laptop.screen.until("everything accepted", lambda now: tr("All accepted") in now["labels"])
        assert laptop.screen.picture(tmp_path / "end.png") > 50, "the window stayed blank"
    for seat in seats:
        seat.ends()

    with (
        open_hub(office.folder, PASSPHRASE) as hub,
        open_desk(first.folder, PASSPHRASE) as one,
        open_desk(second.folder, PASSPHRASE) as other,
    ):
        assert _facts(hub) == _facts(one) == _facts(other) == ("East 1", "13900000001", "S12", "王大", 2)
        assert one.sync.conflicts() == other.sync.conflicts() == hub.township.conflicts() == ()
        assert [desk.sync.status().unsent for desk in (one, other)] == [0, 0]
        verdicts = [verdict.status for verdict in one.sync.status().verdicts]
        assert sorted(verdicts) == ["accepted"] * 4 + ["repeated"]  # the late one brought nothing new
        for place in (one, other):
            (decision,) = place.sync.decisions()
            assert (decision.chosen, [lost.value for lost in decision.lost]) == ("East 1", ["West 2"])
    if os.environ.get("STORY_REPORT"):
        with Path(os.environ["STORY_REPORT"]).open("a", encoding="utf-8") as file:
            strokes, clicks = (sum(getattr(seat.screen, name) for seat in seats) for name in ("strokes", "clicks"))
            file.write(f"| exchange | {strokes} | {clicks} | {time.monotonic() - began:.0f} s |\n")

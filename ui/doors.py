"""Ways into a desk, each as work for the store's worker. The core is imported here, behind the first frame."""

from __future__ import annotations

import gc
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ui.welcome.answers import HubSetUp, SetUp
from villagedesk.values import Step, collector_paused, no_step

if TYPE_CHECKING:
    from villagedesk.desk import Desk
    from villagedesk.hub import Hub


_WARM = (
    "villagedesk.desk", "villagedesk.services.lists", "villagedesk.services.exits", "villagedesk.services.notices",
    "villagedesk.services.worklist", "villagedesk.services.team", "villagedesk.services.safekeeping",
    "ui.frame", "ui.opened", "ui.watch", "ui.pagemenu", "ui.today.page",
)  # fmt: skip

DEMO_PASSPHRASE = "demo-village"  # noqa: S105  of invented people only
DEMO_HOUSEHOLDS = 40


@dataclass(frozen=True)
class MadeDesk:
    """A desk just made, its recovery key, shown once, and the sheet to print."""

    desk: Desk
    recovery_key: str
    sheet: bytes


@dataclass(frozen=True)
class MadeHub:
    """A hub just made, its recovery key and the sheet to print."""

    hub: Hub
    recovery_key: str
    sheet: bytes


@dataclass(frozen=True)
class Invited:
    """An invitation and the 12-digit code of the village it is for."""

    file: Path
    village: str


def warm_up(profile: str, _step: Step = no_step) -> None:
    """Import and read what the first page of a desk needs, while the user types the passphrase.

    ``profile``: the policy of the desk opened last.
    """
    with collector_paused():
        for name in _WARM:
            import_module(name)
        import_module("villagedesk.services.entering").warm_up(profile)
    gc.freeze()  # to look through all that is imported for rubbish would hold the window up for a tenth of a second


def open_folder(folder: Path, passphrase: str, author: str, *, take_over: bool = False) -> Callable[[Step], Desk | Hub]:
    """Open the desk or hub in ``folder``; ``take_over`` after a person said that no other computer works in it."""

    def work(_step: Step) -> Desk | Hub:
        from villagedesk.services.entering import begin_to_enter

        way_in = begin_to_enter(folder, passphrase)
        with collector_paused():
            from villagedesk.desk import is_hub, open_desk

        if is_hub(folder):
            from villagedesk.hub import open_hub

            return open_hub(folder, way_in, author=author, take_over=take_over)
        return open_desk(folder, way_in, author=author, take_over=take_over)

    return work


def make_hub(answers: HubSetUp) -> Callable[[Step], MadeHub]:
    """Make a new hub from what its set-up learned."""

    def work(_step: Step) -> MadeHub:
        from villagedesk.hub import create_hub
        from villagedesk.services.recovery import recovery_sheet

        hub, recovery = create_hub(
            answers.folder,
            answers.passphrase,
            answers.name,
            answers.code,
            author=answers.author,
            database=answers.database,
        )
        sheet = recovery_sheet(recovery, answers.name, platform.node(), hub.place.store.clock())
        return MadeHub(hub, recovery, sheet)

    return work


def make(answers: SetUp) -> Callable[[Step], MadeDesk]:
    """Make a new desk from what the set-up learned."""

    def work(_step: Step) -> MadeDesk:
        from villagedesk.desk import create_desk
        from villagedesk.drafts.team import VillageDraft

        village = VillageDraft(
            code=answers.village.code,
            name=answers.village.name,
            township=answers.village.township,
            county=answers.village.county,
            profile=answers.profile,
        )
        desk, recovery = create_desk(answers.folder, answers.passphrase, village, author=answers.author)
        return MadeDesk(desk, recovery, desk.recovery_sheet(recovery))

    return work


def make_demo(folder: Path) -> Callable[[Step], Path]:
    """Make the demo village in ``folder`` unless it is there; the work gives the desk's folder."""

    def work(step: Step) -> Path:
        from villagedesk.demo.play import play

        if not (folder / "desk").is_dir():
            making = folder.with_name(f"{folder.name}.part")  # a village made by half is never opened
            for left in (making, folder):
                shutil.rmtree(left, ignore_errors=True)
            making.mkdir(parents=True)
            try:
                play(
                    making, DEMO_PASSPHRASE, "jiangsu-2018", DEMO_HOUSEHOLDS, 1,
                    lambda _what, done, total: step(done, total),
                )  # fmt: skip
            except BaseException:
                shutil.rmtree(making, ignore_errors=True)
                raise
            making.rename(folder)
        return folder / "desk"

    return work


def let_in_again(folder: Path, recovery_key: str, new: str) -> Callable[[Step], str]:
    """Give the leader a new passphrase by the recovery sheet; the work gives his name."""

    def work(_step: Step) -> str:
        from villagedesk.services.users import let_in_again as let_in

        return let_in(folder, recovery_key, new)

    return work


def take_off(folder: Path, passphrase: str) -> Callable[[Step], Path]:
    """Take the closed desk in ``folder`` off this computer; the work gives the note that says so."""

    def work(_step: Step) -> Path:
        from villagedesk.services.leaving import take_off as take

        return take(folder, passphrase, datetime.now(UTC))

    return work


def invited(file: Path) -> Callable[[Step], Invited]:
    """Read an invitation, so that the set-up knows its village; what is none is refused before anything is typed."""

    def work(_step: Step) -> Invited:
        from villagedesk.services.sync import invited_village

        return Invited(file, invited_village(file, datetime.now(UTC)))

    return work


def restore(file: Path, folder: Path, passphrase: str) -> Callable[[Step], Path]:
    """Put a backup into ``folder``; the work gives the desk's folder."""

    def work(step: Step) -> Path:
        from villagedesk.services.backups import restore as put_back

        put_back(file, folder, passphrase, datetime.now(UTC), step)
        return folder

    return work

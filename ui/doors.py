"""Ways into a desk, each as work for the store's worker. The core is imported here, behind the first frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.welcome.answers import SetUp
from villagedesk.values import Step, no_step

if TYPE_CHECKING:
    from villagedesk.desk import Desk


@dataclass(frozen=True)
class MadeDesk:
    """A desk just made and its recovery key, shown once."""

    desk: Desk
    recovery_key: str


def warm_up(_step: Step = no_step) -> None:
    """Import the core while the user reads the first page."""
    import villagedesk.desk  # noqa: F401, PLC0415


def open_folder(folder: Path, passphrase: str, author: str) -> Callable[[Step], Desk]:
    """Open the desk in ``folder``."""

    def work(_step: Step) -> Desk:
        from villagedesk.desk import open_desk  # noqa: PLC0415

        return open_desk(folder, passphrase, author=author)

    return work


def make(answers: SetUp) -> Callable[[Step], MadeDesk]:
    """Make a new desk from what the set-up learned."""

    def work(_step: Step) -> MadeDesk:
        from villagedesk.desk import create_desk  # noqa: PLC0415
        from villagedesk.drafts.team import VillageDraft  # noqa: PLC0415

        village = VillageDraft(
            code=answers.village.code,
            name=answers.village.name,
            township=answers.village.township,
            county=answers.village.county,
            profile=answers.profile,
        )
        desk, recovery = create_desk(answers.folder, answers.passphrase, village, author=answers.author)
        return MadeDesk(desk, recovery)

    return work


def close(desk: Any) -> None:
    """Let go of a desk."""
    desk.close()

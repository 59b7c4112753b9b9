"""What the frame asks of an open desk: how it stands, and who is found by what was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ui.context import Context, HubContext
from ui.finder import Ask, Found
from ui.pages import DESK, OF_TIER_ONE, PageSet
from ui.recent import Recent
from ui.status import Standing
from villagedesk.desk import Desk
from villagedesk.text import tr
from villagedesk.values import shown_name


@dataclass(frozen=True)
class Opened:
    """An open desk or hub, as the window shows it."""

    context: Context | HubContext
    pages: PageSet
    ask: Ask
    standing: Callable[[], Standing]
    title: str
    folder: Path
    close: Callable[[], None]
    recent: Recent | None = None  # a hub keeps none


def opened_desk(context: Context) -> Opened:
    """What the window needs of an open desk."""
    desk = context.desk
    standing = partial(standing_of, desk)
    pages = OF_TIER_ONE if desk.covered else DESK
    return Opened(
        context, pages, finder_of(desk), standing, _place_of(desk), desk.place.folder, desk.close, Recent(desk, pages)
    )


def standing_of(desk: Desk) -> Standing:
    """How the desk stands now."""
    waiting = desk.lists.waiting()
    return Standing(_place_of(desk), desk.profile.title, waiting.unsent, waiting.conflicts, waiting.unconfirmed)


def _place_of(desk: Desk) -> str:
    village = desk.team.village()
    return " ".join(filter(None, (village.county, village.township, village.name)))


def finder_of(desk: Desk) -> Ask:
    """The search box's question to this desk."""

    def ask(text: str, limit: int) -> Sequence[Found]:
        today = desk.site.today()
        return [
            Found(
                hit.household_id,
                hit.member_id,
                _line(shown_name(hit.name, hit.birth, today), hit.group, hit.household_no),
            )
            for hit in desk.lists.find(text, limit)
        ]

    return ask


def _line(name: str, group: str, no: str) -> str:
    return tr("{name}    {group}    No. {no}", name=name or "—", group=group, no=no)

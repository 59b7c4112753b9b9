"""What the frame asks of an open hub: how it stands, and who is found by what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from ui.context import HubContext
from ui.finder import Ask, Found
from ui.opened import Opened
from ui.status import Standing
from ui.township.pages import HUB
from villagedesk.text import tr
from villagedesk.values import shown_name

if TYPE_CHECKING:
    from villagedesk.hub import Hub


def opened_hub(context: HubContext) -> Opened:
    """What the window needs of an open hub."""
    hub = context.hub
    standing = partial(standing_of, hub)
    return Opened(context, HUB, finder_of(hub), standing, hub.township.name, hub.place.folder, hub.close)


def standing_of(hub: Hub) -> Standing:
    """How the hub stands now."""
    rows = hub.township.villages()
    about = tr("{n} {n:village|villages}", n=len(rows))
    return Standing(hub.township.name, about, None, sum(row.conflicts for row in rows), 0)


def finder_of(hub: Hub) -> Ask:
    """The search box's question to all villages of the hub."""

    def ask(text: str, limit: int) -> Sequence[Found]:
        names, today = hub.review.names(), hub.review.today()
        return [
            Found(
                hit.household_id,
                hit.member_id,
                tr("{name}    {village} {group}    No. {no}", name=shown_name(hit.name, hit.birth, today) or "—",
                   no=hit.household_no,
                   village=names.get(hit.village, hit.village), group=hit.group),
            )
            for hit in hub.review.find(text, limit)
        ]  # fmt: skip

    return ask

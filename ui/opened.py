"""What the frame asks of an open desk: how it stands, and who is found by what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from ui.finder import Ask, Found
from ui.status import Standing
from villagedesk.desk import Desk
from villagedesk.text import tr


def standing_of(desk: Desk) -> Standing:
    """How the desk stands now."""
    status, village = desk.lists.status(), desk.team.village()
    place = " ".join(filter(None, (village.county, village.township, village.name)))
    return Standing(place, status.profile, status.unsent, status.conflicts, status.unconfirmed)


def finder_of(desk: Desk) -> Ask:
    """The search box's question to this desk."""

    def ask(text: str, limit: int) -> Sequence[Found]:
        return [
            Found(hit.household_id, hit.member_id, _line(hit.name, hit.group, hit.household_no))
            for hit in desk.lists.find(text, limit)
        ]

    return ask


def _line(name: str, group: str, no: str) -> str:
    return tr("{name}    {group}    No. {no}", name=name or "—", group=group, no=no)

"""From a field named by a rule or blocker to the form where it is mended."""

from __future__ import annotations

from typing import Any

_PAGES = {
    "exit": "exits",
    "notice": "notices",
    "monitoring": "monitoring",
    "village": "village",
    "funds": "money",
    "shares": "money",
    "plan": "plan",
    "measures": "plan",
    "wishes": "plan",
}


def place_of(field: str, household_id: str, member_at: int | None = None) -> tuple[str, dict[str, Any]]:
    """The page and what on it. ``member_at`` is the place of the person in the household."""
    first, _, rest = field.partition(".")
    page = _PAGES.get(first, "household")
    place: dict[str, Any] = {"household_id": household_id} if household_id else {}
    if page == "household":
        place["field"] = field if member_at is None or first == "members" else f"members.{member_at}.{field}"
    elif rest:
        place["field"] = rest
    return page, place

"""From a field named by a rule or blocker to the form where it is mended."""

from __future__ import annotations

from typing import Any

_PAGES = {
    "notice": "notices",
    "monitoring": "monitoring",
    "village": "village",
    "funds": "money",
    "shares": "money",
    "plan": "plan",
    "measures": "plan",
    "wishes": "plan",
    "pairings": "team",
    "team": "team",
    "visits": "visits",
}
_TABS = {"funds": "funds", "shares": "shares", "pairings": "pairings", "team": "members"}
_OF_THE_CASE: dict[str, tuple[str, dict[str, Any]]] = {
    "signatures": ("exits", {"tab": "signatures"}),
    **{name: ("exits", {"tab": "records"}) for name in ("checks", "household_answer", "answered_on", "verified_on")},
    **{name: ("exits", {"tab": "conditions"}) for name in ("reported_on", "replied_on", "announced_on", "marked_on")},
    **{name: ("evaluations", {}) for name in ("evaluated_on", "held_on", "votes_for", "present", "due")},
    **{
        name: ("notices", {})
        for name in ("posted_on", "starts_on", "ends_on", "case_ids", "objections", "digest", "result")
    },
    "recognised_on": ("monitoring", {}),
    "findings": ("findings", {}),
}
"""Field of a case, its meeting or its notice → the page where it is entered, and what on it."""


def place_of(
    field: str, household_id: str, member_at: int | None = None, record: str = ""
) -> tuple[str, dict[str, Any]]:
    """The page and what on it. ``member_at``: the place of the person in the household; ``record``: the paper meant."""
    first, _, rest = field.partition(".")
    of_case = rest if first == "exit" else first
    if of_case in _OF_THE_CASE or first == "exit":
        page, on_it = _OF_THE_CASE.get(of_case, ("exits", {"tab": "records"}))
        return page, {"household_id": household_id, **on_it}
    page = _PAGES.get(first, "household")
    place: dict[str, Any] = {"household_id": household_id} if household_id else {}
    if page == "household":
        place["field"] = field if member_at is None or first == "members" else f"members.{member_at}.{field}"
    elif rest:
        place["field"] = rest
    if first in _TABS:
        place["tab"] = _TABS[first]
    elif page == "notices" and record:
        place["notice_id"] = record
    return page, place

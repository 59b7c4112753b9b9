"""Taking a step of the procedure: the reason and the few facts that go with it, for one case or for many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.context import Context
from villagedesk.policy.procedures import Step
from villagedesk.services.exits import ExitRow
from villagedesk.text import say

_DATED = {"report": "reported_on", "announce": "announced_on", "mark": "marked_on"}
"""Step → the field that takes today's date with it."""


def take(context: Context, step: Step, rows: Sequence[ExitRow]) -> Any:
    """Take ``step`` with these cases; None when the user stepped back. Raises Refused when one of them cannot go."""
    reason: str | None = step.title
    if step.needs_reason:
        reason = context.messages.ask_line(say("{step}: for what reason?", step=step.title))
    values = _values(context, step, rows) if reason else None
    if not reason or values is None:
        return None
    return context.desk.exits.take([row.case.id for row in rows], step.verb, reason, **values)


def open_steps(rows: Sequence[ExitRow], context: Context) -> Mapping[str, tuple[Step, tuple[ExitRow, ...]]]:
    """The steps forward that are open now, each with the cases it is open for."""
    effect = context.desk.exits.procedure.effect
    found: dict[str, tuple[Step, tuple[ExitRow, ...]]] = {}
    for row in rows:
        for step in row.steps:
            if step.open and effect(step.to) != "back":
                known = found.get(step.verb, (step, ()))
                found[step.verb] = (known[0], (*known[1], row))
    return found


def _values(context: Context, step: Step, rows: Sequence[ExitRow]) -> Mapping[str, Any] | None:
    today = context.desk.site.today()
    if step.verb in _DATED:
        return {_DATED[step.verb]: today}
    if step.verb == "approve" and not all(row.case.township_reply for row in rows):
        number = context.messages.ask_line(say("Number of the township's written reply"))
        return {"township_reply": number, "replied_on": today} if number else None
    return {}

"""Whether the days of a notice are right and over (DOMAIN §5.7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from villagedesk.policy.days import last_day
from villagedesk.policy.pack_steps import DayRules, NoticeStage
from villagedesk.text import Text, say

Finding = tuple[Text, str, Text]  # what is wrong, the draft field, the remedy


def notice_findings(
    stage: NoticeStage | None, posted_on: date | None, ends_on: date | None, today: date, days: DayRules
) -> Iterator[Finding]:
    """What is wrong with a notice posted on ``posted_on`` whose paper says it hangs until ``ends_on``."""
    if stage is None or posted_on is None or ends_on is None:
        yield say("The notice is not posted."), "posted_on", say("Print it, post it and record the day.")
        return
    due = stage_end(stage, posted_on, days)
    if due and ends_on < due:
        text = say(
            "The notice ends on {end}; {days} {days:day lasts|days last} until {due}.",
            end=ends_on,
            days=stage.days,
            due=due,
        )
        yield text, "ends_on", say("Post a corrected notice.")
    elif today <= ends_on:
        yield say("The notice hangs until {end}.", end=ends_on), "ends_on", say("Go on after that day.")


def stage_end(stage: NoticeStage, starts_on: date, days: DayRules) -> date | None:
    """The last day to be printed on a notice that starts on ``starts_on``; None for one that stays for good."""
    return last_day(starts_on, stage.days, stage.day_rule, stage.day_kind, days) if stage.days else None

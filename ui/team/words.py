"""What the history calls the verbs of a team's week."""

from __future__ import annotations

from villagedesk.text import Text, say

VERBS: dict[str, Text] = {
    "visit.save": say("Wrote a visit down"),
    "visit.strike": say("Took a visit out"),
    "visit.promise": say("Kept a promise"),
    "workday.write": say("Wrote a day down"),
    "leave.ask": say("Entered leave"),
    "leave.end": say("Ended leave"),
    "pairing.end": say("Ended a pairing"),
    "concern.register": say("Registered a concern"),
    "concern.accept": say("Took a concern up"),
    "concern.decline": say("Did not take a concern up"),
    "concern.handle": say("Dealt with a concern"),
    "concern.answer": say("Answered a concern"),
    "concern.close": say("Closed a concern"),
    "concern.report": say("Reported a concern"),
    "concern.escalate": say("Sent a late concern up"),
    "measure.record": say("Entered facts of a measure"),
    "measure.pay": say("Entered a payment"),
    "measure.loan": say("Entered the state of a loan"),
    "measure.house": say("Closed a housing case"),
    "wish.paper": say("Paper of a wish came back"),
    "plan.checked": say("Went through a plan"),
    "plan.review": say("Household confirmed the year's effect"),
    "plan.finish": say("Ended a plan"),
    "plan.reopen": say("Reopened a plan"),
}

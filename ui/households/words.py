"""Values and verbs of the history in the words of the forms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ui.households.spec import CODES, HUNDREDTHS, LABELS
from ui.team.words import VERBS as TEAM_VERBS
from ui.village.words import VERBS as VILLAGE_VERBS
from villagedesk.policy.codes import CodeBook
from villagedesk.policy.profile import head_of
from villagedesk.text import Text, say, tr
from villagedesk.values import mask_id, yuan

_CHINA = ZoneInfo("Asia/Shanghai")

_MONEY = frozenset({
    "amount", "paid", "claims", "medical_paid", "hospital_costs", "hospital_refunded", "taxes_and_dues", "gifts_out",
    "kept", "income",
})  # fmt: skip

_MORE_LABELS: dict[str, Text] = {
    "under_14": say("Particulars of a child"),
    "removed": say("Closed"),
    "field_notes": say("Notes on fields"),
    "household_id": say("Household"),
    "year": say("Year"),
    "period": say("Period"),
    "persons": say("Persons"),
    "item": say("Item"),
    "amount": say("Amount"),
    "evidence": say("Evidence"),
    "locked_on": say("Signed by the household on"),
    "village": say("Village"),
    "removed_reason": say("Why closed"),
    "household_answer": say("Answer of the household"),
    "hospital_costs": say("Hospital costs that may be refunded"),
    "hospital_refunded": say("Of these refunded"),
    "answer": say("Answer"),
    "one_person": say("One person or two"),
    "person": say("Person who signed"),
    "signed_on": say("Signed on"),
    "mark": say("Kind of mark"),
    "packs": say("Policy packs taken over"),
    "content": say("Content"),
    "responsible": say("Responsible"),
}

VERBS: dict[str, Text] = {
    "village.found": say("Set up the desk"),
    "village.save": say("Changed the village file"),
    "household.save": say("Saved the household file"),
    "household.bulk": say("Changed many households at once"),
    "household.remove": say("Closed the household file"),
    "roster.import": say("Imported a roster"),
    "import": say("Imported a roster"),
    "income.save": say("Saved an income statement"),
    "income.lock": say("Income statement signed"),
    "income.unlock": say("Opened a signed income statement"),
    "wish.save": say("Recorded a wish"),
    "wish.withdraw": say("Wish taken back"),
    "plan.save": say("Saved a plan"),
    "plan.version": say("New version of a plan"),
    "plan.agree": say("Household agreed to the plan"),
    "measure.start": say("Began a measure"),
    "measure.finish": say("Finished a measure"),
    "measure.decline": say("Measure declined"),
    "exit.propose": say("Proposed an exit"),
    "exit.check": say("Recorded the check at the door"),
    "exit.evaluate": say("Recorded the villagers' meeting"),
    "exit.answer": say("Recorded the household's answer"),
    "exit.sign": say("Recorded signatures"),
    "exit.unsign": say("Set signatures aside"),
    "notice.draft": say("Drafted a notice"),
    "notice.days": say("Set the days of a notice"),
    "notice.post": say("Posted a notice"),
    "notice.close": say("Recorded the result of a notice"),
    "objection.register": say("Registered an objection"),
    "objection.settle": say("Settled an objection"),
    "objection.answer": say("Answered an objection"),
    "objection.publish": say("Made the result of an objection public"),
    "conflict.decide": say("Decided a conflict"),
    "duplicate.together": say("Put two entries of a person together"),
    "duplicate.apart": say("Told two people apart who look alike"),
    "duplicate.close": say("Ended the second entry of a person"),
    "policy.take": say("Took over a policy pack of the township"),
    "undo": say("Took a step back"),
    "paper.print": say("Printed a paper"),
    "exit.reply": say("Reply of the township"),
    "finding.exempt": say("Accepted a finding"),
    "finding.reopen": say("An accepted finding counts again"),
    "helper.save": say("Saved a helper"),
    "pairing.begin": say("Paired a helper"),
    "team_member.save": say("Saved a team member"),
    **VILLAGE_VERBS,
    **TEAM_VERBS,
}


def verb_word(verb: str) -> str:
    """What was done, in words."""
    known = VERBS.get(verb)
    return str(known) if known else tr("Step of the exit procedure") if verb.startswith("exit.") else tr("Step taken")


def label_of(field: str) -> str:
    """The label of a draft field."""
    found = LABELS.get(field) or _MORE_LABELS.get(field)
    return str(found) if found else field


def value_word(field: str, value: Any, codes: CodeBook) -> str:  # noqa: PLR0911  one answer a kind of value
    """A stored value as people read it."""
    if value is None or value in ("", (), []):
        return "—"
    if field == "one_person":
        return tr("One person entered twice") if value else tr("Two different people")
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if field == "id_number":
        return mask_id(str(value))
    if field in CODES and CODES[field] != "ethnic":
        return "、".join(codes.word(CODES[field], str(one)) for one in ([value] if isinstance(value, str) else value))
    if field in HUNDREDTHS or field in _MONEY:
        return yuan(int(value))
    if field == "packs":
        return "、".join(head_of(text).title for text in value)
    if field == "field_notes":
        return "；".join(f"{label_of(name)}：{note}" for name, note in value)
    if isinstance(value, tuple | list):
        return "、".join(str(one) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def time_word(at: str) -> str:
    """A time of the history as the clock in China showed it."""
    try:
        return datetime.fromisoformat(at).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return at

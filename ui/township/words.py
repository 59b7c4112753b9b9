"""Words the pages of a hub share."""

from __future__ import annotations

from collections.abc import Mapping

from villagedesk.text import Text, say, tr

VERDICTS: dict[str, tuple[Text, str]] = {
    "accepted": (say("accepted"), "ok"),
    "repeated": (say("came twice, no effect"), ""),
    "held": (say("waits for an earlier file"), "warn"),
    "rejected": (say("refused"), "problem"),
}

COUNTED: dict[str, Text] = {
    "households": say("households"),
    "members": say("persons"),
    "exited": say("exited"),
}


def totals_words(totals: Mapping[str, int]) -> str:
    """Totals in words, "—" where nothing was counted yet."""
    return "  ".join(f"{word} {totals[key]}" for key, word in COUNTED.items() if key in totals) or "—"


def difference_words(difference: Mapping[str, int], sent: Mapping[str, int]) -> str:
    """How the hub's totals differ from the village's."""
    if not sent:
        return "—"
    if not difference:
        return tr("equal")
    return "  ".join(f"{COUNTED[key]} {number:+d}" for key, number in difference.items() if key in COUNTED)

"""What a scanned page belongs to, in words."""

from __future__ import annotations

from villagedesk.text import say


def kind_word(kind: str, year: int) -> str:
    """What a page belongs to, in words."""
    words = {
        "exit": say("sign-off sheet {year}", year=year), "plan": say("plan {year}", year=year),
        "income": say("income statement {year}", year=year), "notice": say("notice {year}", year=year),
        "household": say("household file"), "evaluation": say("minutes {year}", year=year),
    }  # fmt: skip
    return str(words.get(kind, ""))

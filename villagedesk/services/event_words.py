"""The kinds of household events in words, for refusals, histories and lists."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from villagedesk.text import Text, say

KIND_WORDS: Mapping[str, Text] = MappingProxyType({
    "birth": say("Birth"),
    "marriage_in": say("Marriage into the household"),
    "moved_in": say("Moved in from elsewhere"),
    "death": say("Death"),
    "marriage_out": say("Marriage out of the village"),
    "moved_out": say("Moved away"),
    "moved_within": say("Moved to another household of the village"),
    "split": say("Household divided"),
    "merge": say("Households joined"),
    "unmerge": say("Joined households taken apart again"),
    "head": say("Change of head"),
    "left_village": say("Household moved to another village"),
    "removed": say("Taken off the register"),
    "suspended": say("Assistance suspended"),
    "resumed": say("Assistance resumed"),
    "fell_back": say("Returned to poverty"),
    "snapshot": say("Year-end list"),
})  # fmt: skip
"""Every kind of event of ``event_course.FLOWS``."""


def kind_word(kind: str) -> Text:
    """A kind of event in words."""
    return KIND_WORDS.get(kind) or say("Household event")

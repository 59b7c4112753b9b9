"""Lists of other offices in words, for the township's page and for the village's."""

from __future__ import annotations

from villagedesk.text import Text, say, tr

LIST_NAMES: dict[str, Text] = {
    "dibao": say("Minimum living allowance list"),
    "tekun": say("Destitute support list"),
    "disability": say("Disability list"),
    "death": say("List of deaths"),
}


def remark_word(kind: str, *, on_list: bool) -> str:
    """What differs, and so what has to be looked into."""
    if kind == "death":
        return tr("stands on the list of deaths and lives in the file")
    return tr("stands on the list, not so in the file") if on_list else tr("so in the file, not on the list")

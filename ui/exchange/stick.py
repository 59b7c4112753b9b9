"""Before a file is written: is this the stick of last time? An unplugged stick leaves an empty folder behind."""

from __future__ import annotations

from ui.messages import Messages
from villagedesk.text import say


def is_the_stick(messages: Messages, target: str) -> bool:
    """Ask when ``target`` (a word of ``services.stick``) says that it is another one, or none."""
    if target in {"first", "same"}:
        return True
    return messages.ask(
        say("This is not the stick of last time."), say("Write here all the same"),
        detail=say("Perhaps the stick is not plugged in, or it is another one. The file is encrypted either way."),
    )  # fmt: skip

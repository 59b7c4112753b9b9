"""Looking whether a desk or a hub is whole, and what that found in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from villagedesk.text import tr
from villagedesk.values import Step

if TYPE_CHECKING:
    from ui.context import Context, HubContext
    from villagedesk.services.audit import Audit


def look_whole(context: Context | HubContext, step: Step) -> Audit:
    """Work for a job: every change, record and attachment."""
    from villagedesk.services.audit import audit

    return audit(context.opened.place, step)


def found_words(audit: Audit) -> str:
    """How much was looked at, and each fault."""
    looked = tr(
        "{revisions} {revisions:change|changes}, {records} {records:record|records}, {files} "
        "{files:attachment|attachments} looked at.",
        revisions=audit.revisions,
        records=audit.records,
        files=audit.attachments,
    )
    faults = [f"•  {fault.where} {fault.text}" for fault in audit.faults]
    return "\n".join([looked, *(faults or [tr("Everything is whole.")])])

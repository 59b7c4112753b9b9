"""Writing down a villagers' meeting that was held already, with its votes (DOMAIN §5.8)."""

from __future__ import annotations

from dataclasses import replace

from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.errors import Refused
from villagedesk.policy.quorum import Vote, presence_problems, quorum_problems
from villagedesk.services.site import Site
from villagedesk.store.work import Work

VOTED, FAILED = "voted", "failed"


def write_meeting(site: Site, work: Work, meeting: EvaluationDraft) -> EvaluationDraft:
    """Write down a meeting that is over: voted, or failed where too few came."""
    failed = presence_problems(site.profile.quorum, meeting.due, meeting.present)
    held = replace(meeting, state=FAILED if failed else VOTED, called_on=meeting.called_on or meeting.held_on)
    meeting_id = work.put_draft("evaluation", site.village, held, new_id=site.store.ids())
    return replace(held, id=meeting_id)


def demand_sane(site: Site, vote: Vote) -> None:
    """Raise Refused for a count that no meeting can have had, whether it carries or not."""
    if vote.present > vote.due or vote.agree + vote.against + vote.abstain + vote.recused != vote.present:
        raise Refused(quorum_problems(site.profile.quorum, vote))

"""The policy a village works under: its profile, the packs it took over from the township, what the township fixed.

The texts of packs stand in the village's own record, so that every laptop, the township and the county judge by the
same words. What the profile is then called follows from them alone: two fields could part in a merge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Refused, Unreadable, VillageDeskError
from villagedesk.policy.own_scheme import decided
from villagedesk.policy.pack import Head
from villagedesk.policy.profile import Profile, head_of, load_profile, pack_text
from villagedesk.text import say


def profile_of(village: VillageDraft) -> Profile:
    """The policy of a village.

    Raises Refused or Unreadable as :func:`villagedesk.policy.profile.load_profile` does; for a pack that only a newer
    program understands, with the advice to update this one.
    """
    if not village.packs:
        return load_profile(village.profile, settled=decided(village))
    try:
        return load_profile(profile_id(village), settled=decided(village), given=village.packs)
    except VillageDeskError as error:
        raise Unreadable(
            say("The policy this village took over from its township cannot be read here: {reason} Update the program.",
                reason=str(error))
        ) from error  # fmt: skip


def profile_id(village: VillageDraft) -> str:
    """What the profile is called after the packs the village took over: the newest base, with every overlay."""
    found = village.profile
    for text in village.packs:
        found = _with(found, head_of(text), village.packs)
    return found


def take(village: VillageDraft, text: str) -> VillageDraft:
    """The village with this pack taken over; one of the same id goes. Raises Refused when the policy would not hold."""
    head = head_of(text)
    kept = tuple(each for each in village.packs if head_of(each).id != head.id)
    taken = replace(village, packs=(*kept, text))
    if head.abstract and head.id not in lineage(profile_id(taken), taken.packs):
        raise Refused(say("Nothing in this village's policy builds on the pack “{id}”. Ask the township which one is "
                          "meant.", id=head.id))  # fmt: skip
    load_profile(profile_id(taken), settled=decided(taken), given=taken.packs)
    return taken


def version_of(village: VillageDraft, pack: str) -> int:
    """The version of a pack that counts in this village; 0 when its policy does not build on it."""
    built_on = lineage(profile_id(village), village.packs)
    return head_of(pack_text(pack, village.packs)).version if pack in built_on else 0


def lineage(profile: str, given: tuple[str, ...]) -> Mapping[str, None]:
    """The ids of the packs a profile is built of, overlays and inherited ones among them."""
    found: dict[str, None] = {}
    waiting = profile.split("+")
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            parent = head_of(pack_text(name, given)).inherits
            waiting += [parent] if parent else []
    return found


def _with(profile: str, head: Head, given: tuple[str, ...]) -> str:
    if head.abstract or head.id in lineage(profile, given):
        return profile
    return f"{profile}+{head.id}" if head.overlay else "+".join([head.id, *profile.split("+")[1:]])

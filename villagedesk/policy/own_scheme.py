"""Ways of signing that the township edited itself, laid over the profile beside its presets (DOMAIN §3.3).

Each is kept for ever under its own key (own1, own2 …), so that a case signed by an earlier one is judged by that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import count
from typing import Any

import orjson

from villagedesk.drafts.scheme import ConfirmationDraft, SchemeDraft, SignerDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Problem
from villagedesk.policy.pack import Pack
from villagedesk.text import say

OWN = "own"
LEVELS = ("household", "helper", "group", "village", "team", "township")


def own_key(number: int) -> str:
    """The key of the township's scheme of this number, counted from one."""
    return f"{OWN}{number}"


def decided(village: VillageDraft) -> Mapping[str, Any]:
    """What the township has fixed about signing: key path of the pack → value, for ``load_profile``."""
    schemes = [read_scheme(text) for text in village.own_schemes]
    found: dict[str, Any] = {
        f"signoff.presets.{own_key(number)}": _table(scheme) for number, scheme in enumerate(schemes, 1)
    }
    if village.scheme:
        found["signoff.preset"] = village.scheme
    number = village.scheme.removeprefix(OWN)
    if village.scheme.startswith(OWN) and number.isdecimal() and 0 < int(number) <= len(schemes):
        chosen = schemes[int(number) - 1]
        found["signoff.scan_required"] = chosen.scan_required
        found |= {f"signoff.order.{rule}.on": rule in chosen.order for rule in _RULES}
    return found


def draft_of(pack: Pack, key: str) -> SchemeDraft:
    """A preset of the profile as something to edit."""
    preset = pack.signoff.presets[key]
    return SchemeDraft(
        title=preset.title,
        mode=preset.mode,
        signers=tuple(
            SignerDraft(role.key, role.title, role.level, role.required, role.substitute, role.marks)
            for role in preset.roles.values()
        ),
        items=tuple(ConfirmationDraft(item.key, item.text, item.evidence) for item in preset.items.values()),
        batch_signer=preset.batch_signer,
        order=tuple(rule for rule, setting in pack.signoff.order.items() if setting.on),
        scan_required=pack.signoff.scan_required,
    )


def scheme_problems(pack: Pack, draft: SchemeDraft) -> tuple[Problem, ...]:
    """Why a way of signing cannot be fixed like this; empty when it can."""
    return tuple(_problems(pack, draft))


def _problems(pack: Pack, draft: SchemeDraft) -> Iterator[Problem]:
    if not draft.title.strip():
        yield Problem(say("Give this way of signing a name."), "title")
    if not draft.signers or not draft.items:
        yield Problem(say("Name at least one signer and one thing to confirm."), "signers")
    if draft.mode == "diagonal" and len(draft.signers) != len(draft.items):
        text = say(
            "One signer for each item: there are {n} {n:signer|signers} and {m} {m:item|items}.",
            n=len(draft.signers),
            m=len(draft.items),
        )
        yield Problem(text, "items")
    if not any(signer.level == "household" and signer.required for signer in draft.signers):
        yield Problem(say("The household itself has to sign."), "signers")
    titles = [signer.title.strip() for signer in draft.signers]
    if "" in titles or len(set(titles)) < len(titles):
        yield Problem(say("Every signer needs a name of its own."), "signers")
    if any(not item.text.strip() for item in draft.items):
        yield Problem(say("Say what is confirmed, in each line."), "items")
    kinds = set(pack.signoff.mark_kinds)
    if any(not signer.marks or not set(signer.marks) <= kinds for signer in draft.signers):
        yield Problem(say("Choose for each signer how it may mark."), "signers")
    for signer in draft.signers:
        if signer.level == "household" and signer.substitute:
            yield Problem(say("The household signs in person; nobody may sign for it."), "signers")


def write_scheme(draft: SchemeDraft) -> str:
    """A way of signing as the village record keeps it; new signers and items get keys."""
    signers = tuple(
        replace(signer, key=key) for signer, key in zip(draft.signers, _keys(draft.signers, "role"), strict=True)
    )
    items = tuple(replace(item, key=key) for item, key in zip(draft.items, _keys(draft.items, "item"), strict=True))
    return orjson.dumps(asdict(replace(draft, signers=signers, items=items))).decode()


def read_scheme(text: str) -> SchemeDraft:
    """A way of signing from its text."""
    raw: dict[str, Any] = orjson.loads(text)
    signers = tuple(SignerDraft(**{**each, "marks": tuple(each["marks"])}) for each in raw.pop("signers"))
    items = tuple(ConfirmationDraft(**{**each, "evidence": tuple(each["evidence"])}) for each in raw.pop("items"))
    return SchemeDraft(signers=signers, items=items, **{**raw, "order": tuple(raw["order"])})


_RULES = (
    "household_before_village", "township_last", "not_before_evaluation", "within_term", "along_the_chain",
    "one_role_each",
)  # fmt: skip


def _keys(entries: Sequence[SignerDraft | ConfirmationDraft], word: str) -> list[str]:
    taken = {entry.key for entry in entries if entry.key}
    fresh = (f"{word}{number}" for number in count(1) if f"{word}{number}" not in taken)
    return [entry.key or next(fresh) for entry in entries]


def _table(draft: SchemeDraft) -> dict[str, Any]:
    """The preset as a pack would write it."""
    return {
        "title": draft.title,
        "mode": draft.mode,
        "batch_signer": draft.batch_signer,
        "roles": {
            signer.key: {
                "title": signer.title, "level": signer.level, "required": signer.required,
                "substitute": signer.substitute, "marks": list(signer.marks),
            }
            for signer in draft.signers
        },
        "items": {item.key: {"text": item.text, "evidence": list(item.evidence)} for item in draft.items},
    }  # fmt: skip

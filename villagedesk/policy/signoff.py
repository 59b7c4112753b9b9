"""The sign-off of an exit: who signs for what, and what stands in the way (DOMAIN §3).

五签字五确认 is named but nowhere defined; its reading is a preset of the pack that the township confirms
once, or edits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from villagedesk.drafts.exit import SignatureDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Refused
from villagedesk.policy import blockers as rules
from villagedesk.policy.cases import Blocker, ExitFacts
from villagedesk.policy.pack import Pack
from villagedesk.policy.pack_steps import Confirmation, Preset, Signer
from villagedesk.text import say


@dataclass(frozen=True, slots=True)
class Cell:
    """A place on the sheet that waits for a mark."""

    role: Signer
    item: Confirmation


@dataclass(frozen=True, slots=True)
class SignoffScheme:
    """The sign-off in force: a preset of the pack. ``confirmed`` is False until the township fixed it."""

    pack: Pack
    preset: Preset
    confirmed: bool

    @property
    def id(self) -> str:
        """What an exit case keeps for ever: pack, version and preset."""
        return f"{self.pack.pack.id}/{self.pack.pack.version}/{self.preset.key}"

    @property
    def title(self) -> str:
        """The name of the scheme, as it stands over the sheet."""
        return self.pack.signoff.name

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of the sheet, signer by signer."""
        return tuple(Cell(role, self.preset.items[item]) for role, item in rules.cells(self.preset))

    def evidence_of(self, item: Confirmation) -> tuple[str, ...]:
        """The titles of what a confirmation rests on."""
        return tuple(self.pack.signoff.evidence[key] for key in item.evidence)

    @property
    def required_roles(self) -> tuple[str, ...]:
        """Keys of the roles that must sign, in the order of the chain."""
        return tuple(role.key for role in self.preset.roles.values() if role.required)


def scheme(pack: Pack, preset: str = "", *, confirmed: bool = False) -> SignoffScheme:
    """The scheme of a profile, or one of its other presets.

    Raises Refused when the profile has no such preset.
    """
    name = preset or pack.signoff.preset
    if name not in pack.signoff.presets:
        known = ", ".join(pack.signoff.presets)
        raise Refused(say("There is no sign-off preset “{name}”. Choose one of: {known}.", name=name, known=known))
    return SignoffScheme(pack, pack.signoff.presets[name], confirmed)


def blockers(scheme: SignoffScheme, case: ExitFacts) -> tuple[Blocker, ...]:
    """All that stands in the way of the exit, hard blockers first."""
    return rules.found_blockers(scheme.pack, scheme.preset, case)


def open_cells(scheme: SignoffScheme, marks: Sequence[SignatureDraft], role: str = "") -> tuple[Cell, ...]:
    """The places that bear no complete mark: of one role, or of every role that must sign.

    A mark without an item covers its row.
    """
    signed = {(mark.role, mark.item) for mark in marks if mark.person and mark.signed_on}
    return tuple(
        cell
        for cell in scheme.cells
        if (cell.role.key == role if role else cell.role.required)
        and not signed.intersection({(cell.role.key, cell.item.key), (cell.role.key, "")})
    )


def member_digest(household: HouseholdDraft) -> str:
    """A digest of who belongs to the household, to see whether the list changed after the first signature.

    Names, relations, birth dates and ID numbers count; corrections of other facts do not.
    """
    rows = sorted(
        "\x1f".join((member.id, member.name, member.relation, str(member.birth), member.id_number))
        for member in household.living
    )
    return hashlib.sha256("\x1e".join(rows).encode()).hexdigest()

"""What an opening can do beforehand: try the passphrase beside the imports, read what every first page needs."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from villagedesk.errors import VillageDeskError
from villagedesk.store import vault

_FIRST = ("household", "member", "village", "exit", "notice", "team_member", "plan", "visit")


def begin_to_enter(folder: Path, passphrase: str) -> vault.Passphrase:
    """Begin to stretch the passphrase of the desk or hub in ``folder``; give the outcome to its opening.

    The stretching needs none of the other modules and holds no lock of Python: it takes as long as their import.
    """
    return vault.begin_to_enter(folder / vault.VAULT_NAME, passphrase)


def warm_up(profile: str) -> None:
    """Read code lists and rules and make the tables of a first page, before it is known whose.

    ``profile``: the policy of the desk that is likely to be opened, "" when nobody can tell. Whatever is wrong with it
    is for the opening to say.
    """
    from villagedesk.policy.checks.catalogue import shipped_catalogue
    from villagedesk.policy.codes import load_codes
    from villagedesk.policy.profile import load_profile
    from villagedesk.records.schema import RECORDS

    load_codes()
    shipped_catalogue()
    if profile:
        with suppress(VillageDeskError):
            load_profile(profile)
    for kind in _FIRST:
        RECORDS[kind].table  # noqa: B018  makes it

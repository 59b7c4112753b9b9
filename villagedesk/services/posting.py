"""What could be posted now: for each kind of notice that is no exit, the records that no notice speaks of yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.notice_kinds import NOTICES_OF
from villagedesk.services.site import Site

_BEFORE, _AFTER = frozenset({"proposed", "approved", "running"}), frozenset({"finished", "accepted"})
_BY_ITSELF = frozenset({"exit"})


class Posting:
    """The drafts that the village's records ask for."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def kinds(self) -> Mapping[str, str]:
        """The kinds of notice of the scheme that are drafted from records, with their titles."""
        found = self._site.profile.notices
        return {key: found[key].title for key in NOTICES_OF if key in found and key not in _BY_ITSELF}

    def waiting(self, kind: str, year: int) -> tuple[str, ...]:
        """The records of a year that a notice of this kind would speak of; what is on one already is left out.

        The standing register (长期公示) and the houses are always whole lists: they are renewed, not added to.
        """
        with self._site.store.read() as connection:
            found = [each.id for each in _WAITING[kind](self._site, connection, year)] if kind in _WAITING else []
            if NOTICES_OF[kind].record != "household":
                told = _told(self._site, connection, kind)
                found = [each for each in found if each not in told]
        return tuple(found)


def _all(site: Site, connection: Connection, kind: str) -> Iterable[Any]:
    return load_where(connection, kind, RECORDS[kind].table.c.village == site.village).values()


def _told(site: Site, connection: Connection, kind: str) -> set[str]:
    notices = [each for each in _all(site, connection, "notice") if each.kind == kind and each.state != "withdrawn"]
    return {case for notice in notices for case in notice.case_ids}


def _projects(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    return [each for each in _all(site, connection, "project") if each.year == year and each.state in _BEFORE]


def _effects(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    return [each for each in _all(site, connection, "project") if each.year == year and each.state in _AFTER]


def _funds(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    return [each for each in _all(site, connection, "fund") if each.year == year]


def _shares(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    """One distribution a notice."""
    return [each for each in _all(site, connection, "distribution") if each.year == year][:1]


def _dwellings(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    """Houses to be mended, and those mended in the year."""
    danger = shipped_catalogue().groups.dwelling_danger
    return [
        each
        for each in _all(site, connection, "household")
        if not each.removed_reason and (each.dwelling in danger or each.dwelling_repaired_year == year)
    ]


def _register(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    """Files that are open and not out yet."""
    del year
    exited = shipped_catalogue().groups.state_exited
    return [
        each
        for each in _all(site, connection, "household")
        if not each.removed_reason and each.state and each.state not in exited
    ]


_WAITING = {
    "projects": _projects,
    "funds": _funds,
    "effects": _effects,
    "shares": _shares,
    "dwellings": _dwellings,
    "register": _register,
}

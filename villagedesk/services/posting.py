"""What could be posted now: for each kind of notice that is no exit, the records that no notice speaks of yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.procedures import procedure
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.notice_kinds import NOTICES_OF
from villagedesk.services.site import Site

_BEFORE, _AFTER = frozenset({"proposed", "approved", "running"}), frozenset({"finished", "accepted"})
_BY_ITSELF = frozenset({"exit"})
_OF_MONITORING = frozenset({"monitoring_in", "monitoring_out", "monitoring_in_result", "monitoring_out_result"})
_POSTED_AGAIN = frozenset({"monitoring_in", "monitoring_out"})  # kept under watch, a household may stand on a later one


class Posting:
    """The drafts that the village's records ask for."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def kinds(self) -> Mapping[str, str]:
        """The kinds of notice of the scheme that are drafted from records, with their titles."""
        found = self._site.profile.notices
        left_out = _BY_ITSELF if self._site.profile.monitoring else _BY_ITSELF | _OF_MONITORING
        return {key: found[key].title for key in NOTICES_OF if key in found and key not in left_out}

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
    if kind in _POSTED_AGAIN:
        notices = [each for each in notices if not each.result]
    return {case for notice in notices for case in notice.case_ids}


def _projects(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    return [each for each in _all(site, connection, "project") if each.year == year and each.state in _BEFORE]


def _effects(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    return [each for each in _all(site, connection, "project") if each.year == year and each.state in _AFTER]


def _funds(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    return [each for each in _all(site, connection, "fund") if each.year == year]


def _donations(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    return [each for each in _all(site, connection, "donation") if each.on and each.on.year == year]


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


def _before(site: Site, key: str, kind: str) -> frozenset[str]:
    """The states of a procedure from which a notice of this kind is posted."""
    ways = procedure(site.profile, key).transitions
    return frozenset(state for way in ways if way.notice == kind for state in way.from_)


def _course(key: str, kind: str, *decided: str) -> Callable[[Site, Connection, int], Iterable[Any]]:
    """Courses of a year that wait for a posting of this kind, or stand in one of the ``decided`` states."""

    def waiting(site: Site, connection: Connection, year: int) -> Iterable[Any]:
        known = key in site.profile.procedures
        states = frozenset(decided) | (_before(site, key, kind) if known else frozenset())
        courses = _all(site, connection, "course")
        return [each for each in courses if each.procedure == key and each.year == year and each.state in states]

    return waiting


def _monitored(kind: str) -> Callable[[Site, Connection, int], Iterable[Any]]:
    def waiting(site: Site, connection: Connection, year: int) -> Iterable[Any]:
        states = _before(site, "monitoring", kind) if site.profile.monitoring else frozenset()
        cases = _all(site, connection, "monitoring")
        return [each for each in cases if each.found_on and each.found_on.year <= year and each.state in states]

    return waiting


def _watched(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    """Who was taken under watch in the year."""
    return [
        each for each in _all(site, connection, "monitoring") if each.recognised_on and each.recognised_on.year == year
    ]


def _released(site: Site, connection: Connection, year: int) -> Iterable[Any]:
    """Whose risk was found to be over in the year."""
    cases = _all(site, connection, "monitoring")
    return [each for each in cases if each.ended_on and each.ended_on.year == year and each.state in _RELEASED]


def _leaving(kind: str) -> Callable[[Site, Connection, int], Iterable[Any]]:
    """The village's own exit of a year, where its next step is a posting or an announcement of this kind.

    What was announced already may still be put on paper.
    """

    def waiting(site: Site, connection: Connection, year: int) -> Iterable[Any]:
        ways = procedure(site.profile, "village_exit").transitions
        states = {state for way in ways if kind in (way.notice, way.announced_with) for state in way.from_}
        states |= {way.to for way in ways if way.announced_with == kind}
        return [each for each in _all(site, connection, "village_exit") if each.year == year and each.state in states]

    return waiting


_RELEASED = frozenset({"ended", "ended_naturally"})
_WAITING = {
    "entry_first": _course("entry", "entry_first"),
    "entry_second": _course("entry", "entry_second"),
    "entry_result": _course("entry", "entry_result", "approved", "announced"),
    "removal": _course("removal", "removal"),
    "monitoring_in_result": _watched,
    "monitoring_out_result": _released,
    "monitoring_in": _monitored("monitoring_in"),
    "monitoring_out": _monitored("monitoring_out"),
    "village_exit": _leaving("village_exit"),
    "village_exit_result": _leaving("village_exit_result"),
    "projects": _projects,
    "funds": _funds,
    "donations": _donations,
    "effects": _effects,
    "shares": _shares,
    "dwellings": _dwellings,
    "register": _register,
}

"""Lists as keyset pages of frozen rows: the next page costs the same wherever it is (TECH §2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from villagedesk.errors import Usage
from villagedesk.records.schema import RECORDS
from villagedesk.store import pinyin
from villagedesk.store.bulk import chunks
from villagedesk.text import say
from villagedesk.values import group_order

PAGE = 100

Row = TypeVar("Row")

_household = RECORDS["household"].table
_member = RECORDS["member"].table


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household in a list."""

    n: int
    id: str
    village: str
    no: str
    group: str
    head: str
    persons: int
    kind: str
    state: str
    main_cause: str
    planned_exit_year: int | None
    exited_year: int | None
    revision: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in a list. The ID number is not part of it."""

    n: int
    id: str
    household_id: str
    village: str
    household_no: str
    group: str
    name: str
    relation: str
    sex: str
    birth: Any
    labour: str


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in order, and the cursor that asks for those after them (None: these are the last)."""

    rows: tuple[Row, ...]
    after: tuple[Any, ...] | None


_persons = (
    select(func.count())
    .where(_member.c.household_id == _household.c.id, _member.c.removed.is_(False), _member.c.left_on.is_(None))
    .correlate(_household)
    .scalar_subquery()
)
_head = (
    select(func.min(_member.c.name))
    .where(_member.c.household_id == _household.c.id, _member.c.removed.is_(False), _member.c.left_on.is_(None))
    .where(_member.c.relation == "01")
    .correlate(_household)
    .scalar_subquery()
)
_HOUSEHOLD = select(
    _household.c.n,
    _household.c.id,
    _household.c.village,
    _household.c.no,
    _household.c.group,
    func.coalesce(_head, ""),
    _persons,
    _household.c.kind,
    _household.c.state,
    _household.c.main_cause,
    _household.c.planned_exit_year,
    _household.c.exited_year,
    _household.c.revision,
).where(_household.c.removed.is_(False))
_MEMBER = (
    select(
        _member.c.n,
        _member.c.id,
        _member.c.household_id,
        _member.c.village,
        _household.c.no,
        _household.c.group,
        _member.c.name,
        _member.c.relation,
        _member.c.sex,
        _member.c.birth,
        _member.c.labour,
    )
    .join_from(_member, _household, _member.c.household_id == _household.c.id)
    .where(_member.c.removed.is_(False), _member.c.left_on.is_(None))
)

SORTS: Mapping[str, tuple[ColumnElement[Any], ...]] = MappingProxyType(
    {
        "no": (_household.c.village, _household.c.no, _household.c.id),
        "group": (_household.c.village, _household.c.group, _household.c.no, _household.c.id),
        "state": (_household.c.village, _household.c.state, _household.c.no, _household.c.id),
        "changed": (_household.c.revision, _household.c.id),
    }
)
"""Orders of the household list; each has an index behind it. "changed" is newest first."""

_AT_HOME = (_household.c.village, _household.c.no, _member.c.n)

MEMBER_SORTS: Mapping[str, tuple[ColumnElement[Any], ...]] = MappingProxyType(
    {
        "no": _AT_HOME,
        "group": (_household.c.village, _household.c.group, _household.c.no, _member.c.n),
        "name": (_member.c.name, *_AT_HOME),
        "relation": (_member.c.relation, *_AT_HOME),
        "sex": (_member.c.sex, *_AT_HOME),
        "birth": (_member.c.birth, *_AT_HOME),
        "labour": (_member.c.labour, *_AT_HOME),
    }
)
"""Orders of the members list. Groups stand as people count them, names as they are read aloud."""

MEMBER_FILTERS = ("relation", "sex", "labour", "work_area", "schooling")

FILTERS = ("village", "no", "group", "state", "kind", "main_cause", "planned_exit_year", "exited_year")


def households(
    connection: Connection,
    where: Mapping[str, object] | None = None,
    sort: str = "no",
    after: tuple[Any, ...] | None = None,
    limit: int = PAGE,
) -> Page[HouseholdRow]:
    """A page of households whose columns equal ``where`` (keys of :data:`FILTERS`), after the cursor of the last page.

    Raises Usage for a filter or order that does not exist.
    """
    if sort == "group":
        return _by_group(connection, where or {}, after, limit)
    keys = _order(sort)
    newest_first = sort == "changed"
    query = _HOUSEHOLD.add_columns(*keys).where(*_conditions(where))
    query = query.order_by(*(key.desc() if newest_first else key.asc() for key in keys))
    if after is not None:
        query = query.where(tuple_(*keys) < after if newest_first else tuple_(*keys) > after)
    return _page(list(connection.execute(query.limit(limit + 1))), limit)


def _page(found: Sequence[Any], limit: int) -> Page[HouseholdRow]:
    width = len(fields(HouseholdRow))
    rows = tuple(HouseholdRow(*tuple(row)[:width]) for row in found[:limit])
    return Page(rows, tuple(found[limit - 1][width:]) if len(found) > limit else None)


def _by_group(
    connection: Connection, where: Mapping[str, object], after: tuple[Any, ...] | None, limit: int
) -> Page[HouseholdRow]:
    """A page in the order of the groups as people count them, which the database does not know."""
    keys = SORTS["group"]
    found: list[Any] = []
    for village, group in _groups(connection, where, after[0] if after else ""):
        if after is not None and _group_key(village, group) < _group_key(*after[:2]):
            continue
        query = _HOUSEHOLD.add_columns(*keys).where(*_conditions({**where, "village": village, "group": group}))
        if after is not None and after[:2] == (village, group):
            query = query.where(tuple_(*keys[2:]) > after[2:])
        found += connection.execute(query.order_by(*keys[2:]).limit(limit + 1 - len(found)))
        if len(found) > limit:
            break
    return _page(found, limit)


def _groups(connection: Connection, where: Mapping[str, object], first: str) -> Iterator[tuple[str, str]]:
    """The groups in which households meet the filter, in order, village by village from ``first`` on."""
    village = _household.c.village
    chosen = _conditions({"village": where["village"]} if "village" in where else None)
    beyond = village >= first
    while (here := connection.execute(select(func.min(village)).where(beyond, *chosen)).scalar()) is not None:
        query = select(_household.c.group).distinct().where(village == here, _household.c.removed.is_(False))
        groups = connection.execute(query.where(*_conditions(where))).scalars()
        yield from ((here, group) for group in sorted(groups, key=group_order))
        beyond = village > here


def _group_key(village: str, group: str) -> tuple[str, int, str]:
    return (village, *group_order(group))


def _name_key(name: str, _village: str) -> tuple[str, ...]:
    return tuple(pinyin.readings(char)[0] for char in name if char.isalnum())


_COUNTED: Mapping[str, Callable[[str, str], tuple[Any, ...]]] = {"group": _group_key, "name": _name_key}
"""Orders of members that the database does not know, by their first two keys."""


def count_households(connection: Connection, where: Mapping[str, object] | None = None) -> int:
    """How many households meet the filter."""
    query = select(func.count()).select_from(_household)
    return connection.execute(query.where(_household.c.removed.is_(False), *_conditions(where))).scalar_one()


def household_ids(
    connection: Connection, where: Mapping[str, object] | None = None, sort: str = "no"
) -> tuple[str, ...]:
    """The ids of all households of the list, in its order."""
    keys = _order(sort)
    query = select(_household.c.id).where(_household.c.removed.is_(False), *_conditions(where))
    if sort == "group":
        rows = connection.execute(query.add_columns(*keys[:3]))
        return tuple(row[0] for row in sorted(rows, key=lambda row: (_group_key(row[1], row[2]), row[3], row[0])))
    order = [key.desc() if sort == "changed" else key.asc() for key in keys]
    return tuple(connection.execute(query.order_by(*order)).scalars())


def household_rows(connection: Connection, ids: Sequence[str]) -> tuple[HouseholdRow, ...]:
    """The rows of these households, in the order given; missing ones are left out."""
    rows: dict[str, HouseholdRow] = {}
    for chunk in chunks(ids):
        found = connection.execute(_HOUSEHOLD.where(_household.c.id.in_(chunk))).all()  # one by one takes twice as long
        rows.update({row[1]: HouseholdRow(*tuple(row)) for row in found})
    return tuple(rows[one] for one in ids if one in rows)


def every_household(connection: Connection) -> tuple[HouseholdRow, ...]:
    """The rows of all households, group by group: one question where a form offers them to choose from."""
    found = connection.execute(_HOUSEHOLD.where(_household.c.removed.is_(False))).all()
    rows = (HouseholdRow(*tuple(row)) for row in found)
    return tuple(sorted(rows, key=lambda row: (*_group_key(row.village, row.group), row.no, row.id)))


def household_values(
    connection: Connection, ids: Sequence[str], columns: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    """Further columns of these households, by id."""
    return _values(connection, _household, ids, columns)


def member_values(connection: Connection, ids: Sequence[str], columns: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Further columns of these members, by id."""
    return _values(connection, _member, ids, columns)


def _values(
    connection: Connection, table: Table, ids: Sequence[str], columns: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    fields_ = [table.c[name] for name in columns]
    found: dict[str, Mapping[str, Any]] = {}
    for chunk in chunks(ids):
        query = select(table.c.id, *fields_).where(table.c.id.in_(chunk))
        found.update({row["id"]: dict(row) for row in connection.execute(query).mappings()})
    return found


def members(
    connection: Connection,
    where: Mapping[str, object] | None = None,
    after: tuple[Any, ...] | None = None,
    limit: int = PAGE,
) -> Page[MemberRow]:
    """A page of living members in the order of their households, filtered by the households' columns."""
    keys = (_household.c.village, _household.c.no, _member.c.n)
    query = _MEMBER.add_columns(*keys).where(*_conditions(where)).order_by(*keys)
    if after is not None:
        query = query.where(tuple_(*keys) > after)
    found = list(connection.execute(query.limit(limit + 1)))
    width = len(fields(MemberRow))
    rows = tuple(MemberRow(*tuple(row)[:width]) for row in found[:limit])
    return Page(rows, tuple(found[limit - 1][width:]) if len(found) > limit else None)


def member_ids(
    connection: Connection,
    where: Mapping[str, object] | None = None,
    own: Mapping[str, object] | None = None,
    sort: str = "no",
) -> tuple[str, ...]:
    """The ids of all living members in one of the orders of :data:`MEMBER_SORTS`.

    ``where`` filters by the household's columns, ``own`` by the member's (:data:`MEMBER_FILTERS`). Raises Usage for a
    filter or order that does not exist.
    """
    keys = _order(sort, MEMBER_SORTS)
    query = select(_member.c.id, *keys).join_from(_member, _household, _member.c.household_id == _household.c.id)
    query = query.where(_member.c.removed.is_(False), _member.c.left_on.is_(None), *_conditions(where))
    query = query.where(*_conditions(own, _member, MEMBER_FILTERS)).order_by(*keys)
    if sort not in _COUNTED:
        return tuple(connection.execute(query).scalars())
    counted = _COUNTED[sort]
    return tuple(row[0] for row in sorted(connection.execute(query), key=lambda row: counted(*row[1:3])))


def member_rows(connection: Connection, ids: Sequence[str]) -> tuple[MemberRow, ...]:
    """The rows of these members, in the order given; those who left are left out."""
    rows: dict[str, MemberRow] = {}
    for chunk in chunks(ids):
        found = connection.execute(_MEMBER.where(_member.c.id.in_(chunk)))
        rows.update({row[1]: MemberRow(*tuple(row)) for row in found})
    return tuple(rows[one] for one in ids if one in rows)


def values_of(connection: Connection, column: str) -> tuple[tuple[Any, int], ...]:
    """The values a household column takes and how many households have each; for filter boxes."""
    return _values_of(connection, _household.c[column], _household.c.removed.is_(False))


def member_values_of(connection: Connection, column: str) -> tuple[tuple[Any, int], ...]:
    """The values a column of the living members takes and how many have each."""
    return _values_of(connection, _member.c[column], _member.c.removed.is_(False), _member.c.left_on.is_(None))


def _values_of(
    connection: Connection, field: ColumnElement[Any], *conditions: ColumnElement[bool]
) -> tuple[tuple[Any, int], ...]:
    query = select(field, func.count()).where(*conditions).group_by(field).order_by(field)
    return tuple((value, count) for value, count in connection.execute(query))


def _order(sort: str, sorts: Mapping[str, tuple[ColumnElement[Any], ...]] = SORTS) -> tuple[ColumnElement[Any], ...]:
    if sort not in sorts:
        raise Usage(
            say("The list cannot be sorted by “{sort}”. Use one of: {known}.", sort=sort, known=", ".join(sorts))
        )
    return sorts[sort]


def _conditions(
    where: Mapping[str, object] | None, table: Table = _household, filters: Sequence[str] = FILTERS
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for name, value in (where or {}).items():
        if name not in filters:
            known = ", ".join(filters)
            raise Usage(say("The list cannot be filtered by “{name}”. Use one of: {known}.", name=name, known=known))
        column = table.c[name]
        conditions.append(or_(*(column == one for one in value)) if isinstance(value, tuple) else column == value)
    return conditions


def names(connection: Connection, records: Sequence[str]) -> dict[str, str]:
    """Record id → a member's name or a household's number, for those there are."""
    member, household = RECORDS["member"].table, RECORDS["household"].table
    found: dict[str, str] = {}
    for chunk in chunks(sorted(set(records))):
        for key, word in ((member.c.id, member.c.name), (household.c.id, household.c.no)):
            found |= {row[0]: row[1] for row in connection.execute(select(key, word).where(key.in_(chunk)))}
    return found

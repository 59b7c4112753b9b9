"""The tables of desk and hub, made from the drafts: one declaration of a field serves form, table and send file.

Every record carries ``n`` (local row number, never leaves this machine), ``id`` (global), ``village`` (12-digit code),
``removed`` (tombstone) and ``revision`` (``n`` of the last local revision that touched it). All other columns are the
fields of its draft. See docs/decisions/0005 for why there is no mapped class beside each draft.
"""

from __future__ import annotations

import dataclasses
import hashlib
import threading
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    false,
    true,
)
from sqlalchemy.engine import Dialect

from villagedesk.drafts import (
    attachment,
    concern,
    course,
    duty,
    event,
    household,
    likeness,
    money,
    monitoring,
    notice,
    plan,
    privacy,
    project,
    request,
    survey,
    team,
    template,
    village,
    village_exit,
)
from villagedesk.drafts import exit as exits

LOCAL_COLUMNS = ("n", "revision")
"""Columns that mean something on this machine only and never travel."""

_making = threading.Lock()
_metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)


_FromText = Callable[[str | None], Any]


class Json(TypeDecorator[Any]):
    """Lists of codes and of unknown columns, as JSON text; sequences come back as tuples."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  signature of SQLAlchemy
        """JSON text for the column."""
        return None if value is None else orjson.dumps(value).decode()

    def result_processor(self, dialect: Dialect, coltype: object) -> _FromText:  # noqa: ARG002  as above
        """The value, lists as tuples: by a plain function, for five columns of every member go through it."""
        return _from_json


def _from_json(text: str | None) -> Any:
    if text == "[]":  # most of them
        return ()
    return None if text is None else _tuples(orjson.loads(text))


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


@dataclass(frozen=True)
class RecordType:
    """A kind of record: its draft, the children it owns, what is guarded; its columns and table when asked for.

    Most of a window's life needs a dozen of the tables, and to make all of them took a third of importing the core.
    """

    kind: str
    draft: type[Any]
    children: Mapping[str, str]  # draft field -> child kind
    protected: frozenset[str]  # fields no machine ever decides (DESIGN §5.4)
    key: tuple[str, ...]  # fields that make the id of a new record, so that two laptops make the same one
    sealed: frozenset[str]  # fields that nobody changes once the record is there: what a printed paper said
    parent: str  # the column of the owner's id, where the draft does not name it; "" where it does
    indexes: tuple[tuple[str, ...], ...]  # columns of each; none means the owner

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The draft fields that are columns."""
        return tuple(self._hints)

    @cached_property
    def owner(self) -> str:
        """The field that names the record it belongs to, "" for none."""
        return self.parent or next((name for name in ("household_id", "notice_id") if name in self._hints), "")

    @cached_property
    def table(self) -> Table:
        """Its table."""
        with _making:
            made = _metadata.tables.get(self.kind)
            return self._made() if made is None else made

    @cached_property
    def _hints(self) -> Mapping[str, Any]:
        """The type of each column that is a field."""
        hints = typing.get_type_hints(self.draft)
        names = [field.name for field in dataclasses.fields(self.draft) if not _is_child(hints[field.name])]
        own = {name: hints[name] for name in names if name not in {"id", "revision"}}
        return own if self.parent in {"", *own} else {self.parent: str, **own}

    def _made(self) -> Table:
        blank = self.draft()
        table = Table(
            self.kind,
            _metadata,
            Column("n", Integer, primary_key=True),
            Column("id", Text, nullable=False, unique=True),
            Column("village", Text, nullable=False),
            Column("removed", Boolean, nullable=False, server_default=false()),
            Column("revision", Integer, nullable=False),
            *(_column(name, hint, getattr(blank, name, "")) for name, hint in self._hints.items()),
        )
        for columns in self.indexes or (((self.owner,),) if self.owner else ()):
            Index(None, *(table.c[name] for name in columns))
        return table


_COLUMN_TYPES: Mapping[Any, tuple[Any, Any]] = {
    str: (Text, ""),
    int: (BigInteger, 0),
    bool: (Boolean, False),
    int | None: (BigInteger, None),
    bool | None: (Boolean, None),
    date | None: (Date, None),
}


def _column(name: str, hint: Any, default: Any) -> Column[Any]:
    kind, empty = _COLUMN_TYPES.get(hint, (Json, ()))
    if empty is None:
        return Column(name, kind, nullable=True)
    return Column(name, kind, nullable=False, server_default=_stored_default(default))


def _stored_default(default: Any) -> Any:
    """A draft's default as the table writes it for columns that an insert does not name."""
    if isinstance(default, bool):
        return true() if default else false()
    if isinstance(default, tuple):
        return orjson.dumps(default).decode()
    return str(default)


def _is_child(hint: Any) -> bool:
    inner = typing.get_args(hint)[:1] if typing.get_origin(hint) is tuple else ()
    return bool(inner) and dataclasses.is_dataclass(inner[0])


_SEALED = {"paper": ("kind", "subject_id", "data_date", "printed_on", "digest", "sheet")}


def _record(
    kind: str,
    draft: type[Any],
    *,
    parent: str = "",
    children: Mapping[str, str] | None = None,
    protected: tuple[str, ...] = (),
    key: tuple[str, ...] = (),
    indexes: tuple[tuple[str, ...], ...] = (),
) -> RecordType:
    """Declare one record type. ``parent`` adds the owner's id where the draft does not name it."""
    owned = types.MappingProxyType(dict(children or {}))
    sealed = frozenset(_SEALED.get(kind, ()))
    return RecordType(kind, draft, owned, frozenset(protected), key, sealed, parent, indexes)


_ALL = (
    _record("village", team.VillageDraft, key=("code",)),
    _record(
        "household",
        household.HouseholdDraft,
        children={"members": "member"},
        key=("no",),
        protected=("state", "exited_year", "returned_year", "removed_reason"),
        indexes=(("village", "no", "id"), ("village", "group", "no"), ("village", "state", "no"), ("revision", "id")),
    ),
    _record(
        "member",
        household.MemberDraft,
        parent="household_id",
        protected=("relation", "id_number", "id_kind", "left_on"),
    ),
    _record(
        "likeness",
        likeness.LikenessDraft,
        children={"grounds": "likeness_ground"},
        protected=("one_person",),
        key=("one_id", "other_id"),
        indexes=(("one_id",), ("other_id",)),
    ),
    _record("likeness_ground", likeness.LikenessGroundDraft, parent="likeness_id", key=("likeness_id", "facts")),
    _record(
        "income",
        household.IncomeDraft,
        children={"lines": "income_line"},
        protected=("locked_on",),
        key=("household_id", "year", "period"),
    ),
    _record("income_line", household.IncomeLineDraft, parent="income_id", key=("income_id", "item", "month")),
    _record("helper", team.HelperDraft),
    _record("pairing", team.PairingDraft),
    _record("team_member", team.TeamMemberDraft),
    _record("visit", team.VisitDraft, indexes=(("household_id",), ("village", "visited_on"))),
    _record("workday", duty.WorkdayDraft, key=("staff_id", "day"), indexes=(("staff_id", "day"),)),
    _record("leave", duty.LeaveDraft, indexes=(("staff_id",),)),
    _record("survey", survey.SurveyDraft, key=("household_id", "year", "checklist")),
    _record("wish", plan.WishDraft, protected=("answer", "withdrawn_on", "mark")),
    _record(
        "plan",
        plan.PlanDraft,
        children={"measures": "measure"},
        protected=("agreed_on", "agreed_by"),
        key=("household_id", "year", "horizon", "version"),
    ),
    _record("measure", plan.MeasureDraft, parent="plan_id", protected=("state", "accepted")),
    _record("evaluation", exits.EvaluationDraft),
    _record(
        "exit",
        exits.ExitDraft,
        children={"checks": "exit_check", "signatures": "signature"},
        key=("household_id", "year", "attempt"),
        protected=("state", "household_answer", "township_reply", "marked_on"),
    ),
    _record("exit_check", exits.CheckDraft, parent="case_id", key=("case_id", "criterion")),
    _record(
        "signature",
        exits.SignatureDraft,
        parent="case_id",
        protected=("person", "signed_on", "mark", "proxy", "scan"),
        key=("case_id", "role", "item"),
    ),
    _record("notice", notice.NoticeDraft, protected=("state",)),
    _record("objection", notice.ObjectionDraft),
    _record("concern", concern.ConcernDraft, protected=("state",), indexes=(("village", "state"),)),
    _record("complainant", concern.ComplainantDraft, indexes=(("concern_id",),)),
    _record("paper", notice.PaperDraft, indexes=(("subject_id",),)),
    _record("template", template.TemplateDraft, key=("paper", "digest"), indexes=(("village", "in_use"),)),
    _record("monitoring", monitoring.MonitoringDraft, protected=("state", "recognised_on", "ended_on")),
    _record(
        "course",
        course.CourseDraft,
        key=("procedure", "subject_id", "year", "attempt"),
        protected=("state",),
        indexes=(("village", "procedure"), ("subject_id",)),
    ),
    _record("village_exit", village_exit.VillageExitDraft, protected=("state",)),
    _record("exemption", notice.ExemptionDraft),
    _record("attachment", attachment.AttachmentDraft, indexes=(("subject_id",),)),
    _record("person_request", privacy.PersonRequestDraft, protected=("answer", "answered_on")),
    _record("indicator", village.IndicatorDraft, key=("year", "name"), indexes=(("village", "year"),)),
    _record("village_plan", village.VillagePlanDraft, key=("year", "horizon"), protected=("agreed_on",)),
    _record("facility", village.FacilityDraft),
    _record("contact", village.ContactDraft),
    _record("activity", village.ActivityDraft),
    _record("purchase", village.PurchaseDraft),
    _record("project", project.ProjectDraft, protected=("state",)),
    _record("fund", money.FundDraft),
    _record("payment", money.PaymentDraft, indexes=(("fund_id",), ("project_id",), ("household_id",))),
    _record("donation", money.DonationDraft),
    _record("asset", money.AssetDraft),
    _record("share", money.ShareDraft, key=("asset_id", "year", "household_id"), indexes=(("household_id",),)),
    _record(
        "distribution",
        money.DistributionDraft,
        children={"payouts": "payout"},
        key=("asset_id", "year"),
        protected=("decided_on", "paid_on"),
    ),
    _record("payout", money.PayoutDraft, parent="distribution_id", key=("distribution_id", "household_id")),
    _record("data_request", request.DataRequestDraft),
    _record("event", event.EventDraft, indexes=(("household_id",), ("other_id",), ("village", "year"))),
)

RECORDS: Mapping[str, RecordType] = types.MappingProxyType({record.kind: record for record in _ALL})
"""Every kind of record, by name."""

revision = Table(
    "revision",
    _metadata,
    Column("n", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("device", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("act", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("hlc", BigInteger, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("line", LargeBinary, nullable=False),  # as it was hashed; a long one as zstd
    Index("ix_revision_device_seq", "device", "seq"),
    Index("ix_revision_act", "act"),
)

touch = Table(
    "touch",
    _metadata,
    Column("record", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("head", Boolean, nullable=False),  # no later revision of this record has seen it
    sqlite_with_rowid=False,
)

conflict = Table(
    "conflict",
    _metadata,
    Column("record", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("candidates", Json, nullable=False),  # revisions that stand against each other, as hex hashes
)

setting = Table("setting", _metadata, Column("key", Text, primary_key=True), Column("value", Json, nullable=False))

look = Table(
    "look",
    _metadata,
    Column("n", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("record", Text, nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),  # of the row before and this one
)

search_key = Table(
    "search_key",
    _metadata,
    Column("kind", Integer, primary_key=True),  # first, so that a keystroke reads one stretch in its order, unsorted
    Column("k", Text, primary_key=True),
    Column("n", Integer, primary_key=True),  # member.n or household.n
    Column("village", Text, nullable=False),
    sqlite_with_rowid=False,
)

search_debt = Table(
    "search_debt",
    _metadata,
    Column("kind", Text, primary_key=True),
    Column("n", Integer, nullable=False),  # rows from here on still lack their search keys
)


def all_tables() -> MetaData:
    """Every table of a store: of each record, and those that follow here."""
    for record in _ALL:
        record.table  # noqa: B018  makes it
    return _metadata


def natural_id(record: RecordType, village: str, values: Mapping[str, Any]) -> str:
    """The id that a new record has by its natural key, "" where it has none or the key is not filled in.

    Two laptops that import the same roster make the same ids, so their records meet instead of doubling.
    """
    parts = [values.get(name) for name in record.key]
    return derived_id(record.kind, village, *parts) if parts and parts[0] else ""


def derived_id(kind: str, *parts: object) -> str:
    """An id made from what identifies the record, 32 hex digits."""
    text = "\x1f".join(["villagedesk-id-v1", kind, *["" if part is None else str(part) for part in parts]])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def empty(record: RecordType) -> dict[str, Any]:
    """The values of a record of which nothing is known: the defaults of its draft."""
    blank = record.draft()
    return {name: getattr(blank, name, "") for name in record.fields}

"""Whoever changes a desk past the program, with the key in hand, is found out and the place is named."""

from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest
from sqlalchemy import delete, select, update

from tests.core.safety.conftest import SCAN, save
from villagedesk.records.schema import RECORDS, conflict, revision
from villagedesk.services.audit import audit, glance
from villagedesk.store import lines, sealed


def _last(desk) -> tuple[int, bytes, str, int]:
    query = select(revision.c.n, revision.c.line, revision.c.device, revision.c.seq).order_by(revision.c.n.desc())
    with desk.place.store.read() as connection:
        return connection.execute(query.limit(1)).one()


def _sql(desk, statement: str, *values: object) -> None:
    with desk.place.store.write() as connection:
        connection.exec_driver_sql(statement, values)


def _faults(desk, part: str) -> list[str]:
    found = [fault for fault in audit(desk.place).faults if fault.part == part]
    return [f"{fault.where}: {fault.text}" for fault in found]


def test_a_sound_desk_has_no_fault(desk):
    save(desk, 3)
    found = audit(desk.place)
    assert found.faults == ()
    assert (found.revisions, found.attachments) == (5, 1)
    assert found.records == 1 + 3 * 2 + 1


@pytest.mark.parametrize("value", ["王小二", "'", ""])
def test_an_altered_row_is_located_with_its_field(desk, value):
    household = save(desk, 3)
    _sql(desk, "UPDATE household SET note = ? || 'x' WHERE id = ?", value, household)
    assert _faults(desk, "records") == [f"household/{household}: The record differs from its history in: note."]


def test_a_row_that_was_removed_is_missed(desk):
    household = save(desk, 3)
    _sql(desk, "DELETE FROM household WHERE id = ?", household)
    assert _faults(desk, "records") == [f"{household}: A record of the history is missing."]


def test_a_row_that_nobody_entered_is_found(desk):
    _sql(
        desk,
        "INSERT INTO household (n, id, village, revision, no) SELECT 99, 'smuggled', village, 1, '9' FROM household"
        " LIMIT 1",
    )
    (fault,) = _faults(desk, "records")
    assert fault.startswith("household/smuggled: ")


def test_a_row_under_another_village_is_found(desk):
    household = save(desk, 3)
    _sql(desk, "UPDATE household SET village = '000000000000' WHERE id = ?", household)
    assert _faults(desk, "records") == [f"household/{household}: The record differs from its history in: village."]


def test_a_tombstone_set_by_hand_is_found(desk):
    household = save(desk, 3)
    _sql(desk, "UPDATE household SET removed = 1 WHERE id = ?", household)
    assert _faults(desk, "records") == [f"household/{household}: The record differs from its history in: removed."]


def _alter_line(desk, change: Callable[[dict], None]) -> str:
    number, stored, device, seq = _last(desk)
    raw = orjson.loads(lines.unpack(stored))
    change(raw)
    _sql(desk, "UPDATE revision SET line = ? WHERE n = ?", orjson.dumps(raw, option=orjson.OPT_SORT_KEYS), number)
    return f"{device}/{seq}"


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.update(why="another reason"),
        lambda raw: raw.update(by="somebody else"),
        lambda raw: raw.update(at="2001-01-01T00:00:00Z"),
        lambda raw: raw["c"].pop(),
        lambda raw: raw.update(s=99),
    ],
)
def test_an_altered_line_is_located(desk, change):
    save(desk, 3)
    where = _alter_line(desk, change)
    assert f"{where}: This revision was altered after it was written." in _faults(desk, "chain")


def test_an_altered_line_with_its_hash_made_to_fit_breaks_what_follows(desk):
    save(desk, 3)
    _alter_line(desk, lambda raw: raw.update(why="another reason"))
    number, stored, device, seq = _last(desk)
    save(desk, 4)
    hash_ = lines.digest(lines.unpack(stored))
    _sql(desk, "UPDATE revision SET hash = ?, reason = 'another reason' WHERE n = ?", hash_, number)
    assert _faults(desk, "chain") == [f"{device}/{seq + 1}: A revision before this one is missing."]


@pytest.mark.parametrize("stored", [b"not json", b"{}", b"", b"{" * 100])
def test_a_line_that_is_none_is_located(desk, stored):
    save(desk, 3)
    number, _, device, seq = _last(desk)
    _sql(desk, "UPDATE revision SET line = ? WHERE n = ?", stored, number)
    assert [fault.partition(":")[0] for fault in _faults(desk, "chain")] == [f"{device}/{seq}"]


@pytest.mark.parametrize("column", ["verb", "author", "at", "reason", "act"])
def test_columns_shown_in_the_history_cannot_be_changed_beside_the_line(desk, column):
    """The list of acts reads these columns, not the line."""
    save(desk, 3)
    number, _, device, seq = _last(desk)
    _sql(desk, f"UPDATE revision SET {column} = 'forged' WHERE n = ?", number)
    assert _faults(desk, "chain") == [f"{device}/{seq}: This revision was altered after it was written."]


def test_a_deleted_revision_in_the_middle_is_missed_by_the_next(desk):
    household = save(desk, 3)
    number, _, device, seq = _last(desk)
    save(desk, 4)
    _sql(desk, "DELETE FROM revision WHERE n = ?", number)
    assert f"{device}/{seq + 1}: A revision before this one is missing." in _faults(desk, "chain")
    assert any(fault.startswith(f"household/{household}") for fault in _faults(desk, "records"))


def test_a_deleted_last_revision_leaves_its_records_without_a_history(desk):
    household = save(desk, 3)
    number, *_ = _last(desk)
    _sql(desk, "DELETE FROM revision WHERE n = ?", number)
    assert any(fault.startswith(f"household/{household}") for fault in _faults(desk, "records"))


def test_revisions_and_records_cut_off_together_are_missed(desk):
    """Somebody winds the desk back: the last revision and all it wrote are gone; only the touches tell."""
    household = save(desk, 3)
    number, *_ = _last(desk)
    _sql(desk, "DELETE FROM household WHERE id = ?", household)
    _sql(desk, "DELETE FROM member WHERE household_id = ?", household)
    _sql(desk, "DELETE FROM revision WHERE n = ?", number)
    assert any("missing" in fault for fault in _faults(desk, "chain"))


def test_an_attachment_that_is_missing_or_damaged_is_located(desk):
    with desk.place.store.read() as connection:
        (row,) = connection.execute(select(RECORDS["attachment"].table)).mappings()
    file = sealed.sealed_path(desk.place.folder / "attachments", row["digest"], desk.place.key)
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    assert _faults(desk, "attachments") == [
        f"{row['id']}: An attachment is damaged. Restore it from the latest backup, or scan the paper again."
    ]
    file.unlink()
    assert "is missing" in _faults(desk, "attachments")[0]
    sealed.seal(desk.place.folder / "attachments", SCAN, desk.place.key)
    assert audit(desk.place).faults == ()


def test_a_flipped_byte_of_a_page_is_found_before_anything_is_believed(desk, folder, reopen):
    for number in range(3, 30):
        save(desk, number)
    desk.close()
    data = bytearray((folder / "desk.db").read_bytes())
    data[len(data) // 2 + 7] ^= 1
    (folder / "desk.db").write_bytes(bytes(data))
    with reopen() as spoilt:
        assert _faults(spoilt, "pages")


def test_conflicts_and_removals_are_no_fault(desk):
    household = save(desk, 3)
    with desk.place.store.work("household.remove", "moved away") as work:
        work.remove("household", household)
    assert audit(desk.place).faults == ()
    with desk.place.store.read() as connection:
        assert connection.execute(select(conflict)).all() == []


def test_a_conflict_struck_out_by_hand_is_found(desk):
    household = save(desk, 3)
    _sql(
        desk,
        "INSERT INTO conflict (record, field, kind, village, candidates) VALUES (?, 'note', 'household', '1', '[]')",
        household,
    )
    assert _faults(desk, "records") == [f"household/{household}: The record differs from its history in: note."]


def test_a_glance_at_opening_follows_the_end_of_the_history(desk):
    assert glance(desk.place) == ()
    with desk.place.store.write() as connection:
        connection.execute(update(revision).where(revision.c.n == 2).values(author="别人"))
    assert [fault.part for fault in glance(desk.place)] == ["chain"]


def test_a_glance_misses_a_revision_that_was_taken_out(desk):
    with desk.place.store.write() as connection:
        connection.execute(delete(revision).where(revision.c.n == 2))
    assert "missing" in str(glance(desk.place)[0].text)
    assert glance(desk.place, last=1) == ()

"""Who was shown restricted facts is written down, once a day, and a row taken out is missed."""

from __future__ import annotations

from villagedesk.services.audit import audit


def test_who_was_shown_what_is_noted_once_a_day(desk):
    desk.looks.note("7", "health")
    desk.looks.note("7", "health")
    desk.looks.note("7", "id_number")
    assert [(look.who, look.record, look.what) for look in desk.looks.all()] == [
        ("周敏", "7", "id_number"),
        ("周敏", "7", "health"),
    ]
    desk.looks.note("8", "health")
    assert [look.what for look in desk.looks.of_person("7")] == ["id_number", "health"]
    assert [look.record for look in desk.looks.all(limit=1)] == ["8"]
    assert audit(desk.place).faults == ()


def test_a_look_taken_out_or_altered_is_missed(desk):
    for person in ("7", "8", "9"):
        desk.looks.note(person, "health")
    with desk.place.store.write() as connection:
        connection.exec_driver_sql("UPDATE look SET who = '别人' WHERE record = '8'")
    assert [fault.part for fault in audit(desk.place).faults] == ["looks"]
    with desk.place.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM look WHERE record = '8'")
    assert [fault.part for fault in audit(desk.place).faults] == ["looks"]

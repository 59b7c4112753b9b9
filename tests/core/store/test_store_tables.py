"""A table is made when somebody asks for it, once; a new store gets all of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import Table

from villagedesk.records.schema import RECORDS, all_tables

ROOT = Path(__file__).resolve().parents[3]
AT_ONCE = """
import threading
from villagedesk.records.schema import RECORDS
made, begin = [], threading.Barrier(6)
def ask():
    begin.wait()
    made.extend(record.table for record in RECORDS.values())
threads = [threading.Thread(target=ask) for _ in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(made) // 6, len({id(table) for table in made}))
"""
ON_IMPORT = """
import villagedesk.desk
from villagedesk.records import schema
print(*(kind for kind in schema.RECORDS if kind in schema._metadata.tables))
"""


def _said(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_every_record_and_what_the_store_keeps_beside_them_is_a_table():
    beside = {"revision", "touch", "conflict", "setting", "look", "search_key", "search_debt"}
    assert set(all_tables().tables) == {*RECORDS, *beside}
    assert all(isinstance(record.table, Table) for record in RECORDS.values())


def test_importing_the_desk_makes_few_tables():
    assert set(_said(ON_IMPORT).split()) <= {"household", "member"}


def test_threads_that_ask_at_once_get_the_same_table():
    assert _said(AT_ONCE).split() == [str(len(RECORDS))] * 2

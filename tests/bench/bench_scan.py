"""How many scanned sign-off sheets find their case: ``python -m tests.bench.bench_scan [pages]``.

Pages are generated (no real paper): half as from a scanner (tilt ±3°, blur, noise, JPEG 40–90), half as from a
telephone (perspective up to 5 % a corner, uneven light besides); every third one upside down.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import UTC, date, datetime

from tests.core.services.distorting import distort, page_of
from villagedesk.documents.render import render
from villagedesk.documents.sheet import Sheet, Stamp
from villagedesk.services.scan_pages import FoundPage, find_page
from villagedesk.values import new_id

SHEETS = 20
WORDS = {
    "village": "沙洲村", "group": "一组", "household_no": "1", "head": "王建国", "size": "3", "year": "2019",
    "matter": "脱贫", "in_place": "不得代签、补签、空签；", "items_note": "",
}  # fmt: skip


def main(pages: int) -> None:
    rows = tuple((f"签字人{n}", f"事项{n}") for n in range(1, 6))
    ids = [new_id() for _ in range(SHEETS)]
    printed = []
    for each in ids:
        stamp = Stamp(each, "", date(2019, 11, 20), datetime(2019, 11, 20, tzinfo=UTC))
        items = tuple((str(n), item, "", "") for n, (_, item) in enumerate(rows, 1))
        sheet = Sheet("signoff_sheet", WORDS, {"items": items, "signers": rows}, stamp)
        printed.append(page_of(render(sheet, {"signoff_word": "五签字五确认"}).pdf))
    for phone in (False, True):
        told: Counter[str] = Counter()
        seconds = []
        for seed in range(pages // 2):
            picture = distort(printed[seed % SHEETS], seed, phone=phone)
            began = time.perf_counter()
            found = find_page(picture)
            seconds.append(time.perf_counter() - began)
            told[_verdict(found, ids[seed % SHEETS])] += 1
        seconds.sort()
        middle, slow = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
        print(
            "telephone" if phone else "scanner", dict(told), f"median {middle * 1000:.0f} ms, p95 {slow * 1000:.0f} ms"
        )


def _verdict(found: FoundPage | None, wanted: str) -> str:
    if found is None:
        return "tray"
    if found.document_id != wanted:
        return "WRONG"
    return "exact" if found.exact else "filed, cells by eye"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)

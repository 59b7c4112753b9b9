"""Papers against other programs on the same content in one run; rows and a plot go to docs (DESIGN §8).

    python -m tests.bench.bench_papers [--rounds N] [--dry]

Processor time of this process and its children is counted, because it does not move with what else the machine does;
the yearly set is told in wall time too. See :mod:`.paper_peers` for what a peer gets and how it is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import resource
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from tests.bench import paper_peers as peers
from tests.bench.run import ROOT, machine
from tests.core.documents import conftest as samples
from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import render
from villagedesk.documents.sheet import Sheet, Stamp

TERMS = samples.TERMS
LONG, SHORT, NOTICES, HOUSEHOLDS = 1788, 200, 30, 300
COMMON = [char for char in map(chr, range(0x4E00, 0x9000)) if char.encode("gb2312", "ignore")][:3000]
WORKS = {"notice": f"notice, {SHORT} rows", "long": f"notice, {LONG:,} rows", "file": "household file, 4 pages"}
PLOT = ROOT / "docs" / "pictures" / "papers-bench.svg"
TABLE = ROOT / "docs" / "benchmarks.md"
MARK = "## Papers against other programs"


@dataclass(frozen=True)
class Peer:
    """A program and what it makes of one volume; ``batch``: several files in one start."""

    name: str
    make: Callable[[Sequence[Sheet]], object]


def volume_of(number: int, source: random.Random) -> list[Sheet]:
    """A household's file of four pages: family sheet, income sheet, sign-off sheet. Names differ between households."""
    stamp = Stamp(f"{number:032x}", f"{number:011d}", date(2019, 11, 20), datetime(2019, 11, 21, tzinfo=UTC))
    family = samples.household_file(5, number)
    named = {name: tuple((row[0], person(source), *row[2:]) for row in rows) for name, rows in family.tables.items()}
    family = replace(family, fields={**family.fields, "head": person(source)}, tables=named)
    return [replace(sheet, stamp=stamp) for sheet in (family, samples.income_sheet(), samples.signoff_sheet())]


def notice_of(number: int, rows: int, source: random.Random) -> Sheet:
    """A notice with names of its own."""
    made = samples.notice(rows)
    named = tuple((row[0], row[1], person(source), *row[3:]) for row in made.tables["households"])
    stamp = replace(made.stamp, document_id=f"{number:032x}")
    return replace(made, tables={"households": named}, stamp=stamp)


def person(source: random.Random) -> str:
    """A name that nobody bears."""
    return "".join(source.sample(COMMON, 3))


def ours(sheets: Sequence[Sheet]) -> object:
    return render(sheets, TERMS)


def found_peers() -> Iterator[Peer]:
    """The peers of this machine."""
    if importlib.util.find_spec("typst"):
        compile_ = peers.typst_compiler()

        def typst(sheets: Sequence[Sheet]) -> object:
            texts = {sheet.stamp.document_id for sheet in sheets}
            pictures = {f"{text}.png": peers.code_picture(text.upper()) for text in texts}
            names = [f"{sheet.stamp.document_id}.png" for sheet in sheets]
            return compile_(peers.typst_source([list(peers.parts(sheet, TERMS)) for sheet in sheets], names), pictures)

        yield Peer("typst 0.15.2", typst)
    peers.qt_fonts()
    yield Peer("Qt 6.11 QTextDocument", lambda sheets: [peers.qt(_merged(sheets))])
    if importlib.util.find_spec("fpdf"):
        yield Peer("fpdf2 2.8.9", lambda sheets: [peers.fpdf2(_merged(sheets))])
    if importlib.util.find_spec("weasyprint"):
        yield Peer("WeasyPrint 70.0", lambda sheets: [peers.weasyprint(_merged(sheets))])
    if shutil.which("soffice"):
        yield Peer("LibreOffice 7.4", lambda sheets: peers.libreoffice([_merged(sheets)]))


def _merged(sheets: Sequence[Sheet]) -> peers.Document:
    return [part for sheet in sheets for part in peers.parts(sheet, TERMS)]


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of ``work``, children included."""
    before, start = _processor(), time.perf_counter()
    work()
    return time.perf_counter() - start, _processor() - before


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def compare(rounds: int) -> Iterator[tuple[str, str, float]]:
    """(work, program, processor seconds): the median of rounds in turn; data differ from round to round."""
    everyone = [Peer("VillageDesk", ours), *found_peers()]
    source = random.Random(2026)
    for peer in everyone:
        peer.make([notice_of(0, 3, source)])  # warm
    for work in WORKS:
        times: dict[str, list[float]] = {peer.name: [] for peer in everyone}
        for number in range(rounds):
            long = work == "long"
            rows = LONG if long else SHORT
            sheets = volume_of(number, source) if work == "file" else [notice_of(number, rows, source)]
            for peer in everyone:
                if long and times[peer.name] and times[peer.name][0] > 20:
                    continue  # one round of a very slow one tells enough
                times[peer.name].append(spent(lambda peer=peer, sheets=sheets: peer.make(sheets))[1])
        for name, taken in times.items():
            yield work, name, statistics.median(taken)


def year(make: Callable[[Sequence[Sheet]], object], *, volumes: bool) -> Iterator[tuple[str, float, float]]:
    """(how, wall, processor) of a village's year: 30 notices, and 300 household files as one volume or one by one.

    One volume of 1,200 pages costs typst more memory than the bench machine has to spare, so it makes files only.
    """
    source = random.Random(7)
    notices = [notice_of(number, SHORT, source) for number in range(NOTICES)]
    files = [volume_of(number, source) for number in range(HOUSEHOLDS)]
    first = spent(lambda: [make([notice]) for notice in notices])
    if volumes:
        volume = spent(lambda: make([sheet for file in files for sheet in file]))
        yield "as volumes", *(first[n] + volume[n] for n in (0, 1))
    single = spent(lambda: [make(file) for file in files])
    yield f"as {NOTICES + HOUSEHOLDS} files", *(first[n] + single[n] for n in (0, 1))


def first_page() -> float:
    """Wall seconds until the bytes of a short notice are there, fonts already read."""
    source = random.Random(9)
    return statistics.median(spent(lambda n=n: ours([notice_of(n, 20, source)]))[0] for n in range(9))


def table(rows: Sequence[tuple[str, str, float]], years: Sequence[tuple[str, str, float, float]], first: float) -> str:
    """The section of docs/benchmarks.md."""
    names = list(dict.fromkeys(name for _, name, _ in rows))
    taken = {(work, name): seconds for work, name, seconds in rows}
    when = f"{machine()}, {datetime.now(UTC):%Y-%m-%d}"
    lines = [
        MARK, "",
        "`python -m tests.bench.bench_papers`: the same words and tables through each program with the same fonts, in",
        f"one run; processor seconds, medians. {when}, while other work ran on",
        "the same cores. Peers get a plain layout: no grid of 22 lines, no page marks, no unbroken rows.", "",
        f"| program | {' | '.join(WORKS.values())} |", "|---|" + "---|" * len(WORKS),
    ]  # fmt: skip
    for name in names:
        cells = (f"{taken[work, name]:.3f} s ({taken[work, name] / taken[work, 'VillageDesk']:.1f}×)" for work in WORKS)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += [
        "", f"A village's year: {NOTICES} notices of {SHORT} rows and {HOUSEHOLDS} household files of four pages,",
        f"a code on each (targets: 7 s as volumes, 12 s as {NOTICES + HOUSEHOLDS} files):", "",
        "| program | how | wall | processor |", "|---|---|---|---|",
    ]  # fmt: skip
    lines += [f"| {name} | {how} | {wall:.1f} s | {cpu:.1f} s |" for name, how, wall, cpu in years]
    lines += ["", f"First page of a notice, fonts read: {first * 1000:.0f} ms wall (target 150 ms).", "",
              "![Processor seconds of each program](pictures/papers-bench.svg)", ""]  # fmt: skip
    return "\n".join(lines)


def plot(rows: Sequence[tuple[str, str, float]]) -> str:
    """Bars on a logarithmic scale, as SVG."""
    import math

    names = list(dict.fromkeys(name for _, name, _ in rows))
    low, high, wide, left = -2.5, 2.5, 520, 190
    bars, y = [], 20
    for work, title in WORKS.items():
        bars.append(f'<text x="8" y="{y}" font-weight="bold">{title}</text>')
        for name in names:
            seconds = next(s for w, n, s in rows if (w, n) == (work, name))
            length = max(2, (math.log10(max(seconds, 10**low)) - low) / (high - low) * wide)
            colour = "#2b6cb0" if name == "VillageDesk" else "#a0aec0"
            y += 18
            bars.append(f'<text x="{left - 6}" y="{y}" text-anchor="end">{name}</text><rect x="{left}" y="{y - 11}" '
                        f'width="{length:.0f}" height="13" fill="{colour}"/><text x="{left + length + 6:.0f}" '
                        f'y="{y}">{seconds:.3g} s</text>')  # fmt: skip
        y += 34
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {y}" font-family="sans-serif" font-size="12">'
            f'<rect width="800" height="{y}" fill="white"/>{"".join(bars)}</svg>\n')  # fmt: skip


def keep(section: str, picture: str) -> None:
    """Put the section in place of the last one."""
    text = TABLE.read_text("utf-8")
    before, _, after = text.partition(MARK)
    rest = after.partition("\n## ")
    tail = f"\n## {rest[2]}" if rest[1] else ""
    TABLE.write_text(before.rstrip("\n") + "\n\n" + section + tail, "utf-8")
    PLOT.parent.mkdir(exist_ok=True)
    PLOT.write_text(picture, "utf-8")


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dry", action="store_true")
    given = parser.parse_args()
    load_papers()
    rows = list(compare(given.rounds))
    for row in rows:
        print(*row, flush=True)
    makers = {"VillageDesk": ours} | {peer.name: peer.make for peer in found_peers() if peer.name.startswith("typst")}
    years = [(name, *told) for name, make in makers.items() for told in year(make, volumes=make is ours)]
    section = table(rows, years, first_page())
    print(section)
    if not given.dry:
        keep(section, plot(rows))


if __name__ == "__main__":
    main()

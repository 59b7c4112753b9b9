"""What is done on the pages, as scenes for ``bench_window``: the click alone, on a page that stands already.

Names that end in ``-page`` only bring the page to the front. The lists are as long as the village: a step for all, the
votes of a whole list, its signatures on one day, its notice on the board, one field of every file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from ui.app import Program
from ui.doors import DEMO_PASSPHRASE
from ui.gallery_scenes import Scene, open_desk
from ui.messages import DIALOG_GOES_AFTER


def actions(program: Program, roster: Path, folder: Path) -> Iterator[Scene]:
    """The actions, page by page; each takes the desk as the one before it left it.

    ``roster`` is a list the desk does not have yet, ``folder`` where backups may lie.
    """
    messages = program.window.messages
    setattr(messages, "ask", lambda *_, **__: True)  # noqa: B010  in place of waiting for an answer
    setattr(messages, "ask_line", lambda *_, **__: "试验")  # noqa: B010  likewise
    yield from _file(program)
    yield from _lists(program)
    yield from _plan_and_visit(program)
    yield from _exits(program)
    yield from _signing(program)
    yield from _notice(program)
    yield from _findings(program)
    yield from _year(program)
    yield from _import(program, roster)
    yield from _backups(program, folder)
    yield from _dress(program)


def outcome(program: Program) -> Mapping[str, object]:
    """What the actions have left on the desk: a measure of a verb that was refused would be worth nothing."""
    desk = program.desk
    if desk is None:
        return {}
    posted = [row for row in desk.notices.all() if row.notice.posted_on]
    return {
        "households on the notice that hangs": max((len(row.notice.case_ids) for row in posted), default=0),
        "cases evaluated": sum(case.evaluated_on is not None for case in desk.exits.all()),
        "households in the list frozen last": len(desk.events.snapshots(_last_year(program))),
        "households after the import": desk.lists.count(),
        "acts": dict(Counter(act.verb for act in desk.history.recent())),
    }


def _page(program: Program) -> Any:
    return program.window.frame.page if program.window.frame else None


def _go(program: Program, page: str, **place: Any) -> Callable[[], object]:
    return partial(program.window.go, page, **place)


def _answer(program: Program, dialogs: Callable[[Any], bool]) -> None:
    """What is answered to the next dialogs; they are built and shown as ever, and closed."""

    def shown(dialog: QDialog) -> bool:
        dialog.show()
        said = dialogs(dialog)
        dialog.close()
        QTimer.singleShot(DIALOG_GOES_AFTER, dialog.deleteLater)  # as the program does
        return said

    setattr(program.window.messages, "show_dialog", shown)  # noqa: B010  in place of waiting


def _first(program: Program) -> str:
    return program.desk.lists.household_ids(None, "group")[0] if program.desk else ""


def _file(program: Program) -> Iterator[Scene]:
    yield "a1-file-page", _go(program, "household", household_id=_first(program))
    yield "a1-file-typed", lambda: _page(program).binder.put("address", "村东头新宅")
    yield "a1-file-saved", lambda: _page(program).save()
    yield "a1-file-members", lambda: _page(program).tabs.setCurrentIndex(1)
    yield "a1-file-member-typed", lambda: _page(program).binder.put("members.0.phone", "13800000000")
    yield "a1-file-saved-again", lambda: _page(program).save()


def _lists(program: Program) -> Iterator[Scene]:
    yield "a2-list-page", _go(program, "households")
    yield "a2-list-sorted", lambda: _page(program)._on_sort("no", True)
    yield "a2-list-filtered", lambda: _page(program).filters["group"].setCurrentIndex(1)
    yield "a2-list-all-again", lambda: _page(program).filters["group"].setCurrentIndex(0)
    yield "a2-list-end", _page(program).table.scrollToBottom
    yield "a2-list-all-marked", _page(program).table.selectAll
    yield "a3-several-dialog", lambda: _several(program, accept=False)
    yield "a3-several-changed", lambda: _several(program, accept=True)
    yield "a3-several-taken-back", program.window._bar._on_act
    yield "a3-members-page", _go(program, "members")
    yield "a3-members-sorted", lambda: _page(program)._on_sort("name", True)
    yield "a3-finder", lambda: program.window.frame.finder.setText("wang") if program.window.frame else None


def listing(program: Program) -> Iterator[Scene]:
    """What is done in the two long lists alone."""
    for name in ("households", "members"):
        yield f"l-{name}-page", _go(program, name)
        for sort in ("no", "group", "name" if name == "members" else "changed"):
            for descending in (False, True):
                said = f"l-{name}-by-{sort}{'-back' * descending}"
                yield said, lambda sort=sort, descending=descending: _page(program)._on_sort(sort, descending)
        for box in ("group", "sex" if name == "members" else "state"):
            yield f"l-{name}-{box}", lambda box=box: _page(program).filters[box].setCurrentIndex(1)
            yield f"l-{name}-{box}-all", lambda box=box: _page(program).filters[box].setCurrentIndex(0)
        yield f"l-{name}-end", _page(program).table.scrollToBottom
        yield f"l-{name}-middle", lambda: _page(program).table.selectRow(_page(program).model.rowCount() // 2)
        yield f"l-{name}-page-down", lambda: _page_down(program)
    yield "l-households-again", _go(program, "households")
    yield "l-all-marked", _page(program).table.selectAll
    yield "l-several-dialog", lambda: _several(program, accept=False)
    for typed in ("z", "zh", "zhang", "张", "张三", "王", "wangjg", "123"):
        yield f"l-typed-{typed}", partial(_type, program, typed)


def _page_down(program: Program) -> None:
    bar = _page(program).table.verticalScrollBar()
    bar.setValue(bar.value() - bar.pageStep())


def _type(program: Program, words: str) -> None:
    if program.window.frame is not None:
        program.window.frame.finder.setText(words)


def _several(program: Program, *, accept: bool) -> None:
    def fill(dialog: Any) -> bool:
        dialog.choose("planned_exit_year", 2031)
        dialog.reason.setText("试验")
        return accept

    _answer(program, fill)
    _page(program)._on_several()


def _plan_and_visit(program: Program) -> Iterator[Scene]:
    yield "a4-plan-page", _go(program, "plan", household_id=_first(program))
    yield "a4-plan-typed", lambda: _page(program).binder.put("goals", "今年盖好新房")
    yield "a4-plan-saved", lambda: _page(program).save()
    yield "a5-visit-page", _go(program, "visits", household_id=_first(program))
    yield "a5-visit-typed", lambda: _page(program).entry.binder.put("heard", "一切正常")
    yield "a5-visit-saved", _page(program).entry.save


def _exits(program: Program) -> Iterator[Scene]:
    yield "a6-exits-page", _go(program, "exits")
    yield "a6-exits-next-case", lambda: _page(program).table.selectRow(7)
    yield "a6-exits-step-for-all", _page(program)._menu.actions()[0].trigger
    yield "a6-exits-propose-dialog", lambda: _propose(program)
    yield "a6-meeting-dialog", lambda: _meeting(program, accept=False)
    yield "a6-meeting-recorded", lambda: _meeting(program, accept=True)
    yield "a6-evaluations-page", _go(program, "evaluations")


def _propose(program: Program) -> None:
    def wait(dialog: Any) -> bool:
        while dialog._reading.running or dialog._turn.isActive():  # until every household stands in the list
            QApplication.processEvents()
        return False

    _answer(program, wait)
    _page(program)._on_propose()


def _meeting(program: Program, *, accept: bool) -> None:
    def fill(dialog: Any) -> bool:
        if accept:
            today = program.desk.site.today() if program.desk else None
            for name, value in {"held_on": today, "due": 45, "present": 38, "chair": "李工"}.items():
                dialog._binder.put(name, value)
            while not dialog.lines.whole:  # who types votes takes longer than the lines to come
                QApplication.processEvents()
            for lines in dialog._votes.values():
                lines["agree"].show_value(38)
            QApplication.processEvents()  # they were typed before the click that records them
        return accept

    _answer(program, fill)
    _page(program)._on_meeting()


def _signing(program: Program) -> Iterator[Scene]:
    yield "a7-signing-page", _go(program, "signing")
    yield "a7-signing-all-marked", _page(program).table.selectAll
    yield "a7-signing-recorded", _page(program).together.record_wanted.emit


def _notice(program: Program) -> Iterator[Scene]:
    yield "a8-notice-drafted", lambda: _draft(program)
    yield "a8-notice-days-set", _page(program).steps._on_days
    yield "a8-notice-printed", lambda: _print(program)
    yield "a8-notice-posted", lambda: _post(program)


def _draft(program: Program) -> None:
    if program.desk is not None:
        year = program.desk.site.today().year
        cases = tuple(each.id for each in program.desk.exits.all())[:300]
        program.window.go("notices", draft_for=cases, year=year)


def _print(program: Program) -> None:
    """Made as for the board; the printer itself is not measured."""
    _page(program)._make(lambda _rendered: _page(program)._after_printing())


def _post(program: Program) -> None:
    steps = _page(program).steps
    steps._place.show_value("村务公开栏")
    steps._by.show_value("李工")
    steps._on_post()


def _findings(program: Program) -> Iterator[Scene]:
    yield "a9-findings-page", _go(program, "findings")
    yield "a9-findings-by-rule", lambda: _by_rule(program)
    yield "a9-findings-end", _page(program).table.scrollToBottom


def _by_rule(program: Program) -> None:
    _page(program)._group.setCurrentIndex(2)
    _page(program)._show()


def _last_year(program: Program) -> int:
    return program.desk.site.today().year - 1 if program.desk else 0


def _year(program: Program) -> Iterator[Scene]:
    """The turn of the year: its list of every household and who belongs to it is frozen, and opened again."""
    yield "b1-year-page", _go(program, "events", year=_last_year(program))
    yield "b1-year-frozen", lambda: _page(program)._on_freeze()
    yield "b1-year-list", lambda: _page(program).tabs.setCurrentIndex(2)
    yield "b1-year-opened", lambda: _page(program)._on_thaw()
    yield "b1-year-frozen-again", program.window._bar._on_act


def _import(program: Program, roster: Path) -> Iterator[Scene]:
    yield "b2-import-page", _go(program, "import")
    yield "b2-import-read", lambda: _page(program).read(roster)
    yield "b2-import-taken", lambda: _page(program)._on_accept()
    yield "b2-import-taken-back", program.window._bar._on_act
    yield "b2-import-done-again", program.window._bar._on_act


def _backups(program: Program, folder: Path) -> Iterator[Scene]:
    messages = program.window.messages
    setattr(messages, "pick_folder", lambda *_: folder)  # noqa: B010  in place of waiting for an answer
    yield "b3-backups-page", _go(program, "backups")
    yield "b3-backup-written", lambda: _page(program)._on_stick()
    setattr(messages, "open_file", lambda *_: next(folder.glob("*.vdbackup"), None))  # noqa: B010  likewise
    yield "b3-file-page", _go(program, "household", household_id=_first(program))
    yield "b3-file-saved", lambda: _typed_and_saved(program)
    yield "b3-backups-page-again", _go(program, "backups")
    yield "b3-backup-compared", lambda: _page(program)._on_compare_other()
    yield "b3-backup-taken-over", lambda: _page(program)._on_merge()


def _typed_and_saved(program: Program) -> None:
    _page(program).binder.put("address", "村西头")
    _page(program).save()


def _dress(program: Program) -> Iterator[Scene]:
    for name, box, value in (
        ("b4-language", "_language", "en"), ("b4-look", "_look", "dark"), ("b4-letters", "_scale", "150"),
        ("b4-letters-back", "_scale", "100"), ("b4-look-back", "_look", "light"),
        ("b4-language-back", "_language", "zh_CN"),
    ):  # fmt: skip
        yield f"{name}-page", _go(program, "settings", field="look")
        yield name, partial(_choose, program, box, value)


def _choose(program: Program, box: str, value: str) -> None:
    tab = _page(program).tabs.currentWidget()
    field = getattr(tab, box)
    field.setCurrentIndex(field.findData(value))
    field.activated.emit(field.currentIndex())


def restoring(program: Program, folder: Path) -> Iterator[Scene]:
    """From the welcome: a desk put back from its backup, and opened."""
    messages = program.window.messages
    setattr(messages, "open_file", lambda *_: next(folder.glob("*.vdbackup"), None))  # noqa: B010  likewise
    setattr(messages, "pick_folder", lambda *_: folder)  # noqa: B010  likewise
    setattr(messages, "ask_line", lambda *_, **__: DEMO_PASSPHRASE)  # noqa: B010  likewise
    yield "c1-locked", program.lock
    yield "c1-welcome", program.entrance.show_welcome
    yield "c1-restored", program.entrance._restore
    yield "c1-opened", lambda: open_desk(program, next(each.parent for each in folder.glob("*/desk.db")))

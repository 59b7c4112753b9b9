"""What is done on the pages, as scenes for ``bench_window``: the click alone, on a page that stands already.

Names that end in ``-page`` only bring the page to the front. The lists are as long as the village: a step for all, the
votes of a whole list, its signatures on one day, its notice on the board, one field of every file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtWidgets import QApplication, QDialog

from ui.app import Program
from ui.gallery_scenes import Scene


def actions(program: Program) -> Iterator[Scene]:
    """The actions, page by page; each takes the desk as the one before it left it."""
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
        dialog.deleteLater()
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
    yield "a2-list-sorted", lambda: _page(program)._on_sort("head", True)
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
    yield "a8-notice-posted", _page(program).steps._on_post


def _draft(program: Program) -> None:
    if program.desk is not None:
        year = program.desk.site.today().year
        cases = tuple(each.id for each in program.desk.exits.all())[:300]
        program.window.go("notices", draft_for=cases, year=year)


def _print(program: Program) -> None:
    """Made as for the board; the printer itself is not measured."""
    _page(program)._make(lambda _rendered: _page(program)._after_printing())


def _findings(program: Program) -> Iterator[Scene]:
    yield "a9-findings-page", _go(program, "findings")
    yield "a9-findings-by-rule", lambda: _by_rule(program)
    yield "a9-findings-end", _page(program).table.scrollToBottom


def _by_rule(program: Program) -> None:
    _page(program)._group.setCurrentIndex(2)
    _page(program)._show()

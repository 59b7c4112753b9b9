"""F1 opens the manual where the question is; it is searched, printed, and left as one was."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ui.app import Program
from ui.help import manual
from ui.help.view import HelpView
from ui.pages import PAGES
from ui.township.pages import HUB
from villagedesk import resources, text
from villagedesk.desk import Desk


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_page_of_the_manual_is_found_by_its_own_title(language: str) -> None:
    for key in manual.order():
        hits = manual.find(language, manual.title(language, key))
        assert key in [hit.key for hit in hits]
    assert manual.find(language, "") != ()
    assert manual.find(language, "qqqq") == ()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_page_as_html_says_every_word_of_it(language: str) -> None:
    for key in manual.order():
        page = QTextDocument()
        page.setHtml(manual.as_html(language, key, 400))
        shown = page.toPlainText()
        for kind, said in manual.blocks(manual.page(language, key)):
            if kind == "step":
                assert said.partition(". ")[2].replace("**", "").replace("`", "")[:12] in shown
            elif kind != "picture":
                assert said.replace("**", "").replace("`", "")[:12] in shown


def test_f1_opens_the_page_of_the_manual_that_speaks_of_the_page_in_front(qtbot: QtBot, opened: Program) -> None:
    window = opened.window
    for kind in PAGES:
        window.go(kind.key, **({"household_id": ""} if kind.key in {"household", "plan"} else {}))
        qtbot.keyClick(window, Qt.Key.Key_F1)
        assert isinstance(window.front, HelpView), kind.key
        assert window.front.topic == manual.place_for(kind.key).page
        assert window.front.text.toPlainText().strip()
        qtbot.keyClick(window.front.search, Qt.Key.Key_Escape)
        assert window.front is window.frame


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_page_of_the_window_has_its_place_in_the_manual(language: str) -> None:
    """None falls back to the first page; a section that is named is there in both languages."""
    also = manual.contents()["also"]
    topics = {kind.key for kind in PAGES} | {HUB.topic} | set(also)
    homeless = {key for key in topics if also.get(key, key).partition("#")[0] not in manual.order()}
    assert homeless == set()
    assert {key.partition("/")[0] for key in also} <= {kind.key for kind in PAGES}, "no such page of the window"
    for key in topics:
        place = manual.place_for(key)
        kinds = [kind for kind, _said in manual.blocks(manual.page(language, place.page))]
        assert kinds.count("h2") >= place.section, key


def test_f1_opens_the_section_that_speaks_of_the_tab(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    window = opened.window
    home = desk.lists.household_ids(None, "group")[0]
    for page, tab, topic, heading in (
        ("village-exit", 0, "monitoring", "村退出"), ("money", 0, "village", "资金"), ("team", 2, "team", "结对"),
        ("household", 5, "household", "佐证材料"), ("plan", 0, "plan", "问意愿"), ("today", 0, "today", "今日"),
    ):  # fmt: skip
        window.go(page, **({"household_id": home} if page in {"household", "plan"} else {}))
        if tab or page == "plan":
            window.frame.page.tabs.setCurrentIndex(tab)
        qtbot.keyClick(window, Qt.Key.Key_F1)
        view = window.front
        assert isinstance(view, HelpView)
        assert view.topic == topic
        said = [said for kind, said in manual.blocks(manual.page("zh_CN", topic)) if kind in {"h1", "h2"}]
        assert said[view.section] == heading
        window.close_help()


def test_f1_in_a_hub_opens_the_page_of_the_hub(qtbot: QtBot, office: Program) -> None:
    for kind in HUB.pages:
        if kind.key not in {"village", "file"}:
            office.window.go(kind.key)
            qtbot.keyClick(office.window, Qt.Key.Key_F1)
            assert office.window.front.topic == "township", kind.key
            office.window.close_help()


def test_f1_answers_before_a_desk_is_open(qtbot: QtBot, program: Program, prepared) -> None:
    program.entrance.show_unlock(prepared / "desk")
    qtbot.keyClick(program.window, Qt.Key.Key_F1)
    assert program.window.front.topic == "passphrase"
    program.window.close_help()
    program.entrance.show_hub_set_up()
    qtbot.keyClick(program.window, Qt.Key.Key_F1)
    assert program.window.front.topic == "township"
    program.window.close_help()
    program.entrance.show_welcome()
    qtbot.keyClick(program.window, Qt.Key.Key_F1)
    assert program.window.front.topic == manual.FIRST
    program.entrance.show_welcome()
    assert not isinstance(program.window.front, HelpView)


def test_what_was_typed_is_still_there_after_the_manual(qtbot: QtBot, opened: Program) -> None:
    opened.window.go("settings")
    tab = opened.window.frame.page.village
    tab.binder.put("note", "half a sentence")
    opened.window.show_help()
    opened.window.close_help()
    assert tab.binder.draft.note == "half a sentence"
    assert tab.binder.modified
    tab.binder.load(opened.desk.team.village())


def test_the_search_shows_where_a_word_stands(qtbot: QtBot, opened: Program) -> None:
    opened.window.show_help()
    view = opened.window.front
    view.search.setText("签字")
    assert 0 < view.pages.count() < len(manual.order())
    assert "签字" in view.pages.item(0).text()
    assert view.text.textCursor().selectedText() == "签字"
    view.search.setText("没有的词组")
    assert view.pages.count() == 1
    assert not view.pages.item(0).flags() & Qt.ItemFlag.ItemIsSelectable


def test_pictures_are_shown(qtbot: QtBot, opened: Program) -> None:
    opened.window.go("exits")
    opened.window.show_help()
    document = opened.window.front.text.document()
    image = document.resource(QTextDocument.ResourceType.ImageResource, QUrl("../pictures/zh_CN/exits.png"))
    assert image.width() > 600


def test_the_hand_out_goes_to_the_printer(qtbot: QtBot, opened: Program, answers) -> None:
    asked = []
    answers.dialog = lambda dialog: asked.append(dialog) or False
    opened.window.show_help()
    for made in opened.window.front.findChildren(QPushButton):
        if made.icon() and ("打印" in made.text()):
            made.click()
    assert len(asked) == 2
    for dialog in asked:
        qtbot.addWidget(dialog)


def test_going_elsewhere_closes_the_manual(qtbot: QtBot, opened: Program) -> None:
    opened.window.show_help()
    qtbot.keyClick(opened.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert opened.window.front is opened.window.frame
    assert opened.window.frame.key == "households"


def test_f1_on_the_income_of_a_household_opens_the_page_about_income(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    opened.window.go("household", household_id=desk.lists.household_ids(None, "group")[0])
    for tab, topic in ((0, "household"), (3, "income"), (1, "household")):
        opened.window.frame.page.tabs.setCurrentIndex(tab)
        opened.window.show_help()
        assert opened.window.front.topic == topic
        opened.window.close_help()


@pytest.mark.parametrize(("language", "quoted"), [("zh_CN", "「([^」]+)」"), ("en", r"\*\*([^*]+)\*\*")])
def test_what_the_manual_tells_to_press_stands_in_the_window(language: str, quoted: str) -> None:
    """Each word in 「」 or in bold is a word of the window or of the scheme, as it reads today."""
    said = "".join(
        file.read_text("utf-8")
        for place in ("translations/zh_CN", "policy", "papers")
        for file in resources.path(*place.split("/")).iterdir()
        if file.suffix in {".po", ".toml"}
    ).replace('"\n"', "")
    pages = {key: manual.page(language, key) for key in (*manual.order(), "handout")}
    unknown = {(key, word) for key, text in pages.items() for word in re.findall(quoted, text) if word not in said}
    assert unknown == set()

"""The look of the window: colour tokens for light, dark and high contrast, and the one style sheet made from them.

Contrast of every text token on every ground it stands on is at least 4.5:1 (7:1 in high contrast), of the edge of a
control and of what shows where the cursor is at least 3:1; tests measure both.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from PySide6 import QtCore  # by module: the first frame does without the whole Qt namespace
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from villagedesk import resources


@dataclass(frozen=True)
class Tokens:
    """The colours of one look, by what they mean."""

    ground: str  # behind everything
    surface: str  # cards, tables, editors
    raised: str  # table heads, pressed buttons
    line: str  # borders of sheets, and rules
    edge: str  # borders of what can be worked with
    text: str
    muted: str  # labels, hints
    accent: str  # the one colour that leads: selected, primary
    on_accent: str
    tint: str  # selected rows, hovered navigation
    chosen: str  # text of selected rows
    ok: str
    ok_ground: str
    warn: str
    warn_ground: str
    problem: str
    problem_ground: str
    tick: str  # the drawing of a tick on the accent


LIGHT = Tokens(
    ground="#f3f5f4", surface="#ffffff", raised="#e9edeb", line="#cdd5d1", edge="#7c8985",
    text="#1c2422", muted="#566460", accent="#176458", on_accent="#ffffff", tint="#dcebe7", chosen="#1c2422",
    ok="#1d6a3c", ok_ground="#e4f3e9", warn="#7a4f00",
    warn_ground="#fdf1d6", problem="#a3241c", problem_ground="#fce9e7", tick="ticked",
)  # fmt: skip
DARK = Tokens(
    ground="#191e1d", surface="#222928", raised="#2c3533", line="#46524f", edge="#84938e",
    text="#e8eeec", muted="#a9b6b2", accent="#74cabb", on_accent="#0c1f1b", tint="#21423c", chosen="#e8eeec",
    ok="#8fd6a8", ok_ground="#1d3325", warn="#f0c674",
    warn_ground="#3a2f17", problem="#ffa79e", problem_ground="#43211e", tick="ticked-dark",
)  # fmt: skip
CONTRAST = Tokens(
    ground="#000000", surface="#000000", raised="#1a1a1a", line="#ffffff", edge="#ffffff",
    text="#ffffff", muted="#f0f0f0", accent="#ffe45c", on_accent="#000000", tint="#262600", chosen="#ffe45c",
    ok="#7dff9b", ok_ground="#000000", warn="#ffd24d",
    warn_ground="#000000", problem="#ff9c94", problem_ground="#000000", tick="ticked-dark",
)  # fmt: skip

SYSTEM = "system"
"""The look to choose when the window shall be light or dark as the computer is."""

LOOKS = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}


_SHEET = Template("""

QWidget { color: $text; }
QMainWindow, QWidget#page, QFrame#page, QDialog, QScrollArea, QWidget#scrolled { background: $ground; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QScrollArea { border: none; }
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: ${p1}px; }

QLabel#title { font-size: ${h1}px; font-weight: 600; }
QLabel#heading { font-size: ${h2}px; font-weight: 600; }
QLabel#label, QLabel#hint { color: $muted; }
QLabel#problem { color: $problem; }
QLabel#figure { font-size: ${h1}px; font-weight: 600; }
QLabel[tone="ok"], QLabel#hint[tone="ok"], QLabel#label[tone="ok"] { color: $ok; }
QLabel[tone="warn"], QLabel#hint[tone="warn"], QLabel#label[tone="warn"] { color: $warn; }
QLabel[tone="problem"], QLabel#hint[tone="problem"], QLabel#label[tone="problem"] { color: $problem; }
QLabel[badge="true"] { border-radius: ${r}px; padding: ${p0}px ${p2}px; background: $raised; }
QLabel[badge="true"][tone="ok"] { background: $ok_ground; }
QLabel[badge="true"][tone="warn"] { background: $warn_ground; }
QLabel[badge="true"][tone="problem"] { background: $problem_ground; }

QFrame#card, QFrame#tile { background: $surface; border: 1px solid $line; border-radius: ${r2}px; }
QFrame#rule { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame#bar { border-radius: ${r}px; border: 1px solid $line; background: $surface; }
QFrame#bar[tone="ok"] { background: $ok_ground; border-color: $ok; }
QFrame#bar[tone="warn"] { background: $warn_ground; border-color: $warn; }
QFrame#bar[tone="problem"] { background: $problem_ground; border-color: $problem; }

QLineEdit, QPlainTextEdit, QTextBrowser, QComboBox, QSpinBox {
    background: $surface; border: 1px solid $edge; border-radius: ${r}px; padding: ${p1}px ${p2}px;
    selection-background-color: $accent; selection-color: $on_accent; min-height: ${row}px;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextBrowser:focus, QComboBox:focus, QSpinBox:focus {
    border: 2px solid $accent; padding: ${p1f}px ${p2f}px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {
    border-color: $problem; background: $problem_ground; }
QLineEdit:read-only, QLineEdit:disabled, QComboBox:disabled { background: $ground; color: $muted; }
QComboBox::drop-down { border: none; width: ${arrowbox}px; }
QComboBox::down-arrow { image: url("$chevron"); width: ${arrow}px; height: ${arrow}px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $line; selection-background-color: $tint;
    selection-color: $text; outline: none; }

QPushButton, QToolButton#action {
    background: $surface; border: 1px solid $edge; border-radius: ${r}px; padding: ${p1}px ${p3}px;
    min-height: ${row}px;
}
QPushButton:hover, QToolButton#action:hover { background: $raised; }
QPushButton:pressed { background: $tint; }
QPushButton:focus { border: 2px solid $accent; padding: ${p1f}px ${p3f}px; }
QPushButton:disabled { color: $muted; background: $ground; }
QPushButton#primary { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton#primary:focus { border: 3px double $on_accent; padding: ${p1g}px ${p3g}px; }
QPushButton#primary:disabled { background: $raised; color: $muted; border-color: $line; }
QPushButton#link { background: transparent; border: 1px solid transparent; color: $accent;
    text-align: left; padding: ${p1}px; }
QPushButton#link:hover { text-decoration: underline; }
QPushButton#link:focus { border: 2px solid $accent; padding: ${p1f}px; }
QPushButton#mark { background: $tint; border: 1px solid $accent; color: $accent; border-radius: ${r}px;
    padding: 0 ${p1}px; min-height: 0; }
QPushButton#choice { border-radius: ${r2}px; min-height: ${choice}px; outline: none; }

QRadioButton[segment="true"] { background: $surface; border: 1px solid $edge;
    padding: ${p1}px ${p2}px; min-height: ${row}px; }
QRadioButton[segment="true"] { spacing: 0; }
QRadioButton[segment="true"]:checked { background: $tint; border-color: $accent; font-weight: 600; }
QRadioButton[segment="true"]:focus { border: 2px solid $accent; padding: ${p1f}px ${p2f}px; }

QTableView, QListView, QTreeView { background: $surface; border: 1px solid $line; border-radius: ${r}px; padding: 1px;
    gridline-color: $raised;
    selection-background-color: $tint; selection-color: $chosen; alternate-background-color: $ground; outline: none; }
QTableView:focus, QListView:focus, QTreeView:focus { border: 2px solid $accent; padding: 0; }
QTableView::item { padding: 0 ${p1}px; }
QLineEdit, QPlainTextEdit { placeholder-text-color: $muted; }
QTableView::item:focus { border: 1px solid $accent; }
QHeaderView { background: $raised; }
QHeaderView::section { background: $raised; color: $muted; border: none; border-right: 1px solid $line;
    padding: ${p1}px; }
QTableCornerButton::section { background: $raised; border: none; }

QListView::item { padding: ${p1}px ${p1}px; }
QListWidget#navigation { background: $raised; border: 2px solid $raised; border-radius: 0;
    padding: ${p2}px ${p1}px; }
QListWidget#navigation:focus { border-color: $accent; }
QListWidget#navigation::item { padding: ${p2}px ${p3}px; border-radius: ${r}px; margin: 1px; color: $text; }
QListWidget#navigation::item:hover { background: $tint; }
QListWidget#navigation::item:selected { background: $accent; color: $on_accent; }
QFrame#top { background: $surface; border: none; border-bottom: 1px solid $line; }
QStatusBar { background: $raised; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QStatusBar QLabel { padding: 0 ${p2}px; color: $muted; }

QTabWidget::pane { border: none; }
QTabBar::tab { padding: ${p2}px ${p4}px; border: 2px solid transparent; border-bottom: 3px solid transparent;
    color: $muted; background: transparent; }
QTabBar[tight="true"]::tab { padding: ${p2}px; }
QTabBar[tight="most"] { font-size: ${small}px; }
QTabBar[tight="most"]::tab { padding: ${p2}px ${p0}px; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; font-weight: 600; }
QTabBar::tab:selected:focus { border: 2px solid $accent; border-bottom-width: 3px; }
QTabBar { background: transparent; qproperty-drawBase: 0; }

QCheckBox, QRadioButton { spacing: ${p2}px; border: 2px solid transparent; border-radius: ${r}px; }
QCheckBox::indicator, QRadioButton::indicator { width: ${tick}px; height: ${tick}px; background: $surface;
    border: 1px solid $edge; border-radius: ${p1}px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick_mark"); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $ground; border-color: $line; }
QRadioButton::indicator { width: ${tickr}px; height: ${tickr}px; border-radius: ${tickh}px; border-width: 2px; }
QRadioButton::indicator:checked { width: ${tickc}px; height: ${tickc}px; border: ${tickb}px solid $accent;
    background: $on_accent; }
QRadioButton[segment="true"]::indicator, QRadioButton[segment="true"]::indicator:checked {
    width: 0; height: 0; border: none; background: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QProgressBar { background: $raised; border: none; border-radius: ${p1}px; min-height: ${bar}px; max-height: ${bar}px; }
QProgressBar::chunk { background: $accent; border-radius: ${p1}px; }
QMenu { background: $surface; border: 1px solid $line; padding: ${p1}px; }
QMenu::item { padding: ${p1}px ${p4}px; border-radius: ${p1}px; }
QMenu::item:selected { background: $tint; }
QMenuBar { background: $raised; }
QMenuBar::item:selected { background: $tint; }
QScrollBar:vertical { background: transparent; width: ${scroll}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${scroll}px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: ${scrollr}px; min-height: ${p4}px; min-width: ${p4}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
""")


def sheet(tokens: Tokens, size: int, chevron: str = "", tick_mark: str = "") -> str:
    """The style sheet for letters of ``size`` pixels; every distance grows with them."""

    def px(share: float) -> int:
        return max(1, round(size * share))

    distances = {
        "size": size, "small": px(0.8), "h1": px(1.5), "h2": px(1.15), "row": px(1.5), "r": px(0.3), "r2": px(0.5),
        "p0": px(0.1), "p1": px(0.25), "p1f": max(0, px(0.25) - 1), "p1g": max(0, px(0.25) - 2), "p3g": px(0.8) - 2,
        "p2": px(0.5), "p2f": px(0.5) - 1, "p3": px(0.8),
        "p3f": px(0.8) - 1, "p4": px(1.2), "arrow": px(0.9), "arrowbox": px(1.6), "bar": px(0.5), "scroll": px(0.85),
        "choice": px(5.6), "tick": px(1.0), "tickr": px(1.0) - 2, "tickb": px(0.3), "tickc": px(1.0) + 2 - 2 * px(0.3),
        "tickh": px(0.5) + 1,
        "scrollr": px(0.42),
    }  # fmt: skip
    return _SHEET.substitute(vars(tokens), chevron=chevron, tick_mark=tick_mark, **distances)


def palette(tokens: Tokens) -> QPalette:
    """The same colours for what the style sheet does not reach."""
    roles = {
        QPalette.ColorRole.Window: tokens.ground,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.ground,
        QPalette.ColorRole.Button: tokens.surface,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.muted,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.ToolTipBase: tokens.surface,
        QPalette.ColorRole.ToolTipText: tokens.text,
    }
    made = QPalette()
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    return made


def apply(app: QApplication, look: str, scale: int) -> Tokens:
    """Dress the whole program. ``scale`` is the letter size in per cent of the normal one."""
    look = system_look(app) if look == SYSTEM else look
    tokens = LOOKS.get(look, LIGHT)
    size = round(14 * scale / 100)
    if (app.property("look"), app.property("letters")) == (look, size):
        return tokens
    app.setPalette(palette(tokens))
    font = app.font()
    font.setPixelSize(size)
    app.setFont(font)
    app.setProperty("look", look)
    app.setProperty("letters", size)
    app.setProperty("sheet", sheet(tokens, size, _drawing("down"), _drawing(tokens.tick)))
    for window in app.topLevelWidgets():
        if window.property("dressed"):
            dress(window)
    return tokens


def system_look(app: QApplication) -> str:
    """Light or dark, as the computer is set."""
    return "dark" if app.styleHints().colorScheme() is QtCore.Qt.ColorScheme.Dark else "light"


def _drawing(name: str) -> str:
    return resources.path("icons", f"{name}.svg").as_posix()


def dress(window: QWidget) -> None:
    """Give the style sheet to a window and what stands in it, now and after every change of the look.

    Not to the whole program: then each step of putting a page together would style all of it again, and a page would
    take three times as long to appear.
    """
    app = QApplication.instance()
    window.setProperty("dressed", True)
    window.setStyleSheet(str((app.property("sheet") if app else "") or ""))


def tokens() -> Tokens:
    """The colours in use now."""
    app = QApplication.instance()
    return LOOKS.get(str(app.property("look")) if app else "light", LIGHT)


def letters() -> int:
    """The height of a letter in pixels: the unit of every size set in code."""
    app = QApplication.instance()
    value = app.property("letters") if app else None
    return value if isinstance(value, int) else 14

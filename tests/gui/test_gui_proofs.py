"""Proofs in the household form: attached by file, paste, drop and folder; shown large; linked to a figure."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage

from tests.gui.windowed import Answers
from ui.app import Program
from ui.households.form import HouseholdForm
from ui.households.proofs import ProofsTab
from villagedesk.desk import Desk


def proofs(program: Program, desk: Desk) -> tuple[ProofsTab, str]:
    household_id = desk.lists.household_ids()[0]
    program.window.go("household", household_id=household_id, tab="proofs")
    form = program.window.frame.page
    assert isinstance(form, HouseholdForm)
    return form.proofs, household_id


def photo(folder: Path, name: str, shade: int) -> Path:
    file = folder / name
    stream = BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (33.0, 27.0, 1.0)}  # where it was taken
    Image.new("RGB", (64, 48), (shade, 90, 90)).save(stream, "JPEG", exif=exif)
    file.write_bytes(stream.getvalue())
    return file


def test_a_photograph_proves_a_figure_and_loses_its_place(opened: Program, desk: Desk, tmp_path: Path) -> None:
    tab, household_id = proofs(opened, desk)
    tab.field.show_value("dwelling")
    tab.attach([photo(tmp_path, "house.jpg", 10)])
    (kept,) = desk.evidence.of(household_id, "dwelling")
    assert kept.title == "house"
    assert not Image.open(BytesIO(desk.evidence.read(kept.id))).getexif()
    assert tab.list.count() == 1
    assert not tab._large.pixmap().isNull()


def test_drop_paste_and_folder(opened: Program, desk: Desk, tmp_path: Path, answers: Answers) -> None:
    tab, household_id = proofs(opened, desk)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo(tmp_path, "one.jpg", 20)))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    tab.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, Qt.KeyboardModifier.NoModifier))
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    QGuiApplication.clipboard().setImage(image)
    tab.paste()
    folder = tmp_path / "camera"
    folder.mkdir()
    photo(folder, "two.jpg", 30)
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    answers.path = folder
    tab._on_folder()
    assert len(desk.evidence.of(household_id)) == 3
    answers.yes = True
    tab._on_remove()
    assert len(desk.evidence.of(household_id)) == 2


def test_the_same_file_twice_is_refused_in_words(opened: Program, desk: Desk, tmp_path: Path) -> None:
    tab, household_id = proofs(opened, desk)
    file = photo(tmp_path, "one.jpg", 20)
    tab.attach([file])
    tab.attach([file])
    assert len(desk.evidence.of(household_id)) == 1

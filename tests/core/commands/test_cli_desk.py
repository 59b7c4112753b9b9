"""The command line of INTERFACE on a desk: what it prints, its exit statuses, and that a refusal changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.core.commands.conftest import PASSPHRASE, VILLAGE, Run
from tests.factories import make_id_number
from villagedesk.cli import main
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage, generate
from villagedesk.desk import open_desk
from villagedesk.drafts.plan import PlanDraft
from villagedesk.drafts.project import ProjectDraft
from villagedesk.drafts.village import VillagePlanDraft
from villagedesk.policy.reports import shipped_reports


@pytest.fixture(scope="module")
def village() -> GeneratedVillage:
    return generate("jiangsu-2018", 12, seed=5)


@pytest.fixture
def filled(desk: Path, tmp_path: Path, village: GeneratedVillage, run: Run) -> Path:
    write_roster(village, tmp_path / "roster.xlsx", "full")
    assert run("import", desk, tmp_path / "roster.xlsx", "--year", "2019")[0] == 0
    return desk


def test_a_new_desk_gives_its_recovery_key_once(tmp_path: Path, run: Run) -> None:
    status, said = run("new", tmp_path / "d", "--profile", "jiangsu-2018", "--village", VILLAGE, "--json")
    assert (status, said["village"]) == (0, VILLAGE)
    assert len(said["recovery_key"]) > 30
    assert run("new", tmp_path / "d", "--profile", "jiangsu-2018", "--village", VILLAGE)[0] == 1


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--profile", "no-such-pack", "--village", VILLAGE), 1),
        (("--profile", "jiangsu-2018", "--village", "000000000000"), 1),
        (("--profile", "jiangsu-2018"), 2),
    ],
)
def test_a_new_desk_is_refused_whole(tmp_path: Path, run: Run, words: tuple[str, ...], status: int) -> None:
    assert run("new", tmp_path / "d", *words)[0] == status
    assert not (tmp_path / "d").exists()


def test_a_roster_comes_in_once_and_again_as_nothing_new(
    desk: Path, tmp_path: Path, village: GeneratedVillage, run: Run
) -> None:
    roster = tmp_path / "roster.xlsx"
    write_roster(village, roster, "47")
    status, dry = run("import", desk, roster, "--dry-run", "--year", "2019", "--json")
    assert status == 0
    assert dry["act"] == ""
    assert run("list", desk, "households", "--json")[1]["rows"] == []
    _, first = run("import", desk, roster, "--year", "2019", "--json")
    assert set(first) >= {"rows", "households", "members", "rejected"}
    assert first["households"] == {"new": 12, "changed": 0, "unchanged": 0, "rejected": 0}
    _, again = run("import", desk, roster, "--year", "2019", "--json")
    assert again["households"] == {"new": 0, "changed": 0, "unchanged": 12, "rejected": 0}
    assert again["members"]["unchanged"] == first["rows"] == first["members"]["new"]


def test_refused_rows_are_named_masked_and_written_out(
    desk: Path, tmp_path: Path, village: GeneratedVillage, run: Run
) -> None:
    roster, rejects = tmp_path / "roster.xlsx", tmp_path / "rejects.xlsx"
    planted = write_roster(village, roster, "47", mistakes=("check_digit", "scientific"))
    status, said = run("import", desk, roster, "--rejects", rejects, "--year", "2019", "--json")
    assert status == 1
    assert {row["row"] for row in said["rejected"]} >= {mistake.row for mistake in planted}
    for row in said["rejected"]:
        assert set(row) == {"sheet", "row", "column", "value", "reason"}
        assert not any(person.id_number in row["value"] for each in village.households for person in each.draft.members)
    assert openpyxl.load_workbook(rejects).active.max_row > 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.xlsx", b""), ("page.xls", b"<html><table></table></html>"), ("cut.xlsx", b"PK\x03\x04")],
)
def test_what_is_no_roster_changes_nothing(filled: Path, tmp_path: Path, run: Run, name: str, content: bytes) -> None:
    before = run("list", filled, "members", "--json")[1]
    (tmp_path / name).write_bytes(content)
    assert run("import", filled, tmp_path / name)[0] == 3
    assert run("import", filled, tmp_path / "missing.xlsx")[0] == 3
    assert run("list", filled, "members", "--json")[1] == before


def test_people_are_found_by_name_pinyin_and_tail(filled: Path, village: GeneratedVillage, run: Run) -> None:
    household = village.households[0].draft
    head = household.head
    assert head is not None
    for typed in (head.name, head.name[-1:], head.id_number[-4:], household.no):
        status, said = run("find", filled, typed, "--json")
        assert status == 0
        assert household.no in {hit["household"] for hit in said["hits"]}
        assert set(said["hits"][0]) == {"household", "member", "name", "group", "why"}
    assert run("find", filled, "zzzz", "--json")[1] == {"hits": []}
    assert run("find", filled, "王", "--limit", "0")[0] == 2


def test_lists_are_filtered_and_refuse_unknown_columns(filled: Path, village: GeneratedVillage, run: Run) -> None:
    group = village.households[0].draft.group
    _, said = run("list", filled, "households", "--where", f"group={group}", "--json")
    assert {row["group"] for row in said["rows"]} == {group}
    assert run("list", filled, "households", "--where", "religion=x")[0] == 2
    assert run("list", filled, "households", "--where", "group")[0] == 2


def test_a_printed_list_names_its_columns_as_filters_take_them(filled: Path, run: Run) -> None:
    _, said = run("list", filled, "households")
    names, *rows = (line.split("\t") for line in said.splitlines())
    assert {"no", "group", "head"} <= set(names)
    assert not {"n", "id", "revision"} & set(names)
    first = dict(zip(names, rows[0], strict=True))
    again = run("list", filled, "households", *(f"--where={name}={first[name]}" for name in ("no", "group", "head")))[1]
    again_names, *found = (line.split("\t") for line in again.splitlines())
    assert [dict(zip(again_names, row, strict=True))["no"] for row in found] == [first["no"]]


def test_plans_and_monitored_households_say_whose_they_are(filled: Path, run: Run) -> None:
    with open_desk(filled, PASSPHRASE) as desk:
        home, other, *_ = desk.households.all()
        desk.plans.save(PlanDraft(household_id=home.id, year=2019), "typed")
        desk.households.save(replace(other, monitoring_class="1", phone="13900000000"), "typed")
    plan = run("list", filled, "plans", "--json")[1]["rows"][0]
    assert (plan["household"], plan["head"]) == (home.no, home.head.name)
    assert run("list", filled, "plans", "--where", f"household={home.no}")[1].startswith("household\thead\tyear")
    monitored = run("list", filled, "monitoring", "--json")[1]["rows"]
    assert [row["household"] for row in monitored if row["head"] == other.head.name] == [other.no]
    assert not any("phone" in row for row in monitored)


def test_projects_are_a_list_and_the_village_has_its_papers(desk: Path, tmp_path: Path, run: Run) -> None:
    with open_desk(desk, PASSPHRASE) as opened:
        for title in ("打井", "修路"):
            opened.projects.save(ProjectDraft(title=title, year=2019), "typed")
        opened.book.save(VillagePlanDraft(year=2019, goals="修路"), "typed")
    assert [row["title"] for row in run("list", desk, "projects", "--json")[1]["rows"]] == ["打井", "修路"]
    assert len(run("list", desk, "projects", "--where", "title=修路", "--json")[1]["rows"]) == 1
    for paper in ("village_plan", "village_figures", "overview"):
        status, said = run("print", desk, paper, "--year", 2019, "--out", tmp_path / "out", "--json")
        assert (status, len(said["files"])) == (0, 1), paper
    this_year = date.today().year  # noqa: DTZ011  the desk reads the machine's clock
    status, said = run("print", desk, "report_sheet", "--year", this_year, "--out", tmp_path / "out", "--json")
    assert (status, len(said["files"])) == (0, len(shipped_reports()))


def test_findings_have_their_shape(filled: Path, tmp_path: Path, run: Run) -> None:
    status, said = run("check", filled, "--json", "--xlsx", tmp_path / "findings.xlsx")
    assert status == 1
    assert set(said) == {"findings", "counts"}
    assert set(said["findings"][0]) == {"rule", "class", "household", "member", "field", "message"}
    assert sum(said["counts"].values()) == len(said["findings"])
    assert openpyxl.load_workbook(tmp_path / "findings.xlsx").active.max_row > len(said["findings"])
    _, one = run("check", filled, "--rule", "H18", "--json")
    assert {finding["rule"] for finding in one["findings"]} == {"H18"}
    assert run("check", filled, "--rule", "Z99")[0] == 1


def test_papers_are_written_without_names_in_their_file_names(
    filled: Path, tmp_path: Path, village: GeneratedVillage, run: Run
) -> None:
    no = village.households[0].draft.no
    status, said = run("print", filled, "household_file", "--household", no, "--out", tmp_path / "p", "--json")
    assert status == 0
    assert said["refused"] == []
    assert set(said["files"][0]) == {"path", "pages", "sha256"}
    path = Path(said["files"][0]["path"])
    assert path.read_bytes().startswith(b"%PDF")
    assert not any(person.name in path.name for person in village.households[0].draft.members)
    assert run("print", filled, "household_file", "--household", "no-such")[0] == 1
    assert run("print", filled, "no_such_paper", "--all")[0] == 1
    assert run("print", filled, "household_file")[0] == 2
    assert {paper["paper"] for paper in run("papers", "--json")[1]["papers"]} >= {"exit_notice", "signoff_sheet"}


def test_the_countys_own_paper_comes_by_the_terminal(filled: Path, tmp_path: Path, run: Run) -> None:
    status, told = run("paper-text", filled, "card", "--out", tmp_path, "--json")
    text = Path(told["path"]).read_text(encoding="utf-8")
    assert status == 0
    assert 'title = "明白卡"' in text
    (tmp_path / "card.toml").write_text(text.replace('title = "明白卡"', "title = 3"), encoding="utf-8")
    assert run("paper-add", filled, tmp_path / "card.toml")[0] != 0
    (tmp_path / "card.toml").write_text(text.replace('title = "明白卡"', 'title = "惠民卡"'), encoding="utf-8")
    status, told = run("paper-add", filled, tmp_path / "card.toml", "--json")
    assert (status, told["papers"]) == (0, [{"paper": "card", "title": "惠民卡", "changes": True}])
    assert run("paper-drop", filled, "card", "--json") == (0, {"papers": []})
    assert run("paper-drop", filled, "card")[0] == 1


def test_a_register_has_the_receiving_forms_columns(filled: Path, tmp_path: Path, run: Run) -> None:
    target = tmp_path / "out.xlsx"
    assert run("table", filled, "persons-47", "--out", target)[0] == 0
    head = next(openpyxl.load_workbook(target).active.iter_rows(min_row=3, max_row=3, values_only=True))
    assert len(head) == 47
    assert run("table", filled, "no-such", "--out", target)[0] == 2


def test_packs_are_listed_and_checked(tmp_path: Path, run: Run) -> None:
    ids = {row["id"] for row in run("profiles", "--json")[1]["profiles"]}
    assert ids >= {"national-2018", "xinjiang-2016", "shangzhou-2020", "guangdong-2016", "jiangsu-2018", "post-2021"}
    (tmp_path / "bad.toml").write_text("[pack]\nid = 3\n", "utf-8")
    status, said = run("profiles", "check", tmp_path / "bad.toml", "--json")
    assert status == 1
    assert said["problems"]
    assert run("profiles", "check", tmp_path / "none.toml")[0] == 3
    (tmp_path / "book.toml").write_bytes(b"PK\x03\x04\x9d\xff")
    assert run("profiles", "check", tmp_path / "book.toml")[0] == 3
    assert run("profiles", "check")[0] == 2


def test_a_wrong_passphrase_or_folder_says_so(
    desk: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("list", tmp_path / "nothing", "households")[0] == 3
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "wrong")
    assert run("list", desk, "households")[0] == 3
    monkeypatch.delenv("VILLAGEDESK_PASSPHRASE")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert run("list", desk, "households")[0] == 2
    (tmp_path / "word").write_text(PASSPHRASE + "\n", "utf-8")
    assert run("list", desk, "households", "--passphrase-file", tmp_path / "word")[0] == 0


def test_wrong_usage_has_status_two(run: Run) -> None:
    assert run("list")[0] == 2
    assert run("--no-such-option")[0] == 2
    assert run("import", "a", "b", "--nonsense")[0] == 2


def test_nothing_personal_reaches_the_messages(
    desk: Path, tmp_path: Path, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    number = make_id_number(date(1980, 5, 17), "1", 7)
    book = openpyxl.Workbook()
    book.active.append(["户编号", "姓名", "证件号码", "与户主关系"])
    book.active.append(["1", "周小明", number[:-1] + ("0" if number[-1] != "0" else "1"), "本人或户主"])
    book.save(tmp_path / "one.xlsx")
    status, said = run("import", desk, tmp_path / "one.xlsx", "--json")
    assert status == 1
    assert number[:14] not in json.dumps(said)
    assert number[:14] not in caplog.text


def test_a_word_that_is_no_command_and_a_screen_that_is_not_there_are_said(
    filled: Path, run: Run, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(["frobnicate"]) == 3
    assert main([str(filled)]) == 4


def test_the_language_may_stand_first(
    filled: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: Any
) -> None:
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "not this one")
    assert main(["--lang", "en", "list", str(filled), "households"]) == 3
    assert "passphrase is wrong" in capfdbinary.readouterr().err.decode()
    assert main(["--lang=zh_CN", "list", str(filled), "households"]) == 3
    assert "口令" in capfdbinary.readouterr().err.decode()


def test_a_mistake_of_the_program_is_a_sentence_and_a_report_without_anybodys_data(
    filled: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: Any, tmp_path: Path
) -> None:
    from villagedesk.services.lists import Lists

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("王建国")

    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(Lists, "find", fail)
    assert main(["find", str(filled), "王", "--lang", "en"]) == 4
    said = capfdbinary.readouterr().err.decode()
    assert "made a mistake (RuntimeError)" in said
    assert "Traceback" not in said
    (written,) = tmp_path.glob("villagedesk-*.txt")
    assert "RuntimeError" in written.read_text("utf-8")
    assert "王建国" not in written.read_text("utf-8")

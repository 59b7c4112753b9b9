"""Rosters: headings anywhere, every way to write a value, and what a bad row takes with it."""

from __future__ import annotations

import gc
from datetime import date

import openpyxl
import pytest

from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Cancelled, Refused, Unreadable
from villagedesk.exchange import mapping as mappings
from villagedesk.exchange.roster import read_roster

YILI = "新疆维吾尔自治区伊犁哈萨克自治州昭苏县"


def reasons(roster) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, str(one.reason)) for one in roster.rejected]


def member(roster, place: int = 0):
    return roster.rows[place].member


def test_a_roster_makes_drafts(read, two_households, as_table):
    roster = read(as_table(two_households))
    assert (roster.kind, roster.lines, len(roster.households), roster.rejected) == ("persons", 4, 2, ())
    first = roster.households[0]
    draft = HouseholdDraft(members=tuple(MemberDraft(**row.member) for row in first.rows), **first.values)
    assert (draft.no, draft.water_safe, draft.phone) == ("320000000001", True, "13900000000")
    assert draft.head.name == "张甲"
    assert draft.head.birth == date(1970, 1, 1)
    assert (draft.head.id_kind, draft.head.health, draft.head.labour) == ("01", ("01",), "01")
    assert first.context == {"persons": 2}
    assert [row.line for row in first.rows] == [2, 3]
    assert roster.notes == ()


@pytest.mark.parametrize("above", range(5))
def test_the_headings_stand_in_any_of_the_first_five_lines(read, two_households, as_table, above):
    rows = [["贫困人口名单"], ["填报单位:某村", "", "", "姓名见下"], [], ["(元)"]][:above] + as_table(two_households)
    roster = read(rows)
    assert len(roster.rows) == 4
    assert roster.rows[0].line == above + 2


def test_headings_in_the_sixth_line_are_not_looked_for(read, two_households, as_table):
    with pytest.raises(Unreadable, match="no heading row"):
        read([["题"]] * 5 + as_table(two_households))


def test_headings_in_two_merged_lines(read, two_households, as_table, tmp_path):
    rows = as_table(two_households)
    split = [
        [("基本情况" if place == 2 else "" if place in (3, 4) else heading) for place, heading in enumerate(rows[0])]
    ]
    split += [[heading if place in (2, 3, 4) else "" for place, heading in enumerate(rows[0])]]
    assert len(read([["名单"], *split, *rows[1:]]).rows) == 4


def test_headings_with_line_breaks_and_full_width_brackets(read, two_households, as_table):
    people = [{**row, "务工\n时间（月）": "6"} for row in two_households]
    assert member(read(as_table(people)))["work_months"] == 6


def test_unknown_columns_are_kept_and_forbidden_ones_dropped(read, two_households, as_table):
    people = [{**row, "网格员": "赵", "政治面貌": "群众", "银行账号": "6222"} for row in two_households]
    roster = read(as_table(people))
    assert member(roster)["extra"] == (("网格员", "赵"),)
    assert roster.unknown_columns == ("网格员",)
    assert [heading for heading, _ in roster.dropped_columns] == ["政治面貌", "银行账号"]
    assert "6222" not in repr(roster)
    assert sum("was left out" in str(note) for note in roster.notes) == 2


def test_missing_columns_are_named_each(read, two_households, as_table):
    with pytest.raises(Refused) as caught:
        read(as_table(two_households, ["户编号", "姓名", "人数"]))
    assert [problem.field for problem in caught.value.problems] == ["id_number", "relation"]
    assert "“证件号码”" in str(caught.value)


@pytest.mark.parametrize("second", ["联系 电话", "户联系电话"])
def test_columns_that_say_the_same_are_refused_by_name(read, two_households, as_table, second):
    people = [{**row, second: "1"} for row in two_households]
    with pytest.raises(Refused, match="say the same") as caught:
        read(as_table(people))
    assert second.replace(" ", "") in str(caught.value)
    assert "K “联系电话”" in str(caught.value)


def test_unknown_columns_may_not_stand_twice_either(read, two_households, as_table):
    rows = as_table(two_households)
    with pytest.raises(Refused, match="say the same"):
        read([[*row, *(["网格员", "网格员"] if place == 0 else ["a", "b"])] for place, row in enumerate(rows)])


def test_csv_of_old_programs(read, two_households, as_table, as_text):
    people = [{**row, "证件号码": f'="{row["证件号码"]}"', "姓名": "张䶮"} for row in two_households]
    roster = read(as_text(as_table(people)).encode("gb18030"), "名单.csv")
    assert [row.member["id_number"] for row in roster.rows] == [row["证件号码"] for row in two_households]
    assert member(roster)["name"] == "张䶮"
    assert not roster.rejected


def test_numbers_ruined_by_excel_are_refused_row_by_row(read, two_households, as_table):
    ruined = two_households[1]["证件号码"]
    two_households[1]["证件号码"] = float(ruined)
    two_households[3]["证件号码"] = "3.2E+17"
    roster = read(as_table(two_households))
    assert [(one.row, one.column) for one in roster.rejected] == [(3, "证件号码"), (5, "证件号码")]
    assert all("Format the column as text" in str(one.reason) for one in roster.rejected)
    assert [household.incomplete for household in roster.households] == [True, True]
    assert ruined[6:14] not in roster.rejected[0].value


def test_the_value_of_a_rejection_hides_the_number(read, two_households, as_table):
    good = str(two_households[1]["证件号码"])
    two_households[1]["证件号码"] = good[:17] + ("0" if good[17] != "0" else "1")
    two_households[1]["姓名"] = good
    two_households[2]["健康状况"] = good
    roster = read(as_table(two_households))
    assert [one.column for one in roster.rejected] == ["证件号码", "健康状况", "与户主关系"]
    assert not any(good[:14] in one.value + str(one.reason) for one in roster.rejected)


def test_a_refused_head_takes_the_household(read, two_households, as_table):
    two_households[0]["劳动技能"] = "超人"
    roster = read(as_table(two_households))
    assert [household.no for household in roster.households] == ["320000000002"]
    assert roster.rejected_households == ("320000000001",)
    assert [(one.row, one.column) for one in roster.rejected] == [(2, "劳动技能"), (3, "与户主关系")]
    assert "超人" in str(roster.rejected[0].reason)
    assert [row.line for row in roster.rejected_rows] == [2, 3]


@pytest.mark.parametrize(("relation", "says"), [("户主", "several heads (lines 2, 3)"), ("其他", None)])
def test_exactly_one_head(read, two_households, as_table, relation, says):
    two_households[1]["与户主关系"] = relation
    roster = read(as_table(two_households))
    assert len(roster.households) == (1 if says else 2)
    assert all(says in str(one.reason) for one in roster.rejected)


def test_a_household_without_head(read, two_households, as_table):
    two_households[0]["与户主关系"] = "之子"
    roster = read(as_table(two_households))
    assert [(row, column) for row, column, _ in reasons(roster)] == [(2, "与户主关系"), (3, "与户主关系")]
    assert "no head" in reasons(roster)[0][2]


def test_a_member_without_household_or_name(read, two_households, as_table):
    two_households[1]["户编号"] = ""
    two_households[3]["姓名"] = " "
    roster = read(as_table(two_households))
    assert [(row, column) for row, column, _ in reasons(roster)] == [(3, "户编号"), (5, "姓名")]


def test_one_person_twice(read, two_households, as_table):
    two_households[3]["证件号码"] = two_households[1]["证件号码"] + "43"
    roster = read(as_table(two_households))
    assert [(row, column) for row, column, _ in reasons(roster)] == [(5, "证件号码")]
    assert "line 3" in reasons(roster)[0][2]
    assert roster.households[1].incomplete


def test_newborns_without_number_are_taken_with_a_note(read, two_households, as_table):
    two_households[1]["证件号码"] = two_households[3]["证件号码"] = ""
    roster = read(as_table(two_households))
    assert (len(roster.rows), roster.rejected) == (4, ())
    assert "without an ID number" in str(roster.notes[0])
    assert "2 (lines 3, 5)" in str(roster.notes[0])


def test_household_values_that_differ(read, two_households, as_table):
    two_households[0]["联系电话"] = ""
    two_households[2]["饮水安全"] = "否"
    roster = read(as_table(two_households))
    assert roster.households[0].values["phone"] == "13900000000"
    assert roster.households[1].values["water_safe"] is False
    assert [str(note) for note in roster.notes] == [
        "Rows of one household differ; the first row was taken: 1 (lines 5)."
    ]
    assert len({id(row.household) for row in roster.rows}) == 2


def test_the_number_of_persons_and_the_name_of_the_head_are_compared(read, two_households, as_table):
    people = [{**row, "人数": "3", "户主姓名": "李四"} for row in two_households]
    notes = " ".join(map(str, read(as_table(people)).notes))
    assert "number of persons" in notes
    assert "The head named" in notes


def test_rows_of_a_household_need_not_stand_together(read, two_households, as_table):
    first, second, third, fourth = two_households
    roster = read(as_table([first, third, second, fourth]))
    assert [[row.line for row in household.rows] for household in roster.households] == [[2, 4], [3, 5]]


def test_totals_and_footers_are_passed_over(read, two_households, as_table):
    rows = as_table(two_households)
    rows += [["合计", "", 4], [], ["", "", "", "", "填表人:王"]]
    roster = read(rows)
    assert (len(roster.rows), roster.rejected, roster.lines) == (4, (), 4)
    assert "lines 6, 8" in str(roster.notes[-1])


def test_cells_merged_over_a_household(tmp_path, fields, codes, two_households, as_table):
    book = openpyxl.Workbook()
    for row in as_table(two_households):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("K4:K5")
    book.save(tmp_path / "a.xlsx")
    roster = read_roster(tmp_path / "a.xlsx", fields, codes, year=2020)
    assert [len(household.rows) for household in roster.households] == [2, 2]
    assert not roster.rejected
    assert not roster.notes


@pytest.mark.parametrize(
    ("heading", "cell", "path", "value"),
    [
        ("出生日期", "20150301", "member.birth", date(2015, 3, 1)),
        ("出生日期", "2015年3月1日", "member.birth", date(2015, 3, 1)),
        ("出生日期", "2015/3/1", "member.birth", date(2015, 3, 1)),
        ("出生日期", "2015.03.01 00:00:00", "member.birth", date(2015, 3, 1)),
        ("出生日期", 42064, "member.birth", date(2015, 3, 1)),
        ("出生日期", 20150301, "member.birth", date(2015, 3, 1)),
        ("出生日期", date(2015, 3, 1), "member.birth", date(2015, 3, 1)),
        ("出生日期", "", "member.birth", date(1970, 1, 1)),
        ("性别", "", "member.sex", "2"),
        ("性别", "男", "member.sex", "1"),
        ("是否低保", "√", "member.dibao", True),
        ("是否低保", "0", "member.dibao", False),
        ("是否低保", 1, "member.dibao", True),
        ("是否低保", True, "member.dibao", True),
        ("是否低保", "", "member.dibao", None),
        ("健康状况", "长期慢性病,残疾", "member.health", ("02", "04")),
        ("健康状况", "02、04、02", "member.health", ("02", "04")),
        ("健康状况", "", "member.health", ()),
        ("与户主关系", "01", "member.relation", "01"),
        ("残疾等级", "二级", "member.disability_grade", "2"),
        ("扶持证号", "FZ 2016-0031", "household.support_no", "FZ2016-0031"),
        ("关爱类别", "留守老人、失能老人", "member.care", ("06", "08")),
        ("务工所在地", "江苏省南京市江宁区某某街道某村", "member.work_place", "江苏省南京市江宁区"),
        ("务工所在地", "上海", "member.work_place", "上海"),
        (
            "务工所在地",
            "新疆维吾尔自治区伊犁哈萨克自治州昭苏县某乡",
            "member.work_place",
            "新疆维吾尔自治区伊犁哈萨克自治州昭苏县",
        ),
        ("务工时间(月)", "6个月", "member.work_months", 6),
        ("务工状况", "县外省内务工", "member.work_area", "03"),
        ("文化程度", "大专及以上", "member.education", "05"),
        ("户属性", "低保户", "household.kind", "02"),  # the value that took its place
        ("文化程度", "本科及以上", "member.education", "08"),  # of a later form: taken all the same
        ("姓名", "阿不都 热合曼•买买提", "member.name", "阿不都热合曼·买买提"),
        ("姓名", "张\u3000三", "member.name", "张三"),
        ("姓名", "张\ue863", "member.name", "张䶮"),
        ("人编号", 3200000000010001, "member.person_no", None),
        ("人编号", 320000000001, "member.person_no", "320000000001"),
        ("耕地面积", "３.5亩", "household.land_arable", 350),
        ("耕地", 3.333333333, "household.land_arable", 333),
        ("住房面积(㎡)", "1,080.25", "household.dwelling_area", 108025),
        ("脱贫年度", "2019年", "household.exited_year", 2019),
        ("脱贫年度", 2019, "household.exited_year", 2019),
        ("脱贫时间", "2019-12", "household.exited_year", 2019),
        ("危房户", "否", "household.dwelling", "S"),
        ("危房户", "是", "household.dwelling", "W"),
        ("危房级别", "C", "household.dwelling", "C"),
        ("自然村", "东沟", "household.group", "东沟"),
        ("其他致贫原因", "缺资金 缺技术", "household.other_causes", ("09", "07")),
        ("人均纯收入", "8432.5", "roster.income_per_head", 843250),
        ("人均纯收入", 5000.005, "roster.income_per_head", 500001),
        ("联系电话", 13900000001, "household.phone", "13900000001"),
        ("备注", "=1+1", "household.note", "=1+1"),
    ],
)
def test_the_ways_people_write_a_value(read, people, as_table, heading, cell, path, value):
    roster = read(as_table([people("320000000001", 0, **{heading: cell})]))
    if value is None and heading == "人编号":
        assert "lost its last digits" in reasons(roster)[0][2]
        return
    assert roster.rejected == ()
    scope, name = path.split(".")
    household = roster.households[0]
    part = {"household": household.values, "member": household.rows[0].member, "roster": household.context}[scope]
    assert part[name] == value
    assert type(part[name]) is type(value)


@pytest.mark.parametrize(
    ("heading", "cell", "says"),
    [
        ("出生日期", "2015-02-30", "not a date"),
        ("出生日期", 2015, "not a date"),
        ("出生日期", "1815-02-03", "1815"),
        ("出生日期", "nan", "not a date"),
        ("出生日期", "1e999", "not a date"),
        ("是否低保", "也许", "是 or 否"),
        ("务工时间(月)", "13", "between 0 and 12"),
        ("务工时间(月)", "一年", "whole number"),
        ("耕地", "约三亩", "two decimals"),
        ("耕地", "1.234", "two decimals"),
        ("耕地", "1e999999999", "two decimals"),
        ("脱贫年度", "去年", "not a year"),
        ("民族", "2", "民族"),
        ("其他致贫原因", "因病 因残 因学", "at most 2"),
        ("残疾等级", "五级", "1、2、3、4"),
        ("备注", "长" * 3000, "longer than"),
    ],
)
def test_values_that_are_refused_with_their_row(read, two_households, as_table, heading, cell, says):
    rows = [{**row, heading: cell if place == 3 else row.get(heading, "")} for place, row in enumerate(two_households)]
    roster = read(as_table(rows))
    assert [(row, column) for row, column, _ in reasons(roster)] == [(5, heading)]
    assert says in reasons(roster)[0][2]
    assert len(roster.rows) == 3


def test_a_grade_goes_before_a_yes(read, people, as_table):
    roster = read(as_table([people("320000000001", 0, 危房户="是", 危房级别="D级")]))
    assert roster.households[0].values["dwelling"] == "D"


def test_contradictions_with_the_number_are_remarked_and_kept(read, two_households, as_table):
    rows = [{**row, "性别": "男", "出生日期": "1971-01-01"} for row in two_households]
    roster = read(as_table(rows))
    assert {row.member["birth"] for row in roster.rows} == {date(1971, 1, 1)}
    notes = " ".join(map(str, roster.notes))
    assert "The birth date contradicts the ID number; it was taken as written: 4" in notes
    assert "The sex contradicts the ID number; it was taken as written: 2 (lines 2, 4)" in notes


def test_provisional_numbers_and_private_characters_are_remarked(read, people, as_table):
    number = "999999197001010010"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    number = number[:17] + "10X98765432"[sum(int(a) * b for a, b in zip(number[:17], weights, strict=True)) % 11]
    roster = read(as_table([people("320000000001", 0, 证件号码=number, 姓名="张\uf8ff", 人数="1")]))
    assert len(roster.rows) == 1
    assert [str(note)[:16] for note in roster.notes] == ["Provisional ID n", "Names hold chara"]


def test_the_calendar_of_1904(tmp_path, fields, codes, people, as_table):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in as_table([people("320000000001", 0, 出生日期=40602)]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert read_roster(tmp_path / "a.xlsx", fields, codes, year=2020).rows[0].member["birth"] == date(2015, 3, 1)


def test_a_list_of_households(read):
    roster = read([["户编号", "耕地面积", "网格"], ["1", "3", "甲"], ["2", "4", ""], ["1", "5", ""]])
    assert roster.kind == "households"
    assert [household.values for household in roster.households] == [
        {"no": "1", "land_arable": 300, "extra": (("网格", "甲"),)},
        {"no": "2", "land_arable": 400, "extra": ()},
    ]
    assert [row.member for row in roster.rows] == [None, None]
    assert [(row, column) for row, column, _ in reasons(roster)] == [(4, "户编号")]


def test_a_mapping_file_goes_before_the_dictionary(read, tmp_path, fields, two_households, as_table):
    path = tmp_path / "mine.toml"
    path.write_text(
        'ignore = ["备注"]\n[columns]\n"户内编码" = "member.person_no"\n"门牌" = "household.address"\n'
        '[values."健康状况"]\n"偏瘫" = "残疾"\n"好" = "健康"\n',
        "utf-8",
    )
    rows = [
        {("户内编码" if key == "人编号" else key): value for key, value in row.items()}
        | {"门牌": "3号", "备注": "x", "健康状况": "偏瘫"}
        for row in two_households
    ]
    roster = read(as_table(rows), mapping=mappings.load(path, fields))
    assert member(roster)["person_no"] == "32000000000100"
    assert member(roster)["health"] == ("04",)
    assert roster.households[0].values["address"] == "3号"
    assert "note" not in roster.households[0].values


def test_a_mapping_file_may_name_the_heading_row(read, two_households, as_table):
    mapping = mappings.ColumnMapping(header_row=8)
    assert len(read([["户编号", "姓名"]] * 7 + as_table(two_households), mapping=mapping).rows) == 4


def test_several_sheets(tmp_path, fields, codes, two_households, as_table):
    book = openpyxl.Workbook()
    for title, rows in (
        ("一村", as_table(two_households[:2])),
        ("说明", [["看这里"]]),
        ("二村", as_table(two_households[2:])),
    ):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    roster = read_roster(tmp_path / "a.xlsx", fields, codes, year=2020)
    assert [row.sheet for row in roster.rows] == ["一村", "一村", "二村", "二村"]
    assert [str(note) for note in roster.notes] == ["The sheet “说明” is no roster and was not read."]


def test_headings_without_rows_are_an_empty_roster(read, two_households, as_table):
    roster = read(as_table(two_households)[:1])
    assert (roster.households, roster.rejected, roster.lines) == ((), (), 0)


def test_the_garbage_collector_runs_again_afterwards(read, two_households, as_table):
    read(as_table(two_households))
    assert gc.isenabled()
    with pytest.raises(Refused):
        read(as_table(two_households, ["户编号", "姓名"]))
    assert gc.isenabled()


def test_it_can_be_cancelled(tmp_path, fields, codes, two_households, as_table, as_xlsx):
    def stop(done: int, total: int) -> None:
        raise Cancelled

    (tmp_path / "a.xlsx").write_bytes(as_xlsx(as_table(two_households)))
    with pytest.raises(Cancelled):
        read_roster(tmp_path / "a.xlsx", fields, codes, year=2020, step=stop)


def test_the_days_excel_invented_in_1900_become_row_errors_or_real_days(tmp_path, fields, codes, people, as_table):
    """Excel knows a 0 January and a 29 February of 1900; an empty date cell that holds 0 is shown as the former."""
    rows = as_table([people(f"32000000000{n}", 0, 出生日期=0) for n in range(3)])
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    column = rows[0].index("出生日期") + 1
    for line, days in enumerate((0, 60, 42064), 2):
        book.active.cell(line, column, days).number_format = "yyyy-mm-dd"
    book.save(tmp_path / "a.xlsx")
    roster = read_roster(tmp_path / "a.xlsx", fields, codes, year=2020)
    assert [str(one.reason) for one in roster.rejected if one.row == 2] == [
        "this is not a date; write it as 2015-03-01"
    ]
    assert {row.line: row.member["birth"] for row in roster.rows} == {3: date(1900, 2, 28), 4: date(2015, 3, 1)}

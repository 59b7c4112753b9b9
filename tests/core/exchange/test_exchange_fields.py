"""The field dictionary: complete, unambiguous, and strict about its file."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Unreadable
from villagedesk.exchange import mapping
from villagedesk.exchange.fields import load_fields
from villagedesk.exchange.registers import load_register, read_register, register_names
from villagedesk.policy.codes import load_codes

NOT_COLUMNS = {"id", "revision", "members", "extra"}
LIST_26 = [
    "县",
    "乡",
    "行政村",
    "自然村",
    "户编号",
    "人编号",
    "姓名",
    "证件号码",
    "人数",
    "与户主关系",
    "民族",
    "文化程度",
    "在校生状况",
    "健康状况",
    "劳动技能",
    "务工状况",
    "务工时间(月)",
    "参加大病医疗",
    "脱贫属性",
    "贫困户属性",
    "主要致贫原因",
    "危房户",
    "饮水安全",
    "饮水困难",
    "人均纯收入",
    "联系电话",
]
LIST_47 = [
    "省",
    "市",
    "县",
    "乡",
    "村",
    "户编号",
    "人口编号",
    "姓名",
    "性别",
    "出生日期",
    "证件类型",
    "证件号码",
    "民族",
    "户联系电话",
    "成员联系电话",
    "年度",
    "与户主关系",
    "文化程度",
    "在校生状况",
    "劳动技能",
    "务工时间（月）",
    "健康状况",
    "政治面貌",
    "务工企业名称",
    "是否享受低保",
    "是否参加城镇职工基本养老保险",
    "是否参加大病保险",
    "是否参加新型农村合作医疗（城乡居民基本医疗保险）",
    "是否参加城乡居民基本养老保险",
    "失学或辍学原因",
    "是否会讲普通话",
    "是否参加商业补充医疗保险",
    "是否国外务工",
    "产业分类",
    "是否接受大病医疗救助",
    "是否接受其他健康扶贫",
    "公益性岗位类型",
    "公益性岗位(月数)",
    "就业渠道",
    "残疾类别",
    "务工所在地",
    "户主姓名",
    "户主证件号码",
    "是否参加城镇职工基本医疗保险",
    "是否特困供养人员",
    "残疾证办证年度",
    "识别标准",
]


@pytest.mark.parametrize(("scope", "draft"), [("household", HouseholdDraft), ("member", MemberDraft)])
def test_every_field_of_the_drafts_is_in_the_dictionary(fields, scope, draft):
    wanted = {field.name for field in dataclasses.fields(draft)} - NOT_COLUMNS
    listed = {field.name for field in fields.fields.values() if field.scope == scope and not field.fills}
    assert listed == wanted


def test_code_fields_name_lists_that_exist(fields):
    lists = load_codes().lists
    assert [field.path for field in fields.fields.values() if field.code_list and field.code_list not in lists] == []


def test_words_of_columns_are_words_of_their_lists(fields):
    codes = load_codes()
    for field in fields.fields.values():
        if field.code_list:
            assert all(codes.code(field.code_list, word) or not word for word in field.words.values()), field.path


@pytest.mark.parametrize(("headings", "known"), [(LIST_26, 26), (LIST_47, 42)])
def test_the_lists_of_the_state_system_need_no_mapping(fields, headings, known):
    """All of the 26; of the 47 two are dropped, two kept unread, one ignored."""
    assert len(set(headings)) == (26 if known == 26 else 47)
    found = [fields.find(heading) for heading in headings]
    assert len({field.path for field in found if field}) == known


def test_headings_are_found_however_they_are_written(fields):
    for heading in ("务工时间（月）", "务工时间(月)", " 务工\n时间 （月） ", "*务工时间", "AAB012", "aab012"):
        assert fields.find(heading).path == "member.work_months"


def test_columns_that_are_left_out_have_a_reason(fields):
    for heading in ("政治面貌", "开户银行", "银行账号", "宗教信仰", "疾病名称", "经度", "是否国外务工", "是否双女户"):
        assert fields.find(heading) is None
        assert fields.drop_reason(heading) is not None, heading
    assert fields.drop_reason("产业分类") is None


TWICE = """
[member.a]
label = "姓名"
tier = "T0"
type = "name"
source = "x"
[member.b]
label = "姓 名"
tier = "T0"
type = "name"
source = "x"
"""


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ('[member.name]\nlabel="姓名"\ntier="T9"\ntype="name"\nsource="x"', "member.name.tier", "T0, T1, T2"),
        ('[member.name]\nlabel="姓名"\ntier="T0"\ntype="colour"\nsource="x"', "member.name.type", "colour"),
        ('[member.name]\nlabel="姓名"\ntier="T0"\ntype="name"\nsource="x"\ntire="T0"', "member.name.tire", "unknown"),
        ('[member.name]\ntier="T0"\ntype="name"\nsource="x"', "member.name.label", "text"),
        (TWICE, "member.b", "another field"),
        ('[member.a]\nlabel="甲"\ntier="T0"\ntype="name"\nsource="x"\nfills="b"', "member.a.fills", "“b”"),
        ('[kinds]\npersons=["member.nobody"]', "kinds.persons", "nobody"),
        ('[[dropped]]\nreason="whim"', "dropped.reason", "whim"),
        ("dropped=1", "dropped", "list"),
        ("x = [", "x", "line 1: "),
    ],
)
def test_a_broken_dictionary_is_refused_by_file_key_and_reason(tmp_path, text, key, reason):
    path = tmp_path / "fields.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable) as caught:
        load_fields(path)
    sentence = caught.value.text.render("en")
    assert sentence.startswith(f"fields.toml, {key}: ")
    assert reason in sentence


def test_registers_are_the_lists_that_are_asked_for():
    assert [column.heading for column in load_register("persons-26").columns] == LIST_26
    headings = [column.heading.replace("(", "（").replace(")", "）") for column in load_register("persons-47").columns]
    assert headings == [heading.replace("(", "（").replace(")", "）") for heading in LIST_47]
    assert set(register_names()) == {"findings", "households", "members", "persons-26", "persons-47"}


def test_a_register_with_a_field_of_nobody_is_refused(tmp_path, fields):
    path = tmp_path / "x.toml"
    path.write_text('title="x"\nrows="members"\nsource="x"\ncolumns=[{field="member.soul",heading="x"}]', "utf-8")
    with pytest.raises(Unreadable) as caught:
        read_register(path, fields)
    assert "member.soul" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[columns]\n"甲"="member.soul"', "member.soul"),
        ("[colums]", "colums"),
        ("header_row=0", "header_row"),
        ("ignore=1", "ignore"),
        ("[values]\nx=1", "values.x"),
        ("\0", "line 1: "),
    ],
)
def test_a_broken_mapping_file_is_refused(tmp_path, fields, text, says):
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(Unreadable) as caught:
        mapping.load(path, fields)
    assert says in caught.value.text.render("en")


def test_a_mapping_file_that_is_no_text_or_not_there_is_refused(tmp_path, fields):
    (tmp_path / "gbk.toml").write_bytes('[columns]\n"户号"="household.no"'.encode("gb18030"))
    for name in ("gbk.toml", "none.toml"):
        with pytest.raises(Unreadable):
            mapping.load(Path(tmp_path, name), fields)

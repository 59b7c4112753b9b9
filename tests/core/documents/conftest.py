"""Sheets of every paper kind with generated people; ID numbers belong to no county that ever was (000000)."""

import dataclasses
from datetime import UTC, date, datetime

import pytest

from villagedesk import text
from villagedesk.documents.papers import load_papers
from villagedesk.documents.sheet import Sheet, Stamp

TERMS = {
    "household_word": "低收入农户",
    "person_word": "低收入人口",
    "exit_word": "脱贫",
    "exited_household_word": "脱贫低收入农户",
    "planned_exit_household_word": "拟脱贫低收入农户",
    "plan_word": "一户一策帮扶计划",
    "card_word": "帮扶明白卡",
    "measure_word": "帮扶措施",
    "income_word": "人均可支配收入",
    "signoff_word": "五签字五确认",
    "village_word": "经济薄弱村",
    "village_exit_word": "达标",
    "team_word": "驻村工作队",
    "team_leader_word": "驻村工作队队长",
}
STAMP = Stamp(
    "0198f3c2a1b27c3d8e4f5a6b7c8d9e0f", "公示〔2019〕3号", date(2019, 11, 20), datetime(2019, 11, 21, 2, 30, tzinfo=UTC)
)
NAMES = ("王㛃", "䶮国强", "𬭎志远", "阿卜杜拉·买买提", "欧阳建国", "张伟", "李秀英", "赵垚", "吴喆")
PLACE = {
    "village": "沙洲村",
    "group": "第三村民小组",
    "household_no": "00000000031",
    "head": "阿卜杜拉·买买提",
    "size": "5",
}
HOTLINE = {"hotline_label": "扶贫监督举报电话", "hotline": "12317"}


def notice_rows(count: int) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (str(n + 1), f"第{n % 9 + 1}村民小组", NAMES[n % len(NAMES)], str(n % 6 + 1), "2019", "") for n in range(count)
    )


def notice(count: int = 12, **fields: str) -> Sheet:
    words = {
        "village": "柳树湾镇沙洲村",
        "year": "2019",
        "basis": "《关于做好低收入农户脱贫认定工作的通知》（某办发〔2019〕12号）",
        "procedure": "农户申请、入户核实、收入测算、民主评议、村“两委”和驻村工作队核实、户主认可",
        "households": str(count),
        "persons": str(sum(n % 6 + 1 for n in range(count))),
        "start": "2019年11月21日",
        "end": "2019年11月27日",
        "days": "7",
        "objection_place": "村党群服务中心一楼",
        "objection_phone": "0000-0000101",
        "supervision_phone": "0000-0000202",
        **HOTLINE,
        "issuer": "沙洲村村民委员会",
        "date": "2019年11月21日",
        "leave_out_note": "",
        **fields,
    }
    return Sheet("exit_notice", words, {"households": notice_rows(count)}, STAMP)


def announcement() -> Sheet:
    words = {
        "village": "柳树湾镇沙洲村", "year": "2019", "notice_no": "公示〔2019〕3号", "start": "2019年11月21日",
        "end": "2019年11月27日", "approval": "柳树湾镇人民政府", "approval_no": "柳政发〔2019〕30号",
        "approval_date": "2019年12月9日", "households": "9", "persons": "31", **HOTLINE, "phone": "0000-0000101",
        "issuer": "柳树湾镇人民政府", "date": "2019年12月10日", "leave_out_note": "另有1户经镇批准不在公告中列出。",
    }  # fmt: skip
    return Sheet("exit_announcement", words, {"households": notice_rows(9)}, STAMP)


def exit_record() -> Sheet:
    words = {
        **PLACE, "phone": "0000-0000303", "identified_year": "2016", "cause": "缺技术", "year": "2019",
        "visited_on": "2019年10月12日", "visitors": "李秀英、赵垚",
        "facts": "全家五口人，两人在县城做工，一人在小学读书。承包地六亩二分，三间砖房2017年翻修，自来水入户。",
        "income_period": "2018年10月1日至2019年9月30日", "income_total": "52360.00", "income_cost": "8120.00",
        "income_net": "44240.00", "income_head": "8848.00", "income_line": "6000.00", "income_result": "达到",
        "income_note": "务工收入按工资单，小麦、玉米按卖粮单。", "evaluated_on": "2019年11月2日",
        "evaluation": "应到36人，实到31人，同意29票，不同意1票，弃权1票", "evaluation_opinion": "同意列入名单",
        "answer": "认可", "answer_on": "2019年11月5日", "notice_no": "公示〔2019〕3号",
        "notice_span": "自2019年11月21日起至2019年11月27日止", "township_opinion": "", "approved_on": "",
        "approval_no": "", "remarks": "",
    }  # fmt: skip
    rows = (
        ("1", "年人均可支配收入达到当年标准", "见收入测算表，人均8848.00元", "达标", "2019-10-12"),
        ("2", "不愁吃、不愁穿", "粮食、衣被齐全，自来水入户，水质合格", "达标", "2019-10-12"),
        ("3", "义务教育有保障", "一名孩子在读小学，未辍学", "达标", "2019-10-12"),
        ("4", "基本医疗有保障", "五人均参加城乡居民基本医疗保险", "达标", "2019-10-12"),
        ("5", "住房安全有保障", "三间砖房，2017年翻修，鉴定为B级", "达标", "2019-10-12"),
    )
    return Sheet("exit_record", words, {"criteria": rows}, STAMP)


def income_sheet() -> Sheet:
    words = {
        **PLACE, "year": "2019", "period": "2018-10至2019-9", "total": "52360.00", "cost": "8120.00",
        "net": "44240.00", "head_amount": "8848.00", "line": "6000.00", "line_source": "（苏办 2018年10月14日 一）",
        "comparison": "8848.00 元比 6000.00 元高 2848.00 元，达到标准", "note": "",
    }  # fmt: skip
    income = (
        ("工资性收入", "务工（儿子）", "每月3200元×10个月", "工资单", "32000.00"),
        ("工资性收入", "村级公益岗", "每月500元×12个月", "银行流水", "6000.00"),
        ("生产经营性收入", "种植小麦、玉米", "小麦2400斤×1.15元＋玉米5000斤×0.92元", "卖粮单", "7360.00"),
        ("财产性收入", "土地流转", "2亩×900元", "合同", "1800.00"),
        ("转移性收入", "基础养老金", "每月148元×12个月×2人，另补发1648元", "存折", "5200.00"),
    )
    costs = (("种植", "种子、化肥、农药、机耕", "收据", "6120.00"), ("养殖", "鸡苗、饲料", "口述", "2000.00"))
    return Sheet("income_sheet", words, {"income": income, "costs": costs}, STAMP)


ITEMS = ("家庭人口情况", "收入测算结果", "两不愁三保障情况", "帮扶措施落实情况", "同意脱贫")
ROLES = ("户主", "结对帮扶责任人", "村民小组长", "村党组织书记", "驻村工作队队长")


def signoff_sheet(mode: str = "diagonal") -> Sheet:
    statements = {
        "diagonal": ITEMS,
        "chain": ("本户认可", "本组认可", "本村认可", "工作队认可", "本镇认可"),
        "matrix": ("□人口　□收入　□保障　□措施　□同意脱贫",) * 5,
    }[mode]
    words = {
        **PLACE,
        "year": "2019",
        "matter": "2019年度脱贫认定",
        "in_place": "不得代签、补签、空签；",
        "items_note": "",
    }
    items = tuple((str(n), item, "入户核查表、收入测算表", "属实") for n, item in enumerate(ITEMS, 1))
    signers = tuple(zip(ROLES, statements, strict=True))
    return Sheet("signoff_sheet", words, {"items": items, "signers": signers}, STAMP)


def plan_sheet(members: int = 5) -> Sheet:
    words = {
        **PLACE, "phone": "", "span": "2019年度", "version": "1", "main_cause": "缺技术", "other_causes": "缺资金",
        "needs": "想学大棚种植，缺启动的钱。", "goals": "全年人均收入超过七千元。", "livelihood": "两亩大棚番茄",
        "refused": "不参加土地整片流转。", "rights": "", "responsible": "赵垚", "amount_total": "23000.00",
    }  # fmt: skip
    people = tuple((NAMES[n % 9], "之子", str(20 + n), "普通劳动力", "县外省内务工8个月") for n in range(members))
    wishes = (("买买提·艾力", "外出务工", "有条件", "农闲时可以去，包吃住才去", "2019-2-10"),)
    measures = (
        ("1", "产业", "搭建两亩大棚，请镇农技员到户教三次", "全家", "赵垚", "18000.00", "2019-4-30", "同意"),
        ("2", "就业创业", "推荐到镇服装厂做缝纫工", "本人", "李秀英", "0.00", "2019-6-30", "□同意\n□不要"),
        ("3", "教育", "发放小学生生活补助", "孙女", "村委会", "5000.00", "2019-9-30", "□同意\n□不要"),
    )
    return Sheet("plan_sheet", words, {"members": people, "wishes": wishes, "measures": measures}, STAMP)


def card() -> Sheet:
    words = {
        "village": "沙洲村", "household_no": "00000000031", "head": "阿卜杜拉·买买提", "size": "5", "year": "2019",
        "helper": "赵垚", "helper_phone": "0000-0000404", "team_phone": "0000-0000505", **HOTLINE,
        "amount_total": "14360.00",
    }  # fmt: skip
    benefits = (
        ("村级公益岗", "本人", "6000.00"),
        ("土地流转", "全家", "1800.00"),
        ("小学生生活补助", "孙女", "1250.00"),
        ("基础养老金", "父母", "5310.00"),
    )
    return Sheet("card", words, {"benefits": benefits}, STAMP)


def household_file(members: int = 5, number: int = 31) -> Sheet:
    blank = load_papers()["household_file"].blank
    words = {
        **dict.fromkeys(blank, ""), **PLACE, "household_no": f"{number:011d}", "identified_year": "2016",
        "standard": "省定标准", "main_cause": "缺技术", "land_arable": "6.20", "relocated": "否", "dwelling": "安全",
        "dwelling_area": "96.00", "kind": "一般", "state": "未脱贫", "toilet": "有", "water_safe": "是",
    }  # fmt: skip
    people = tuple(
        (str(n + 1), NAMES[n % 9], "之子" if n else "本人或户主", "男", f"00000019{60 + n}0101001X", "初中", "", "健康")
        for n in range(members)
    )  # fmt: skip
    work = tuple(
        (str(n + 1), NAMES[n % 9], "普通劳动力", "县外省内", "8", "", "居民医保", "居民养老") for n in range(members)
    )
    return Sheet("household_file", words, {"members": people, "work": work}, STAMP)


def evaluation_minutes() -> Sheet:
    words = {
        "village": "沙洲村", "year": "2019", "matter": "2019年度拟脱贫低收入农户名单", "held_on": "2019年11月2日",
        "place": "村党群服务中心二楼会议室", "chair": "吴喆", "recorder": "李秀英", "due": "36", "present": "31",
        "quorum": "应到36人，实到31人，超过三分之二，可以开会", "withdrew": "张伟与第5户有亲属关系，表决时回避。",
        "minutes": "逐户介绍收入测算和入户核实情况，代表逐户发表意见后举手表决。",
    }  # fmt: skip
    votes = tuple((str(n + 1), f"第{n % 9 + 1}村民小组", NAMES[n % 9], "29", "1", "1", "通过") for n in range(8))
    names = tuple((str(n), NAMES[n % 9], "", str(n + 16), NAMES[(n + 3) % 9], "") for n in range(1, 16))
    return Sheet("evaluation_minutes", words, {"votes": votes, "attendance": names}, STAMP)


def long_minutes() -> Sheet:
    """Two lists that each run over several pages, so that each has a page count of its own."""
    sheet = evaluation_minutes()
    return dataclasses.replace(sheet, tables={name: rows * 12 for name, rows in sheet.tables.items()})


def recovery_sheet() -> Sheet:
    words = {
        "village": "沙洲村", "device": "工作队一号电脑", "made_on": "2019年1月8日",
        "key": "K7QF-M2XA 9TRD-LW4C HB3N-ZP8E VY6G-J5SU K7QF-M2XB 9TRD-LW4D HB3N-ZP8F VY6G-J5SV",
        "key_code": "K7QFM2XA9TRDLW4CHB3NZP8EVY6GJ5SUK7QFM2XB9TRDLW4DHB3NZP8FVY6GJ5SV", "fingerprint": "QF-3N",
    }  # fmt: skip
    return Sheet("recovery_sheet", words, {}, STAMP)


def evidence_catalogue() -> Sheet:
    words = {
        "shelf_mark": "032-JF-2019-07-0031", "village": "沙洲村", "household_no": "00000000031", "retention": "30年",
        "head": "阿卜杜拉·买买提", "count": "4", "pages": "11", "compiled_on": "2020年1月10日",
    }  # fmt: skip
    rows = (
        ("1", "", "驻村工作队", "家庭信息采集表", "20190212", "1", ""),
        ("2", "", "驻村工作队", "收入测算表", "20191012", "4", ""),
        ("3", "公示〔2019〕3号", "沙洲村村民委员会", "关于2019年度拟脱贫低收入农户名单的公示", "20191121", "6", ""),
        (
            "4",
            "柳政发〔2019〕30号",
            "柳树湾镇人民政府",
            "关于同意沙洲村低收入农户脱贫的批复",
            "20191209",
            "9",
            "复印件",
        ),
    )
    return Sheet("evidence_catalogue", words, {"papers": rows}, STAMP)


def blank_household_form() -> Sheet:
    empty = {
        name: (("",) * len(columns),) * 7 for name, columns in load_papers()["blank_household_form"].tables.items()
    }
    asked = (
        ("户编号", "", "村民小组", "", "联系电话", ""),
        ("户属性", "□一般　□低保", "军烈属", "□是　□否", "家庭住址", ""),
    )
    tables = empty | {"household": asked, "living": asked}
    return Sheet("blank_household_form", {"village": "沙洲村", "codes": "性别：1男 2女"}, tables, STAMP)


def labelled(kind: str) -> Sheet:
    """A paper whose fields say their own labels, and whose tables have two rows."""
    paper = load_papers()[kind]
    tables = {
        name: tuple(tuple(_cell(column, n) for column in columns) for n in (1, 2))
        for name, columns in paper.tables.items()
    }
    return Sheet(kind, dict(paper.fields), tables, STAMP)


def _cell(column, number: int) -> str:
    """The length of a bar is a number; every other cell says its heading."""
    return str(number) if column.key == "share" and column.heading == "长度" else f"{column.heading}{number}"


@pytest.fixture(scope="session")
def terms() -> dict[str, str]:
    return TERMS


@pytest.fixture(scope="session")
def samples() -> dict[str, Sheet]:
    """One sheet of every paper kind, by key."""
    kinds = (notice, announcement, exit_record, income_sheet, signoff_sheet, plan_sheet, card, household_file,
             evaluation_minutes, recovery_sheet, evidence_catalogue, blank_household_form)  # fmt: skip
    sheets = [kind() for kind in kinds]
    told = {sheet.paper for sheet in sheets}
    sheets += [labelled(kind) for kind in load_papers() if kind not in told]
    return {sheet.paper: sheet for sheet in sheets}


@pytest.fixture(scope="session")
def make_notice():
    return notice


@pytest.fixture(scope="session")
def make_long_minutes():
    return long_minutes


@pytest.fixture(scope="session")
def make_household_file():
    return household_file


@pytest.fixture(scope="session")
def make_signoff():
    return signoff_sheet


@pytest.fixture(scope="session")
def make_plan():
    return plan_sheet


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in their source language."""
    before = text.language()
    text.use("en")
    yield
    text.use(before)

"""Examples of the rules H01–H27 and I01–I17."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.core.checks.examples import bad, good
from tests.core.checks.sound import LINES, MEASURES, income, neighbour, sound, village, wish
from villagedesk.drafts.exit import CheckDraft
from villagedesk.drafts.household import IncomeDraft, IncomeLineDraft
from villagedesk.drafts.plan import MeasureDraft
from villagedesk.drafts.team import PairingDraft, VisitDraft

MOVED = {"relocated": True, "relocation_way": "01", "settlement": "01"}
WISHED = {"wishes": (wish(kind="02", answer="1"),)}
LOOKED_AT = {"context": {"parameters": {"H29": {"on": True}}}}
HOUSING = {"context": {"families": {"housing": frozenset({"housing"})}}}
FULL_COVER = {"context": {"parameters": {"H22": {"on": True}}}}
COVERED = {"pension_resident": True, "pension_paid_by_state": True}
EXITED = {"exited_year": 2019, "state": "1"}
GONE = {"left_reason": "01", "left_on": date(2020, 2, 1)}


def statement(*lines: tuple[str, int, int | None], **values: object) -> IncomeDraft:
    """A statement of (item, fen, month) lines."""
    return replace(income(**values), lines=tuple(IncomeLineDraft(*line) for line in lines))


def measure(**values: object) -> MeasureDraft:
    return replace(MeasureDraft(id="m9", state="active"), **values)


HOUSE_DECLINED = measure(category="housing", content="危房改造", state="declined")
TAXED = statement(("wage.work", 2_440_000, None), taxes_and_dues=20_000, gifts_out=10_000)

HOUSEHOLD = (
    bad("H01", "members", head={"relation": "99"}),
    bad("H01", "son:relation", son={"relation": "01"}),
    good("H01", mother={"relation": "01", **GONE}),
    bad("H02", "mother:relation", mother={"relation": "02"}),
    good("H02", wife=GONE, mother={"relation": "02"}),
    bad("H03", "wife:sex", wife={"sex": "1"}),
    good("H03", wife={"sex": ""}),
    bad("H04", "members", only="head", head=GONE),
    bad("H04", "income.persons", statement={"persons": 5}),
    good("H04", mother=GONE, statement={"persons": 4}),
    bad("H05", "son:relation", only="son", son={"relation": "01"}),
    good("H05", only="son", son={"relation": "01", "birth": date(2004, 6, 15)}),
    bad("H06", "main_cause", household={"main_cause": ""}),
    bad("H06", "other_causes", household={"other_causes": ("03", "04", "05")}),
    bad("H06", "other_causes", household={"other_causes": ("01",)}),
    good("H06", household={"other_causes": ("03", "04")}),
    bad("H07", "main_cause", mother={"health": ("01",)}),
    good("H07", mother={"health": ("03",)}),
    bad("H08", "main_cause", household={"other_causes": ("02",)}),
    good("H08", household={"other_causes": ("02",)}, mother={"health": ("04",)}),
    bad("H09", "main_cause", son={"schooling": "01"}),
    good("H09", son={"schooling": "01"}, household={"other_causes": ()}),
    bad("H10", "main_cause", household={"main_cause": "08"}),
    bad("H10", "main_cause", household={"main_cause": "08"}, only="head son mother"),
    good("H10", household={"main_cause": "08"}, wife={"labour": "04"}),
    bad("H11", "dwelling", household={"dwelling": ""}),
    bad("H11", "water_safe", household={"water_safe": None}),
    good("H11", household={"water_safe": False, "land_arable": 0}),
    bad("H12", "land_arable", household={"land_arable": 10_001}),
    bad("H12", "land_forest", household={"land_forest": -1}),
    good("H12", household={"land_arable": 10_000, "land_forest": 20_000}),
    bad("H13", "road_distance", household={"road_distance": 501}),
    good("H13", household={"road_distance": 500}),
    bad("H14", "dwelling", household={"dwelling": "W"}),
    bad("H14", "exit.checks", household={"dwelling": "D"}, exit={}),
    good("H14", household={"dwelling": "D"}, exit={"checks": (CheckDraft("housing", "unmet"),)}),
    good("H14", household={"dwelling": "D"}, exit={"state": "returned"}),
    bad("H15", "dwelling_area", household={"dwelling_area": 999}),
    bad("H15", "relocation_area", household={"relocation_area": 10_001}),
    good("H15", household={"dwelling_area": 50_000, "relocation_area": 10_000}),
    bad("H16", "relocated", household={"settlement": "01"}),
    bad("H16", "relocation_way", household={"relocated": True, "settlement": "01"}, **WISHED),
    bad("H16", "relocated", household=MOVED, wishes=(wish(kind="02", answer="2"),)),
    good("H16", household=MOVED, **WISHED),
    bad("H17", "members", household=MOVED, head={"work_months": 5}),
    good("H17", household=MOVED, head={"work_months": 3, "post_months": 3}),
    bad("H18", "pairings", pairings=()),
    bad("H18", "pairings", pairings=(PairingDraft(starts_on=date(2019, 1, 1), ends_on=date(2020, 6, 14)),)),
    good("H18", pairings=(PairingDraft(starts_on=date(2020, 6, 15), ends_on=date(2020, 6, 15)),)),
    bad("H19", "pairings", village(*(neighbour(number) for number in range(2, 8)))),
    good("H19", village(*(neighbour(number) for number in range(2, 7)))),
    bad("H20", "members", only="mother", mother={"relation": "01"}),
    good("H20", only="mother", mother={"relation": "01", "dibao": True}),
    good("H20", only="mother", mother={"relation": "01", "labour": ""}),
    bad("H21", "mother:dibao", mother={"disability_grade": "2", "disability_class": "1"}),
    bad("H21", "mother:dibao", mother={"disability_grade": "3", "disability_class": "6"}),
    good("H21", mother={"disability_grade": "3", "disability_class": "4"}),
    bad("H22", "wife:pension_paid_by_state", **FULL_COVER, head=COVERED),
    bad("H22", "wife:medical_resident", **FULL_COVER, head=COVERED, wife={**COVERED, "medical_resident": False}),
    good("H22", **FULL_COVER, head=COVERED, wife=COVERED),
    good("H22", **FULL_COVER, household=EXITED),
    good("H22"),
    bad("H23", "address", village(sound(), neighbour(2), sound(household={"id": "h3", "no": "0003"}))),
    bad("H23", "phone", village(sound(household={"phone": "1"}), neighbour(2, household={"phone": "1"}))),
    good("H23", village(sound(household={"phone": "1"}), neighbour(2, household={"group": "二组", "phone": "2"}))),
    bad("H24", "kind", household={"kind": "02"}),
    bad("H24", "kind", mother={"dibao": True}),
    good("H24", household={"kind": "02"}, mother={"dibao": True}),
    good("H24", household={"kind": "22"}, mother={"dibao": True}),
    bad("H25", "visits", visits=()),
    bad("H25", "visits", visits=(VisitDraft(visited_on=date(2020, 3, 16)), VisitDraft(visited_on=date(2019, 1, 1)))),
    bad("H25", "visits", household={"monitoring_class": "1"}, visits=(VisitDraft(visited_on=date(2020, 5, 14)),)),
    good("H25", household={"monitoring_class": "1"}, visits=(VisitDraft(visited_on=date(2020, 5, 15)),)),
    good("H25", visits=(VisitDraft(visited_on=date(2019, 1, 1)), VisitDraft(visited_on=date(2020, 3, 17)))),
    bad("H26", "plan.measures", household=EXITED, measures=(measure(state="done", done_on=date(2019, 12, 1)),)),
    good("H26", household=EXITED, measures=(measure(state="done", done_on=date(2020, 1, 1)),)),
    good("H26", household=EXITED, measures=(measure(state="done", done_on=date(2019, 12, 1)), measure())),
    bad("H27", "income.lines", household=EXITED, last={**LINES, "transfer.dibao": 240_000}),
    good("H27", household=EXITED, last={**LINES, "transfer.dibao": 240_000}, lines={"transfer.dibao": 100_000}),
    good("H27", household={"exited_year": 2017}, last={**LINES, "transfer.dibao": 240_000}),
)

INCOME = (
    bad("I01", "income.persons", statement={"persons": 0}),
    bad("I01", "income.lines", incomes=(statement(("wage.work", 100, None), ("wage.work", 100, 3), persons=4),)),
    good("I01", incomes=(statement(("wage.work", 100, 2), ("wage.work", 100, 3), ("wage.picking", 5, None)),)),
    bad("I02", "income.lines", lines={"wage.work": -1}),
    good("I02", lines={"business.crops": -1}),
    bad("I03", "income.lines", lines={"wage.work": 9_999}),
    good("I03", lines={"wage.work": 10_000}),
    good("I03", lines={"wage.work": 0}),
    bad("I04", "income.lines", head={"work_months": None, "work_area": "", "work_place": ""}),
    bad("I04", "income.lines", lines={"wage.work": None}),
    good("I04", lines={"wage.work": None}, head={"work_months": 0, "work_area": "", "work_place": ""}),
    bad("I05", "income.lines", lines={"business.crops": None}),
    bad("H29", "dwelling_checked_on", household={"dwelling_checked_on": date(2019, 6, 14)}, **LOOKED_AT),
    bad("H29", "dwelling_checked_on", household={"dwelling_checked_on": None}, **LOOKED_AT),
    good("H29", household={"dwelling_checked_on": None}),
    good("H29", household={"dwelling_checked_on": date(2019, 6, 16)}, **LOOKED_AT),
    bad("H30", "plan.measures", household={"dwelling": "D"}),
    bad("H30", "plan.measures", household={"dwelling": "C"}, measures=(HOUSE_DECLINED,), **HOUSING),
    good("H30", household={"dwelling": "C"}, measures=(replace(HOUSE_DECLINED, state="planned"),), **HOUSING),
    good("H30", household={"dwelling": "B"}),
    bad("I19", "income.lines", household={"land_returned": 2_00}, lines={"transfer.eco_returned": None}),
    good("I19", household={"land_returned": 2_00}, lines={"transfer.eco_returned": 100}),
    good("I19", household={"land_returned": 0}, lines={"transfer.eco_returned": None}),
    bad("I05", "income.lines", lines={"cost.crops": 523_041}),
    good("I05", lines={"cost.crops": 523_040}),
    bad("I06", "income.lines", mother={"dibao": True}),
    bad("I06", "income.lines", lines={"transfer.dibao": 100}),
    bad("I06", "income.lines", wife={"tekun": True}),
    bad("I06", "income.lines", only="head wife son"),
    good("I06", mother={"dibao": True}, lines={"transfer.dibao": 100}),
    bad("I07", "income.lines", lines={"transfer.pension": None}),
    good("I07", lines={"transfer.pension": None}, mother={"pension_resident": False}),
    bad("I08", "income.lines", last={"wage.work": 2_500_000}),
    bad("I08", "income.lines", last={"wage.work": 8_000_000}),
    good("I08", last={"wage.work": 2_600_000}),
    good("I08", last={"wage.work": 0}),
    bad("I09", "income.lines", household={"monitoring_class": "1"}, lines={"wage.work": 9_000_000}),
    good("I09", lines={"wage.work": 9_000_000}),
    good("I09", household={"monitoring_class": "1"}),
    bad("I10", "income.lines", incomes=(statement(("a.a", 50_000, 1), ("a.b", 1_200_000, 1), ("a.c", 50_000, 1)),)),
    bad("I10", "income.lines", incomes=(statement(("wage.work", 2_420_000, None), persons=4),)),
    bad("I10", "income.lines", incomes=(TAXED,), context={"concept": "disposable"}),
    good("I10", incomes=(TAXED,)),
    good("I10", incomes=(statement(("wage.work", 2_420_001, None), persons=4),)),
    good("I10", incomes=(statement(("wage.work", 2_400_000, None), persons=4),)),
    good("I10", incomes=(statement(("a.a", 50_000, 1), ("a.b", 1_200_000, 1), ("a.c", 50_100, 1)),)),
    bad("I11", "income.lines", exit={}, lines={"transfer.soil": 3_600_000}),
    good("I11", exit={}, lines={"transfer.soil": 3_500_000}),
    good("I11", lines={"transfer.soil": 3_600_000}),
    bad("I12", "income.period", statement={"period": "october"}),
    bad("I12", "income.starts_on", statement={"starts_on": date(2019, 1, 1), "ends_on": date(2019, 12, 30)}),
    good("I12", statement={"starts_on": date(2019, 1, 1), "ends_on": date(2019, 12, 31)}),
    good(
        "I12",
        statement={"period": "october", "starts_on": date(2018, 10, 1), "ends_on": date(2019, 9, 30)},
        context={"period": "october"},
    ),
    bad("I13", "income.lines", incomes=(statement(("wage.work", 1, 11)),)),
    bad("I13", "income.lines", incomes=(statement(("wage.work", 1, 4), year=2020),)),
    good("I13", incomes=(statement(("wage.work", 1, 5), year=2020),)),
    good("I13", incomes=(statement(("wage.work", 1, None)),)),
    good("I13", incomes=(statement(("wage.work", 1, 1), year=2020),), context={"today": date(2020, 1, 20)}),
    good("I13", incomes=(statement(("wage.work", 1, 1), year=2021),)),
    bad(
        "I14",
        "income.lines",
        incomes=(replace(income(), lines=(IncomeLineDraft("transfer.other", 1, note="护林员工资"),)),),
    ),
    good("I14", incomes=(replace(income(), lines=(IncomeLineDraft("wage.post_village", 1, note="护林员工资"),)),)),
    bad("I18", "income.hospital_refunded", statement={"hospital_costs": 10_000_00, "hospital_refunded": 7_999_99}),
    good("I18", statement={"hospital_costs": 10_000_00, "hospital_refunded": 8_000_00}),
    good("I18"),
    bad("I15", "income.medical_paid", household={"monitoring_class": "1"}),
    good("I15", household={"monitoring_class": "1"}, statement={"medical_paid": 100}),
    good("I15", household={"monitoring_class": "1", "main_cause": "04"}),
    bad(
        "I16", "income.lines", measures=(measure(category="dibao"),), lines={"transfer.pension": 0, "transfer.soil": 0}
    ),
    bad("I16", "income.lines", measures=(measure(content="公益性岗位"),), lines={"wage.work": None}),
    good(
        "I16", measures=(measure(category="dibao", state="planned"),), lines={"transfer.pension": 0, "transfer.soil": 0}
    ),
    bad("I17", "income.lines", lines={"business.crops": None}),
    good("I17", lines={"business.crops": None}, measures=MEASURES[1:]),
)

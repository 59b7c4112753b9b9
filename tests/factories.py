"""Drafts that are valid unless a test says otherwise; every argument replaces a field.

``make_member(sex="2")`` gives a woman with a woman's ID number; nobody made here can exist (area codes 19xxxx).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from villagedesk.demo.numbers import id_number
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, IncomeLineDraft, MemberDraft

YEAR = 2019
VILLAGE = "321324111213"
HOUSEHOLD_NO = f"{VILLAGE[4:]}0001"


def make_id_number(birth: date, sex: str = "1", place: int = 7) -> str:
    """A valid ID number; another ``place`` (0 to 499) is another person born on the same day."""
    return id_number("190101", birth, place, male=sex == "1")


def make_member(**over: Any) -> MemberDraft:
    """The head of a household: a healthy man of 44 who works nine months of the year."""
    birth = over.get("birth", date(1975, 3, 15))
    facts: dict[str, Any] = {
        "person_no": f"{HOUSEHOLD_NO}01",
        "name": "王建国",
        "relation": "01",
        "sex": "1",
        "birth": birth,
        "ethnic": "汉族",
        "education": "03",
        "health": ("01",),
        "labour": "01",
        "work_area": "03",
        "work_place": "江苏省昆山市",
        "work_months": 9,
        "medical_resident": True,
        "medical_worker": False,
        "medical_serious": True,
        "medical_aid": False,
        "medical_commercial": False,
        "pension_resident": True,
        "pension_worker": False,
        "pension_paid_by_state": True,
        "dibao": False,
        "tekun": False,
        **over,
    }
    if "id_number" not in facts and birth is not None:
        facts["id_number"] = make_id_number(birth, facts["sex"])
    return MemberDraft(**facts)


def make_child(**over: Any) -> MemberDraft:
    """A daughter of ten at primary school."""
    return make_member(**{
        "person_no": f"{HOUSEHOLD_NO}03", "name": "王思琪", "relation": "04", "sex": "2", "birth": date(2009, 5, 20),
        "education": "", "schooling": "03", "labour": "04", "work_area": "", "work_place": "", "work_months": None,
        "pension_resident": False, "pension_paid_by_state": False, **over,
    })  # fmt: skip


def make_spouse(**over: Any) -> MemberDraft:
    """The head's wife, who works on the farm."""
    return make_member(**{
        "person_no": f"{HOUSEHOLD_NO}02", "name": "李秀芳", "relation": "02", "sex": "2", "birth": date(1977, 8, 2),
        "work_area": "", "work_place": "", "work_months": None, **over,
    })  # fmt: skip


def make_household(**over: Any) -> HouseholdDraft:
    """Husband, wife and daughter in a safe house with safe water, whose exit is planned for :data:`YEAR`."""
    facts: dict[str, Any] = {
        "no": HOUSEHOLD_NO,
        "group": "一组",
        "address": "一组1号",
        "phone": "15400000001",
        "kind": "01",
        "state": "0",
        "standard": "2",
        "support_class": "01",
        "identified_year": 2016,
        "planned_exit_year": YEAR,
        "main_cause": "07",
        "dwelling": "B",
        "dwelling_checked_on": date(YEAR, 5, 10),
        "dwelling_area": 96_00,
        "water_safe": True,
        "water_hard": False,
        "power_home": True,
        "power_work": True,
        "broadcast": True,
        "toilet": True,
        "fuel": "04",
        "entry_road": "03",
        "road_distance": 80,
        "land_arable": 4_60,
        "land_irrigated": 2_00,
        "land_forest": 0,
        "land_returned": 0,
        "land_orchard": 0,
        "land_pasture": 0,
        "land_water": 0,
        "food_secure": True,
        "clothes_secure": True,
        "relocated": False,
        "members": (make_member(), make_spouse(), make_child()),
        **over,
    }
    return HouseholdDraft(**facts)


def make_income(**over: Any) -> IncomeDraft:
    """The statement of :data:`YEAR` for three persons: 27,123.45 yuan, 9,041.15 a head."""
    facts: dict[str, Any] = {
        "year": YEAR,
        "starts_on": date(YEAR, 1, 1),
        "ends_on": date(YEAR, 12, 31),
        "persons": 3,
        "lines": (
            make_line("wage.work", 24_310_00, note="王建国务工9个月", evidence="银行卡工资流水"),
            make_line("business.crops", 4_186_00),
            make_line("transfer.soil", 309_45),
            make_line("cost.crops", 1_682_00),
        ),
        "reckoned_on": date(YEAR, 11, 8),
        "reckoned_by": "周敏",
        **over,
    }
    return IncomeDraft(**facts)


def make_line(item: str = "wage.work", amount: int = 1_234_00, **over: Any) -> IncomeLineDraft:
    """One line of a statement, ``amount`` in fen."""
    return IncomeLineDraft(item, amount, **over)

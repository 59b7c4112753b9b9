"""The household file as it is being edited: one frozen value a form (DOMAIN §4.2 A–C, E).

Field names are the same in the draft, the record, the roster columns and the findings. Codes are the keys of the code
lists in ``resources/policy/codes.toml`` (the list's name stands behind each field); ``None`` or "" means "not asked
yet", which is different from "no". The fields DOMAIN §8.3 leaves out do not exist here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

Notes = tuple[tuple[str, str], ...]
"""Field and what is to be known of its value, one note a field."""


def noted(notes: Notes, name: str, text: str) -> Notes:
    """The notes with ``text`` on the field ``name``; "" takes the note off."""
    kept = {**dict(notes), name: text.strip()}
    return tuple((field, note) for field, note in kept.items() if note)


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A household member (block B). ``id`` is "" until first saved."""

    id: str = ""
    person_no: str = ""  # 人口编号 of the state system
    name: str = ""
    relation: str = ""  # relation: code list 与户主关系; "01" is the head
    sex: str = ""  # sex: 1 男, 2 女
    birth: date | None = None
    id_kind: str = "01"  # id_kind
    id_number: str = ""  # tier T2; disability certificates have 20 or 22 digits
    ethnic: str = ""  # the word of GB/T 3304, only because the state form asks for it
    phone: str = ""  # T2
    education: str = ""  # education
    schooling: str = ""  # schooling; "" or "01": not a student
    dropout_reason: str = ""  # dropout_reason
    health: tuple[str, ...] = ()  # health, several
    disability_class: str = ""  # disability_class, T3
    disability_grade: str = ""  # "1".."4", T3
    disability_year: int | None = None  # 残疾证办证年度, T3
    care: tuple[str, ...] = ()  # care: who needs a neighbour's eye (XJ-10.6, SZ-2.8.3, JS-2.3), T3
    labour: str = ""  # labour
    work_area: str = ""  # work_area
    work_place: str = ""  # county, never finer (§8.4)
    work_months: int | None = None  # 0..12 in the data year
    employer: str = ""
    post_kind: str = ""  # 公益性岗位类型, a word
    post_months: int | None = None
    job_channel: str = ""  # 就业渠道, a word
    jobs: tuple[tuple[str, str, str, str], ...] = ()  # job_kind, where, first day, last day or ""
    medical_resident: bool | None = None  # 城乡居民基本医疗保险
    medical_worker: bool | None = None  # 城镇职工基本医疗保险
    medical_serious: bool | None = None  # 大病保险
    medical_aid: bool | None = None  # 大病医疗救助
    medical_commercial: bool | None = None  # 商业补充医疗保险
    pension_resident: bool | None = None  # 城乡居民基本养老保险
    pension_worker: bool | None = None  # 城镇职工基本养老保险
    pension_paid_by_state: bool | None = None  # 政府代缴 (N-6.1, JS-3.7.1)
    accident_insured: bool | None = None  # 人身意外险补贴
    dibao: bool | None = None  # 低保
    tekun: bool | None = None  # 特困供养
    mandarin: bool | None = None  # 普通话
    serving: bool | None = None  # 现役军人
    family_doctor: bool | None = None  # 家庭医生签约
    left_on: date | None = None  # day the member left the household file (death, marriage out, moved)
    left_reason: str = ""  # member_out
    joined_on: date | None = None
    joined_reason: str = ""  # member_in
    note: str = ""
    field_notes: tuple[tuple[str, str], ...] = ()  # field and what is to be known of its value; office only
    extra: tuple[tuple[str, str], ...] = ()  # unknown roster columns, kept as they came


@dataclass(frozen=True, slots=True)
class HouseholdDraft:
    """A household file. ``id`` is "" and ``revision`` 0 until first saved."""

    id: str = ""
    revision: int = 0
    no: str = ""  # 户编号
    support_no: str = ""  # 扶持证号 (XJ-3.1: one household, one certificate)
    group: str = ""  # 村民小组 (or 自然村)
    address: str = ""  # within the village
    phone: str = ""  # T2
    kind: str = ""  # household_kind: 户属性
    state: str = ""  # poverty_state: 脱贫属性
    standard: str = ""  # standard: 识别标准
    support_class: str = ""  # support_class: 扶贫开发对象 / 保障兜底对象 (JS-1.3.2)
    monitoring_class: str = ""  # monitoring_class
    identified_year: int | None = None
    planned_exit_year: int | None = None  # XJ-4.1
    exited_year: int | None = None
    returned_year: int | None = None  # 返贫
    main_cause: str = ""  # cause: 主要致贫原因, one
    other_causes: tuple[str, ...] = ()  # cause, at most two
    cause_note: str = ""
    unexited_reason: str = ""  # unexited_reason: 未脱贫原因
    service_family: bool | None = None  # 军烈属
    dwelling: str = ""  # housing: 住房安全
    dwelling_checked_on: date | None = None
    dwelling_area: int | None = None  # hundredths of m²
    dwelling_repaired_year: int | None = None
    water_safe: bool | None = None
    water_hard: bool | None = None  # 饮水困难
    power_home: bool | None = None  # 生活用电
    power_work: bool | None = None  # 生产用电
    broadcast: bool | None = None  # 广播电视
    toilet: bool | None = None  # 卫生厕所
    fuel: str = ""  # fuel
    entry_road: str = ""  # entry_road
    road_distance: int | None = None  # hundredths of km to the village's main road
    land_arable: int | None = None  # hundredths of mu, as the other land fields
    land_irrigated: int | None = None
    land_forest: int | None = None
    land_returned: int | None = None  # 退耕还林
    land_orchard: int | None = None
    land_pasture: int | None = None
    land_water: int | None = None
    cooperative: bool | None = None  # 加入农民专业合作组织
    enterprise_led: bool | None = None  # 龙头企业带动
    leader_led: bool | None = None  # 创业致富带头人带动
    food_secure: bool | None = None  # 不愁吃
    clothes_secure: bool | None = None  # 不愁穿
    relocated: bool | None = None  # 易地扶贫搬迁户
    relocation_way: str = ""  # relocation_way
    settlement: str = ""  # settlement: 安置方式
    settlement_area: str = ""  # settlement_area: 安置地
    settlement_place: str = ""  # name or address of the settlement
    relocation_hardship: str = ""  # 可能存在的困难, in plain words
    relocation_area: int | None = None  # hundredths of m²
    old_house_down: bool | None = None
    moved_in_on: date | None = None
    published: bool = True  # False: 个案不公示, with the township's reason in the note
    removed_reason: str = ""  # household_out, when the file is closed
    note: str = ""
    field_notes: tuple[tuple[str, str], ...] = ()  # field and what is to be known of its value; office only
    members: tuple[MemberDraft, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def living(self) -> tuple[MemberDraft, ...]:
        """The members who belong to the household now: the head-count of every per-head figure."""
        return tuple(member for member in self.members if member.left_on is None)

    @property
    def head(self) -> MemberDraft | None:
        """The head of the household (relation 01), None while nobody or more than one is marked so."""
        heads = [member for member in self.living if member.relation == "01"]
        return heads[0] if len(heads) == 1 else None


@dataclass(frozen=True, slots=True)
class IncomeLineDraft:
    """One line of an income statement: an item of the pack's income tree, in fen."""

    item: str = ""  # income item code, e.g. "wage.work"; cost items start with "cost."
    amount: int = 0  # fen
    month: int | None = None  # 1..12 on a monthly card, None for the whole period
    note: str = ""  # 说明: how it was reckoned
    evidence: str = ""  # what was seen: payslip, bank slip, sale bill


@dataclass(frozen=True, slots=True)
class IncomeDraft:
    """An income statement of one household and period (DOMAIN §4.3)."""

    id: str = ""
    revision: int = 0
    household_id: str = ""
    year: int = 0  # the year it counts for
    period: str = "calendar"  # calendar | october | last12
    starts_on: date | None = None
    ends_on: date | None = None
    persons: int = 0  # head-count it is divided by
    lines: tuple[IncomeLineDraft, ...] = field(default=())
    claims: int = 0  # 理赔收入, fen (monitoring reference value only)
    medical_paid: int = 0  # 合规自付支出, fen (monitoring reference value only)
    hospital_costs: int = 0  # 住院合规费用 of the year, fen; costs only, never whose or for what (§8.3)
    hospital_refunded: int = 0  # of it reimbursed, fen
    taxes_and_dues: int = 0  # fen, taken off for 人均可支配收入
    gifts_out: int = 0  # fen, taken off for 人均可支配收入
    reckoned_on: date | None = None
    reckoned_by: str = ""
    locked_on: date | None = None  # the household signed it; changes need an unlock with reason
    note: str = ""

"""Packs: schema, inheritance, sources and marks, what is left out by design."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from villagedesk import resources
from villagedesk.errors import Refused, Unreadable
from villagedesk.policy.profile import check_file, load_profile, profiles

FOLDER = resources.path("policy")
PACKS = ("national-2018", "xinjiang-2016", "shangzhou-2020", "guangdong-2016", "jiangsu-2018")
ALL = (*PACKS, "post-2021")
SOURCED = 'source = "P6"\n'


def pack(tmp_path: Path, body: str, head: str = "") -> Path:
    file = tmp_path / "mine-2019.toml"
    base = f'[pack]\nid="mine-2019"\ntitle="我的"\nversion=1\nlevel="county"\ninherits="jiangsu-2018"\n{head}'
    file.write_text(base + body, "utf-8")
    return file


def reasons(file: Path) -> str:
    return "\n".join(problem.text.render("en") for problem in check_file(file))


EXAMPLE = """
[examples.one]
title="x"
year=2019
day=2019-11-20
household={}
members=[]
expect={income="unknown"}
"""


@pytest.mark.parametrize("name", [*ALL, "common"])
def test_shipped_packs_are_sound_and_their_examples_come_out(name):
    assert check_file(FOLDER / f"{name}.toml") == ()


def test_the_list_of_packs_leaves_out_what_is_only_inherited():
    rows = {row.id: row for row in profiles()}
    assert set(rows) == set(ALL)
    assert rows["post-2021"].overlay
    assert not rows["jiangsu-2018"].overlay
    assert all(row.unconfirmed and row.unverified for row in rows.values())


def test_sections_of_a_profile():
    jiangsu = load_profile("jiangsu-2018")
    assert jiangsu.terms.household == "低收入农户"
    assert jiangsu.terms.committee == "村民委员会"  # inherited
    assert jiangsu.income.lines["2019"] == 600_000
    assert "2013" not in jiangsu.income.lines  # replaced, not mixed
    assert jiangsu.village_exit["collective"].amount == 18_000_000
    assert next(iter(jiangsu.household_exit)) == "income"
    assert jiangsu.signoff.name == "五签字五确认"
    assert jiangsu.notices["exit"].stages["village"].days == 7
    assert jiangsu.codes.word("household_kind", "01") == "一般低收入农户"


def test_every_value_has_its_evidence():
    jiangsu = load_profile("jiangsu-2018")
    assert jiangsu.mark("income.lines.2019").source == "JS-1.2.1"
    assert jiangsu.mark("income.lines.2019").verified
    assert jiangsu.mark("signoff.name").source == "JS-8.4"
    preset = jiangsu.mark("signoff.preset")
    assert (preset.verified, preset.must_confirm_by) == (False, "township")
    assert not load_profile("national-2018").mark("income.lines.2018").verified
    assert all(mark.source for mark in jiangsu.marks.values())


def test_the_township_settles_open_points():
    jiangsu = load_profile("jiangsu-2018")
    paths = {point.path for point in jiangsu.unconfirmed}
    assert {"signoff.preset", "notices.exit.stages.village.days"} <= paths
    point = next(point for point in jiangsu.unconfirmed if point.path == "notices.exit.stages.village.days")
    assert (point.value, point.by) == (7, "township")
    settled = load_profile("jiangsu-2018", settled={"signoff.preset": "C", "notices.exit.stages.village.days": None})
    assert settled.signoff.preset == "C"
    assert settled.notices["exit"].stages["village"].days == 7
    assert {point.path for point in settled.unconfirmed} == paths - {
        "signoff.preset",
        "notices.exit.stages.village.days",
    }
    assert settled.mark("signoff.preset").source == "U"
    for path, value in (("signoff.nothing", "C"), ("signoff.nothing", None), ("a.b", None), ("signoff.preset", "Z")):
        with pytest.raises(Refused) as refused:
            load_profile("jiangsu-2018", settled={path: value})
        assert path in refused.value.problems[0].text.render("en")
    assert load_profile("jiangsu-2018", settled={"income.lines.2021": 6500_00}).income.lines["2021"] == 6500_00


def test_the_township_can_enter_its_own_reading_of_the_signoff():
    own = {
        "title": "三人",
        "mode": "full",
        "roles": {"household": {"title": "户主", "level": "household"}},
        "items": {"exit": {"text": "同意"}},
    }
    profile = load_profile("jiangsu-2018", settled={"signoff.presets.B": own, "signoff.preset": "B"})
    assert profile.signoff.presets["B"].roles["household"].title == "户主"


def test_the_overlay_lies_over_any_profile():
    both = load_profile("jiangsu-2018+post-2021")
    assert both.id == "jiangsu-2018+post-2021"
    assert both.terms.household == "低收入农户"
    assert both.terms.monitored_household == "监测对象"
    assert both.monitoring.provinces["52"]["2023"] == 730_000
    assert both.notices["monitoring_in"].stages["village"].days == 5
    with pytest.raises(Refused):
        load_profile("jiangsu-2018+guangdong-2016")
    with pytest.raises(Refused, match="profiles"):
        load_profile("../jiangsu-2018")


def test_left_out_by_design():
    for name in ALL:
        text = (FOLDER / f"{name}.toml").read_text("utf-8")
        for word in ("宗教", "去极端", "五个认同", "政治可靠", "思想评", "引领"):
            assert word not in text
    xinjiang = load_profile("xinjiang-2016")
    assert not xinjiang.measures["culture"].for_household
    assert set(xinjiang.targets) == {"persons", "persons_by_path", "villages", "counties"}  # no quota of transfers
    for name in PACKS:
        profile = load_profile(name)
        for category in profile.measures.values():
            if "relocation" in category.families:
                assert "02" in category.wishes
            if "employment" in category.families and category.for_household and not name.startswith("post"):
                assert "01" in category.wishes
        assert profile.wishes["01"].askers == 2
        assert profile.wishes["01"].cooling_days == 7
        assert profile.wishes["01"].min_age == 18


def test_released_packs_are_never_edited():
    released = tomllib.loads((FOLDER / "released.toml").read_text("utf-8"))["released"]
    for name, digest in released.items():
        assert hashlib.sha256((FOLDER / f"{name}.toml").read_bytes()).hexdigest() == digest, name


def test_a_sound_pack_of_a_new_province_needs_no_code(tmp_path):
    body = f"[terms]\n{SOURCED}household='困难户'\n[income.lines]\n{SOURCED}2019=5000_00\n{EXAMPLE}"
    assert reasons(pack(tmp_path, body)) == ""
    profile = load_profile("mine-2019", tmp_path)
    assert (profile.terms.household, profile.income.lines["2019"]) == ("困难户", 500_000)
    assert profile.mark("income.lines.2018").source == "JS-1.2.1"


@pytest.mark.parametrize(
    ("body", "key", "reason"),
    [
        ("[terms]\nhousehold='x'\n", "terms.household", "no source is given"),
        (f"[terms]\n{SOURCED}household=5\n", "terms.household", "it must be text"),
        (f"[terms]\n{SOURCED}houshold='x'\n", "terms.houshold", "not known here"),
        ("[terms]\nsource='P999'\nhousehold='x'\n", "terms", "not in sources.toml"),
        ("[terms]\nsource='G'\nhousehold='x'\n", "terms.household", "verified = false"),
        (f"[income.lines]\n{SOURCED}2019=5000.5\n", "income.lines.2019", "whole number"),
        (f"[income.lines]\n{SOURCED}last=5000_00\n", "income.lines.last", "it must be a year"),
        (f"[income]\n{SOURCED}concept='gross'\n", "income.concept", "one of net, disposable"),
        (f"[income.items]\n{SOURCED}'gift.x'='x'\n", "income.items", "“gift” does not exist"),
        (f"[quorum]\n{SOURCED}present=[2]\n", "quorum.present", "list of 2 values"),
        (f"[measures.x]\n{SOURCED}title='x'\ncauses='01'\n", "measures.x.causes", "list in square brackets"),
        (f"[signoff]\n{SOURCED}presets=5\n", "signoff.presets", "must be a table"),
        (f"[lookback]\n{SOURCED}from=2020-01-01\nto='x'\nquestions=[]\n", "lookback.to", "must be a date"),
        ("[terms]\nsource=5\n", "terms.source", "source and must_confirm_by are text"),
        (f"[procedures.exit]\n{SOURCED}variant='sideways'\n", "procedures.exit.variant", "“sideways” does not exist"),
        (f"[measures.education]\n{SOURCED}omit=true\n", "measures", "no category answers the causes"),
        (
            f"[household_exit]\n{SOURCED}replace=true\nx={{text='x',rule='water',hard=false}}\n",
            "household_exit",
            "be hard",
        ),
        (f"[signoff.presets.A]\n{SOURCED}items={{replace=true}}\n", "signoff.presets.A", "a required role and an item"),
        ((f"[procedures.exit.states.limbo]\n{SOURCED}title='x'\n[procedures.exit.transitions.stray]\n{SOURCED}"
         "title='x'\nfrom=['planned']\nto='limbo'\nactor='x'\n"), "procedures.exit.states.limbo", "no step leads on"),
        (f"[household_exit.pig]\n{SOURCED}text='x'\nrule='pigs'\n", "household_exit.pig.rule", "“pigs” does not"),
        (f"[household_exit.pig]\n{SOURCED}text='x'\nrule='fact'\nfield='pig'\n", "household_exit.pig.field", "“pig”"),
        (f"[measures.x]\n{SOURCED}title='x'\ncauses=['88']\n", "measures.x.causes", "“88” does not exist"),
        (f"[measures.x]\n{SOURCED}title='x'\nwishes=['77']\n", "measures.x.wishes", "“77” does not exist"),
        (f"[codes_override.colour]\n{SOURCED}01='x'\n", "codes_override", "“colour” does not exist"),
        (f"[signoff]\n{SOURCED}preset='Z'\n", "signoff.preset", "“Z” does not exist"),
        (f"[signoff.blockers.criteria]\n{SOURCED}hard=false\n", "signoff.blockers.criteria", "must be there, on"),
        (f"[signoff.blockers.objections]\n{SOURCED}on=false\n", "signoff.blockers.objections", "must be there"),
        (f"[signoff.presets.A.items.more]\n{SOURCED}text='x'\n", "signoff.presets.A", "as many items as roles"),
        (f"[notices.exit.stages.village]\n{SOURCED}days=0\n", "notices.exit.stages.village.days", "at least one day"),
        (f"[procedures.exit.transitions.mark]\n{SOURCED}guards=[]\n", "procedures.exit.mark.guards", "by “all”"),
        (
            f"[procedures.exit.transitions.short]\n{SOURCED}title='x'\nfrom=['planned']\nto='exited'\nactor='x'\n",
            "procedures.exit.short.guards",
            "guarded by “all”",
        ),
        (f"[procedures.removal.transitions.remove]\n{SOURCED}guards=['approval']\n",
         "procedures.removal.remove.guards", "by “minutes_signed”"),
        (
            f"[procedures.exit.states.limbo]\n{SOURCED}title='x'\n",
            "procedures.exit.states.limbo",
            "no step leads there",
        ),
        (
            f"[procedures.exit.transitions.verify]\n{SOURCED}guards=['luck']\n",
            "procedures.exit.verify.guards",
            "“luck” does not exist",
        ),
        ("[examples.a]\ntitle='x'\nyear='x'\nday=2019-01-01\nhousehold={}\nmembers=[]\nexpect={}\n",
         "examples.a.year", "whole number"),
        (("[examples.a]\ntitle='x'\nyear=2019\nday=2019-01-01\nhousehold={}\nmembers=[]\nexpect={}\n"
         "income={year=2019,persons=1,lines=[{item='gift.x',amount=1}]}\n"), "examples.a", "gift.x"),
        ("[examples.a]\ntitle='x'\nyear=2019\nday=2019-01-01\nhousehold={}\nmembers=[]\nexpect={income='met'}\n",
         "examples.a.expect.income", "but unknown comes out"),
    ],
)  # fmt: skip
def test_a_fault_names_file_key_and_reason(tmp_path, body, key, reason):
    said = reasons(pack(tmp_path, body + ("" if "examples.a" in body else EXAMPLE)))
    assert f"mine-2019.toml, key {key}: " in said
    assert reason in said


def test_all_faults_are_named_not_only_the_first(tmp_path):
    body = f"[terms]\n{SOURCED}household=5\nperson=6\n[income]\n{SOURCED}concept='x'\n{EXAMPLE}"
    assert len(check_file(pack(tmp_path, body))) == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[pack", "line 1: a bracket at the end is missing"),
        ("", "pack: this key is missing"),
        (
            "[pack]\nid='x'\ntitle='x'\nversion=1\nlevel='county'\ninherits='nobody-1999'\n",
            "no policy pack “nobody-1999”",
        ),
        ("[pack]\nid='x'\ntitle='x'\nversion=1\nlevel='county'\ninherits='mine-2019'\n", "inherits from itself"),
        ("pack = 5\n", "pack: it must be a table"),
    ],
)
def test_a_broken_file_is_said_in_one_sentence(tmp_path, text, reason):
    file = tmp_path / "mine-2019.toml"
    file.write_text(text, "utf-8")
    assert reason in reasons(file)


def test_a_pack_without_example_is_not_complete(tmp_path):
    assert "at least one example" in reasons(pack(tmp_path, ""))


def test_binary_rubbish_is_not_a_pack(tmp_path):
    file = tmp_path / "x.toml"
    file.write_bytes(b"\xff\xfe\x00")
    for unread in (file, tmp_path / "absent.toml"):
        with pytest.raises(Unreadable, match="no text file"):
            check_file(unread)


def test_a_broken_pack_of_a_folder_is_unreadable(tmp_path):
    pack(tmp_path, "[terms]\nhousehold='x'\n")
    with pytest.raises(Unreadable, match=r"terms\.household"):
        load_profile("mine-2019", tmp_path)


def test_every_confirmation_names_what_it_rests_on_in_words(tmp_path):
    body = SOURCED.join(("[signoff.presets.A.items.exit]\n", 'text = "同意退出结果"\nevidence = ["phone_call"]\n'))
    assert "signoff.presets.A.items.exit.evidence" in reasons(pack(tmp_path, body))

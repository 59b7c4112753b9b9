"""The table of divisions: whole, keyed by code, searched by name."""

import pytest

from villagedesk import divisions, resources
from villagedesk.errors import Refused, Unavailable


def test_a_village_knows_everything_above_it() -> None:
    village = divisions.village("653121101203")
    assert (village.name, village.township, village.county) == ("萨依村委会", "兰干镇", "疏附县")
    assert (village.city, village.province) == ("喀什地区", "新疆维吾尔自治区")
    assert village.path == "新疆维吾尔自治区喀什地区疏附县兰干镇萨依村委会"


@pytest.mark.parametrize(
    "code",
    [
        "653121101999",
        "990000000000",
        "65312110120",
        "",
        "65312110120x",
        "٦٥٣١٢١١٠١٢٠٣",
        "upper0000000",
        "653121101203\n",
    ],
)
def test_an_unknown_code_is_refused_with_the_remedy(code: str) -> None:
    with pytest.raises(Refused) as refusal:
        divisions.village(code)
    assert "code" in refusal.value.text.source


def test_the_table_is_whole() -> None:
    provinces = divisions.children()
    assert len(provinces) == 31
    counts = [sum(1 for line in divisions._frame(found.code).split("\n") if line) for found in provinces]
    assert sum(counts) == 620_573
    levels = [len(code) for code in divisions._names()]
    assert [levels.count(length) for length in (2, 4, 6, 9)] == [31, 342, 2978, 41352]


def test_every_line_is_twelve_digits_and_a_name_and_stands_in_order() -> None:
    for province in divisions.children():
        lines = divisions._frame(province.code).split("\n")[1:-1]
        assert lines == sorted(lines)
        assert all(line[:12].isdigit() and line[12:] and line[:9] in divisions._names() for line in lines)


def test_a_picker_goes_down_to_the_village_and_finds_it_again() -> None:
    code = ""
    while len(code) < 12:
        code = divisions.children(code)[-1].code
    assert divisions.village(code).code == code
    assert all(found.township == "兰干镇" for found in divisions.children("653121101"))
    assert divisions.children("653121101")[0].code == "653121101200"


def test_no_children_of_an_unknown_place_or_of_a_village() -> None:
    for code in ("99", "653121101203", "6"):
        with pytest.raises(Refused):
            divisions.children(code)


def test_search_keeps_to_the_words_above() -> None:
    found = divisions.search("泗阳 倪东村")
    assert [each.code for each in found] == ["321323103211"]
    assert divisions.search("倪东村", within="3213") == found
    assert divisions.search("倪东村", within="65") == ()
    among = divisions.search("泗阳 东村", limit=500)
    assert len(among) == 2
    assert all(each.county == "泗阳县" for each in among)


@pytest.mark.parametrize(
    "typed",
    [
        "界集镇盛圩",
        "界集盛圩",
        "泗洪界集盛圩",
        "江苏泗洪县界集镇盛圩",
        "江苏省宿迁市泗洪县界集镇盛圩村委会",
        "泗洪界集 盛圩",
    ],
)
@pytest.mark.parametrize("within", ["", "32", "321324"])
def test_words_need_no_blanks_between_them(typed: str, within: str) -> None:
    found = divisions.search(typed, within=within)
    assert [each.path for each in found] == ["江苏省宿迁市泗洪县界集镇盛圩村委会"]
    assert divisions.search(typed, within="65") == ()


def test_what_is_written_together_is_found_once_and_from_above() -> None:
    found = divisions.search("乌鲁木齐天山区")
    assert found[0].path == "新疆维吾尔自治区乌鲁木齐市天山区"
    assert len({each.code for each in found}) == len(found) > 1
    assert divisions.search("没有这个村") == ()


def test_search_by_the_beginning_of_a_code_puts_townships_first() -> None:
    found = divisions.search("653121101")
    assert found[0].name == "兰干镇"
    assert all(each.code.startswith("653121101") for each in found)
    assert len(found) == 1 + len(divisions.children("653121101"))


def test_search_gives_no_more_than_asked_for() -> None:
    assert len(divisions.search("东村", limit=7)) == 7
    assert divisions.search("   ") == ()


def test_the_same_name_twice_in_a_county_stays_two_villages() -> None:
    namesakes = [each for each in divisions.search("孙庄村委会", within="410922") if each.name == "孙庄村委会"]
    assert len({each.code for each in namesakes}) == 2


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("东村村委会", "东村"),
        ("赵庄村民委员会", "赵庄村"),
        ("萨依村委会", "萨依村"),
        ("一连", "一连"),
        ("多福巷社区居委会", "多福巷社区"),
        ("新村居委会", "新村社区"),
    ],
)
def test_the_short_name_is_the_one_papers_use(name: str, place: str) -> None:
    assert divisions.Division("110101001001", name).short_name == place


def test_a_damaged_table_is_told_in_one_sentence(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "11.zst"
    broken.write_bytes(resources.path("divisions", "11.zst").read_bytes()[:1000])
    monkeypatch.setattr(resources, "path", lambda *_: broken)
    divisions._frame.cache_clear()
    with pytest.raises(Unavailable):
        divisions._frame("11")

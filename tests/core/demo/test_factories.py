"""What tests start from is sound itself."""

from tests.factories import YEAR, make_household, make_id_number, make_income, make_member
from villagedesk.demo.earnings import net
from villagedesk.policy.criteria import assess
from villagedesk.policy.profile import load_profile


def test_the_usual_household_meets_every_criterion_of_its_profile() -> None:
    income = make_income()
    found = assess(load_profile("jiangsu-2018"), make_household(), income, YEAR, income.reckoned_on, province="32")
    assert {each.result for each in found} == {"met"}
    assert net(income.lines) == 27_123_45


def test_sex_and_birth_go_into_the_id_number() -> None:
    woman = make_member(sex="2")
    assert woman.id_number == make_id_number(woman.birth, "2") != make_member().id_number
    assert make_member(birth=None).id_number == ""
    assert make_member(id_number="").id_number == ""

"""What the rules know of the profile and the day, besides the files they look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from villagedesk.drafts.plan import MeasureDraft
from villagedesk.policy.checks.catalogue import Catalogue, shipped_catalogue
from villagedesk.policy.income import Line
from villagedesk.policy.pack import Concept, FundRule, VisitRule
from villagedesk.policy.pack_steps import DayKind, DayRules, NoticeStage, QuorumRule, Signer


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What the rules know of the profile and the day; ``policy.checks.context`` makes one from a profile."""

    year: int  # the data year
    today: date
    terms: Mapping[str, str] = field(default_factory=dict)  # scheme words, e.g. household → 低收入农户
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # the pack's [rules.…] tables
    line: Callable[[int], Line | None] = lambda _year: None  # for exit
    monitoring_line: Callable[[int], Line | None] = lambda _year: None
    concept: Concept = "net"
    period: str = ""  # income period of the profile, "" where any is accepted
    items: Mapping[str, str] = field(default_factory=dict)  # income item → its title
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # list → code allowed in the data year → word
    families: Mapping[str, frozenset[str]] = field(default_factory=dict)  # measure category → what it is (rules.toml)
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)  # measure category → causes it answers
    wishes: Callable[[MeasureDraft], tuple[str, ...]] = lambda m: (m.wish_kind,) if m.wish_kind else ()
    """Measure → kinds of wish of which it needs one."""
    signers: tuple[Signer, ...] = ()  # roles of the sign-off scheme, in order
    meeting_first: bool = True  # nobody signs before the evaluation meeting
    given_up: frozenset[str] = frozenset()  # states of an exit case that came to nothing
    housing_criteria: frozenset[str] = frozenset()  # exit criteria about the dwelling
    quorum: QuorumRule = field(default_factory=lambda: QuorumRule((2, 3), (1, 2)))
    notice: NoticeStage | None = None  # how an exit notice hangs
    monitored: frozenset[str] = frozenset()  # states of a monitoring case under watch
    monitoring_days: int = 0  # from clue to recognition, 0 where the profile has no monitoring
    monitoring_day_kind: DayKind = "natural"
    monitoring_notice: int = 0  # days on the board
    days: DayRules = field(default_factory=DayRules)
    visits: Mapping[str, VisitRule] = field(default_factory=dict)  # who has to come how often
    funds: Mapping[str, FundRule] = field(default_factory=dict)  # money by fixed shares or instalments
    catalogue: Catalogue = field(default_factory=shipped_catalogue)

    def allowed(self, code_list: str, code: str) -> bool:
        """Whether the code list of the data year has this code; an unknown list allows everything."""
        codes = self.codes.get(code_list)
        return codes is None or code in codes

    def word(self, code_list: str, code: str) -> str:
        """The word of a code, the code itself where it is unknown."""
        return self.codes.get(code_list, {}).get(code, code)

    def term(self, key: str) -> str:
        """The scheme's word, or the plain key where the profile has none."""
        return self.terms.get(key, key)

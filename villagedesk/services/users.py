"""Who may open a desk, each by a passphrase of his own, and what his role lets him do (DOMAIN §8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from villagedesk.errors import Problem, Refused
from villagedesk.store import vault
from villagedesk.store.place import ROLES as ROLES_SETTING
from villagedesk.store.place import Place
from villagedesk.store.wraps import STANDARD, Cost
from villagedesk.text import say
from villagedesk.values import halfwidth

LEADER, MEMBER, CADRE, TOWNSHIP = "leader", "member", "cadre", "township"
ROLES = (LEADER, MEMBER, CADRE, TOWNSHIP)
FOUNDER = vault.DEFAULT_USER
"""The name at the door of whoever set the desk up."""

SHORTEST = 8
"""Signs of a passphrase."""

MANAGE, WRITE, READ_RESTRICTED = "manage", "write", "read_restricted"

_MAY: Mapping[str, frozenset[str]] = MappingProxyType({
    LEADER: frozenset({MANAGE, WRITE, READ_RESTRICTED}),
    MEMBER: frozenset({WRITE, READ_RESTRICTED}),
    CADRE: frozenset(),
    TOWNSHIP: frozenset({READ_RESTRICTED}),
})  # fmt: skip


NOT_YOURS = say("Your role does not allow this. Ask the team leader.")


@dataclass(frozen=True)
class User:
    """A person with a passphrase. ``here``: the one at the keyboard."""

    name: str
    role: str
    here: bool


class Users:
    """The people of one desk. Roles lie encrypted in the desk; names stand in the clear at the door."""

    def __init__(self, place: Place, cost: Cost = STANDARD) -> None:
        self._place = place
        self._cost = cost

    @property
    def folder(self) -> Path:
        """The desk's folder."""
        return self._place.folder

    def all(self) -> tuple[User, ...]:
        """Everybody with a passphrase, in order of entry."""
        roles = self._roles()
        return tuple(User(name, roles.get(name, LEADER), name == self._place.user) for name in vault.users(self._vault))

    def me(self) -> User:
        """Who opened the desk. Whoever founded it leads until roles are given."""
        return User(self._place.user, self._roles().get(self._place.user, LEADER), here=True)

    def may(self, what: str) -> bool:
        """Whether the person at the keyboard may ``manage`` people, ``write``, or ``read_restricted`` (tiers 2, 3)."""
        return what in _MAY[self.me().role]

    def demand(self, what: str) -> None:
        """Raise Refused unless :meth:`may`."""
        if not self.may(what):
            raise Refused(NOT_YOURS)

    def add(self, name: str, role: str, passphrase: str) -> None:
        """Let one more person in. Raises Refused: not the leader, name taken, weak passphrase, unknown role."""
        self.demand(MANAGE)
        self._demand_role(role)
        refuse_weak(passphrase)
        vault.add_user(self._vault, self._place.key, name, passphrase, cost=self._cost)
        self._keep_roles({**self._roles(), name: role})

    def set_role(self, name: str, role: str) -> None:
        """Give a person another role. One leader always stays."""
        self.demand(MANAGE)
        self._demand_role(role)
        self._demand_leader_besides(name, role)
        self._keep_roles({**self._roles(), name: role})

    def remove(self, name: str) -> None:
        """Take a person's way in. Copies of the desk that he carried off still open to him: see the threat model."""
        self.demand(MANAGE)
        self._demand_leader_besides(name)
        vault.remove_user(self._vault, name)
        self._keep_roles({who: role for who, role in self._roles().items() if who != name})

    def prove(self, passphrase: str) -> None:
        """Let the person at the keyboard prove who he is. Raises Unreadable when the passphrase is wrong."""
        vault.open_vault(self._vault, passphrase, user=self._place.user)

    def change_passphrase(self, old: str, new: str) -> None:
        """Change one's own passphrase. Raises Unreadable when ``old`` is wrong, Refused when ``new`` is weak."""
        refuse_weak(new)
        vault.change_passphrase(self._vault, old, new, user=self._place.user, cost=self._cost)

    def reset_passphrase(self, name: str, new: str) -> None:
        """Give somebody who forgot it a new passphrase."""
        self.demand(MANAGE)
        refuse_weak(new)
        if name not in vault.users(self._vault):
            raise Refused(say("Nobody here is called “{user}”.", user=name))
        vault.set_passphrase(self._vault, self._place.key, name, new, cost=self._cost)

    def renew_recovery_key(self) -> str:
        """A new recovery key to print; the old sheet opens nothing any more."""
        self.demand(MANAGE)
        return vault.renew_recovery(self._vault, self._place.key)

    @property
    def _vault(self) -> Path:
        return self._place.folder / vault.VAULT_NAME

    def _roles(self) -> dict[str, str]:
        return dict(self._place.store.setting(ROLES_SETTING, {}))

    def _keep_roles(self, roles: Mapping[str, str]) -> None:
        self._place.store.keep_setting(ROLES_SETTING, dict(roles))

    def _demand_role(self, role: str) -> None:
        if role not in ROLES:
            raise Refused([Problem(say("Choose a role."), "role")])

    def _demand_leader_besides(self, name: str, role: str = "") -> None:
        if role != LEADER and not any(user.role == LEADER for user in self.all() if user.name != name):
            raise Refused(say("“{user}” is the only leader. Make another person leader first.", user=name))


def refuse_weak(passphrase: str) -> None:
    """Raise Refused for a passphrase that is shorter than eight signs or one sign over and over."""
    said = halfwidth(passphrase)
    if len(said) < SHORTEST or len(set(said)) < 3:
        raise Refused(
            [Problem(say("A passphrase has at least {count} signs: a short sentence is best.", count=SHORTEST),
                     "passphrase")]
        )  # fmt: skip


def let_in_again(folder: Path, recovery_key: str, new: str, *, user: str = "", cost: Cost = STANDARD) -> str:
    """Give ``user`` (or the first one) a new passphrase by the recovery sheet; returns his name.

    Nothing else changes and the sheet stays valid. Raises Unreadable (mistyped, another desk's) or Refused (weak).
    """
    refuse_weak(new)
    path = folder / vault.VAULT_NAME
    key = vault.open_with_recovery(path, recovery_key)
    names = vault.users(path)
    name = user or next(iter(names), vault.DEFAULT_USER)
    if user and user not in names:
        raise Refused(say("Nobody here is called “{user}”.", user=user))
    vault.set_passphrase(path, key, name, new, cost=cost)
    return name

"""By what a business system is up: a tree of checks, each group k of n."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from opspact.core.errors import BadExpression
from opspact.core.words import N_

MAX_DEPTH = 16


@dataclass(frozen=True)
class Expression:
    """Either one check (`code`) or `need` out of the group `of`: all is n of n, any is 1 of n."""

    code: str = ""
    need: int = 0
    of: tuple["Expression", ...] = ()

    @classmethod
    def parse(cls, data: object) -> "Expression":
        """Read `{"check": code}`, `{"all": [...]}`, `{"any": [...]}` or `{"k": 2, "of": [...]}`, nested.

        Raises BadExpression with the path of the offending element, such as `$.all[1].k`.
        """
        return _parse(data, "$", 0)

    def codes(self) -> set[str]:
        """The codes of all checks in the tree."""
        return set(self._leaves())

    def to_json(self) -> dict[str, Any]:
        """What `parse` reads back as an equal expression."""
        if self.code:
            return {"check": self.code}
        members = [member.to_json() for member in self.of]
        if self.need == len(members):
            return {"all": members}
        return {"any": members} if self.need == 1 else {"k": self.need, "of": members}

    def _leaves(self) -> Iterator[str]:
        if self.code:
            yield self.code
        for member in self.of:
            yield from member._leaves()


def _parse(data: object, path: str, depth: int) -> Expression:
    if depth > MAX_DEPTH:
        raise BadExpression(path=path, reason=N_("nested too deeply"))
    if not isinstance(data, dict):
        raise BadExpression(path=path, reason=N_("expected an object"))
    keys = set(data)
    if keys == {"check"}:
        code = data["check"]
        if not isinstance(code, str) or not code.strip():
            raise BadExpression(path=f"{path}.check", reason=N_("expected the code of a check"))
        return Expression(code=code)
    if keys == {"all"}:
        members = _members(data["all"], f"{path}.all", depth)
        return Expression(need=len(members), of=members)
    if keys == {"any"}:
        return Expression(need=1, of=_members(data["any"], f"{path}.any", depth))
    if keys == {"k", "of"}:
        members = _members(data["of"], f"{path}.of", depth)
        return Expression(need=_need(data["k"], len(members), f"{path}.k"), of=members)
    raise BadExpression(path=path, reason=N_("expected one of check, all, any, or k with of"))


def _members(data: object, path: str, depth: int) -> tuple[Expression, ...]:
    if not isinstance(data, list) or not data:
        raise BadExpression(path=path, reason=N_("expected a list that is not empty"))
    members: list[Expression] = []
    for position, item in enumerate(data):
        member = _parse(item, f"{path}[{position}]", depth + 1)
        if member in members:
            raise BadExpression(path=f"{path}[{position}]", reason=N_("the same member twice"))
        members.append(member)
    return tuple(members)


def _need(data: object, count: int, path: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or not 1 <= data <= count:
        raise BadExpression(path=path, reason=N_("expected a whole number from 1 to the number of members"))
    return data

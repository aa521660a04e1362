"""The policy simulator: the same decisions as the sandbox makes, told statement by statement. Pure.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.sandbox.authorize.decision import Decision, decide
from course.sandbox.authorize.patterns import Context
from course.sandbox.authorize.policy import Policy, Request, Statement
from course.sandbox.authorize.positions import statements_at
from course.sandbox.authorize.principals import Principal


@dataclass(frozen=True, slots=True)
class Simulation:
    """Policies to try out; ``kinds`` says of each policy's name what kind it is."""

    principal: Principal
    policies: Sequence[Policy]
    boundary: Policy | None
    resource_policy: Policy | None
    known: Context
    kinds: Mapping[str, str]

    def result(self, action: str, resource: str) -> dict[str, Any]:
        """One of EvaluationResults: the decision on one action and one resource, and what matched."""
        asked = Request(self.principal, action, resource, self.known)
        made = decide(asked, self.policies, resource=self.resource_policy, boundary=self.boundary)
        answer: dict[str, Any] = {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": _decision(made),
            "MatchedStatements": [self._matched(*one) for one in self._matching(asked, made)],
            "MissingContextValues": sorted(self._missing(asked)),
        }
        if self.boundary:
            allowed = self.boundary.first(asked, allows=True) is not None
            denied = self.boundary.first(asked, allows=False) is not None
            detail = {"AllowedByPermissionsBoundary": allowed and not denied}
            answer["PermissionsBoundaryDecisionDetail"] = detail
        return answer

    def _all(self) -> list[Policy]:
        more = [one for one in (self.boundary, self.resource_policy) if one]
        return [*self.policies, *more]

    def _matching(self, asked: Request, made: Decision) -> Iterator[tuple[Policy, Statement]]:
        """The statements that decided: those that deny, or else those that allow."""
        if not made.explicit:
            return
        for policy in self._all():
            for statement in policy.statements:
                if statement.allows == made.allowed and statement.speaks_of(asked):
                    if policy is self.resource_policy and not statement.names(asked.principal):
                        continue
                    yield policy, statement

    def _matched(self, policy: Policy, statement: Statement) -> dict[str, Any]:
        spans = statements_at(policy.text)
        found: dict[str, Any] = {
            "SourcePolicyId": policy.name.rpartition("/")[2],
            "SourcePolicyType": self.kinds.get(policy.name, "none"),
        }
        if statement.index < len(spans):
            start, end = spans[statement.index]
            found["StartPosition"] = {"Line": start.line, "Column": start.column}
            found["EndPosition"] = {"Line": end.line, "Column": end.column}
        return found

    def _missing(self, asked: Request) -> set[str]:
        """Condition keys of statements on this action that the request does not have."""
        without = (
            key
            for policy in self._all()
            for statement in policy.statements
            if isinstance(statement.condition, Mapping) and statement.is_about(asked)
            for keys in statement.condition.values()
            if isinstance(keys, Mapping)
            for key in keys
        )
        return {key for key in without if key.lower() not in self.known}


def _decision(made: Decision) -> str:
    if made.allowed:
        return "allowed"
    return "explicitDeny" if made.explicit else "implicitDeny"

"""A call and what IAM decided of it: a table of the policies that had a say, and the statement that decided."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from course.curriculum.handout import Cell, Handout

if TYPE_CHECKING:
    from course.sandbox.authorize.decision import Decision
    from course.sandbox.history import ApiCall

HEAD = ("what", "which", "what it says")
MARK = "-> "
"""Before what decided."""

REQUEST = "request"


def decisions(call: "ApiCall") -> Handout:
    """The handout of a call: the verdict, a row for every policy and for every condition key.

    Of a call that was denied the decision that denied it; of one that was allowed all of them,
    such as iam:PassRole beside the call's own action.
    """
    from course.sandbox.authorize.explanation import keys, verdict

    shown = call.decisions if call.decisions[-1].allowed else call.decisions[-1:]
    code = f", {call.error}" if call.error else ""
    lead = f"{call.when:%H:%M:%S} {call.service} {call.operation}{code}."
    sentences = (verdict(one) for one in shown)
    rows = [row for one in shown for row in _rows(one)]
    rows += [(REQUEST, key, Cell(value)) for key, value in keys(shown[-1])]
    return Handout("\n".join([lead, *sentences]), HEAD, rows)


def _rows(decision: "Decision") -> "Iterator[tuple[str, str, Cell]]":
    from course.sandbox.authorize.explanation import looks

    found = looks(decision)
    for one in found:
        first, *more = one.says
        yield one.kind, one.policy, Cell(f"{MARK if one.decides else ''}{first}", tuple(more))
    if not any(one.decides for one in found):
        none = f"{MARK}no statement allows {decision.request.action}"
        yield decision.kind, "none of them" if found else "there is none", Cell(none)

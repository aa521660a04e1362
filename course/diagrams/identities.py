"""Who assumes what in a cluster: callers, task definitions, roles, whom each trusts, what was asked.

From the left: whoever called and is held to policies; the task definitions, with the
roles that are handed over; the roles, each in the frame of the service that may
assume it. What was really asked, and allowed or denied, stands on who asked it; of
the same question the last answer counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from course.diagrams.drawing import draw
from course.diagrams.graph import Edge, Fact, Graph, Group, Node
from course.diagrams.identity_reading import Definition, Identities, Worn, read_identities, short
from course.diagrams.picture import Picture
from course.diagrams.reading import Session
from course.diagrams.stack import draw_stacked

if TYPE_CHECKING:
    from course.sandbox.identity.acts import Act

CALLERS, DEFINITIONS, ROLES = 0, 1, 2
"""The columns."""

SHOWN = 6
"""How many things that one party asked have a line; the others are counted."""

PASS = "iam:PassRole"


def identities(session: Session, cluster: str, acts: Iterable["Act"] = ()) -> Picture:
    """The picture of a cluster's roles, lit by *acts*, the oldest first. Raises LookupError."""
    found, asked = read_identities(session, cluster), list(acts)
    graph = to_graph(found, asked)
    return Picture(
        graph.text(), sentence(found, asked), partial(draw, graph), partial(draw_stacked, graph)
    )


def to_graph(found: Identities, acts: Sequence["Act"]) -> Graph:
    """What is drawn of the roles and of what was asked."""
    calls = list(_calls(found, acts))
    callers = dict.fromkeys(one.tail for one in calls)
    nodes = [_caller(one, _of(one, acts)) for one in callers] or [_administrator()]
    nodes += [_definition(one) for one in found.definitions]
    return Graph(
        groups=tuple(_frames(found, acts)),
        nodes=tuple(nodes),
        edges=(*calls, *_hands_over(found)),
    )


def _by_party(acts: Sequence["Act"]) -> dict[str, list["Act"]]:
    """What was asked, by who asked: a user's ARN, or the name of the role whose session it was."""
    found: dict[str, list[Act]] = {}
    for act in acts:
        found.setdefault(_party(act.who), []).append(act)
    return found


def _party(arn: str) -> str:
    """A user by ARN, a session by the name of its role."""
    return arn.split("/")[1] if ":assumed-role/" in arn else arn


class Answer(NamedTuple):
    """The last answer to a question, and whether an earlier one was a denial."""

    asked: str
    allowed: bool
    denied_before: bool


def _of(party: str, acts: Sequence["Act"]) -> list[Answer]:
    """What a party asked, in the order in which it was asked first."""
    found: dict[str, Answer] = {}
    for act in _by_party(acts).get(party, []):
        asked = _asked(act)
        before = found.get(asked)
        denied = before is not None and (before.denied_before or not before.allowed)
        found[asked] = Answer(asked, act.allowed, denied)
    return list(found.values())


def _asked(act: "Act") -> str:
    """The action; of iam:PassRole the role, too."""
    return f"{act.action} {short(act.resource)}" if act.action == PASS else act.action


def _caller(arn: str, asked: list[Answer]) -> Node:
    return Node(arn, "user", short(arn), _state(asked), tuple(_answers(asked)), CALLERS)


def _administrator() -> Node:
    """In the place of callers while nobody is held to policies: for the learner nothing is decided."""
    return Node("you", "user", "you", "", (Fact("administrator, never denied"),), CALLERS)


def _state(asked: list[Answer]) -> str:
    if not asked:
        return ""
    return "ALLOWED" if all(one.allowed for one in asked) else "DENIED"


def _answers(asked: list[Answer]) -> Iterator[Fact]:
    """A line for each; the glyph and the words say the same."""
    for one in asked[:SHOWN]:
        word = "allowed" if one.allowed else "denied"
        then = " after a denial" if one.allowed and one.denied_before else ""
        yield Fact(f"{one.asked} {word}{then}", word, one.asked.partition(":")[2])
    if len(asked) > SHOWN:
        more = asked[SHOWN:]
        denied = sum(not one.allowed for one in more)
        yield Fact(f"{len(more)} more, {denied} of them denied")


def _definition(found: Definition) -> Node:
    facts = tuple(Fact(f"{use} {role}", "role", role) for use, role in found.roles)
    none = (Fact("no role"),)
    id = _definition_id(found)
    return Node(id, "task-definition", found.name, "", facts or none, DEFINITIONS)


def _definition_id(found: Definition) -> str:
    return f"definition {found.name}"


def _frames(found: Identities, acts: Sequence["Act"]) -> Iterator[Group]:
    """The roles by the services that may assume them; last those that nobody may."""
    by_trust: dict[str, list[Worn]] = {}
    for role in found.roles:
        by_trust.setdefault(", ".join(role.trusted or ()) or "nobody", []).append(role)
    for service in sorted(by_trust, key=lambda one: (one == "nobody", one)):
        nodes = tuple(_role(one, _of(one.name, acts)) for one in by_trust[service])
        title = service.replace(".amazonaws.com", "")
        yield Group("trust", title, f"{service} may assume", service, nodes=nodes)


def _role(role: Worn, asked: list[Answer]) -> Node:
    facts = [Fact(role.use)]
    if not role.fits:
        facts.append(Fact(f"{role.wearer} has to be trusted", short=f"needs {role.wearer}"))
    facts += [Fact(f"policy {one}") for one in role.policies or ()]
    if role.policies == ():
        facts.append(Fact("no policy"))
    state = _state(asked)
    if not role.fits:
        state = "NOT THERE" if role.trusted is None else "NOT TRUSTED"
    return Node(_id(role.name), "role", role.name, state, (*facts, *_answers(asked)), ROLES)


def _id(role: str) -> str:
    return f"role {role}"


def _calls(found: Identities, acts: Sequence["Act"]) -> Iterator[Edge]:
    """From each user who asked about a task definition, or about handing over its roles."""
    for caller in _users(acts):
        asked = {short(one.resource) for one in _by_party(acts)[caller]}
        for one in found.definitions:
            family = one.name.partition(":")[0]
            if asked & {one.name, f"{family}:*", *(role for _, role in one.roles)}:
                yield Edge(caller, _definition_id(one))


def _users(acts: Sequence["Act"]) -> list[str]:
    return [one for one in _by_party(acts) if ":user/" in one]


def _hands_over(found: Identities) -> Iterator[Edge]:
    """From a task definition to the roles that its tasks get."""
    for one in found.definitions:
        for role in dict.fromkeys(role for _, role in one.roles):
            yield Edge(_definition_id(one), _id(role))


def sentence(found: Identities, acts: Sequence["Act"]) -> str:
    """The alt text: each role with who may assume it, and what was denied."""
    roles = "; ".join(_told(one, _of(one.name, acts)) for one in found.roles)
    callers = dict.fromkeys(one.tail for one in _calls(found, acts))
    told = [f"user {short(one)} was {_outcome(_of(one, acts))}" for one in callers]
    return f"Who assumes what in cluster {found.cluster}: {'; '.join([*told, roles or 'no role'])}."


def _told(role: Worn, asked: list[Answer]) -> str:
    trusted = ", ".join(role.trusted or ()) or "nobody"
    was = f", was {_outcome(asked)}" if asked else ""
    return f"{role.use} {role.name}, which {trusted} may assume{was}"


def _outcome(asked: list[Answer]) -> str:
    denied = [one.asked for one in asked if not one.allowed]
    if denied:
        return f"denied {', '.join(denied)}"
    return f"allowed {len(asked)} {'action' if len(asked) == 1 else 'actions'}"

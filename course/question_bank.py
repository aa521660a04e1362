"""``python3 -m course questions``: what the bank of exam items holds, against what it is to hold.

``--json`` gives it to machines, ``--lint`` what the linter found, ``--prove ID`` runs the proof of
one item and shows what it derived.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from course.bootstrap import COMMAND

if TYPE_CHECKING:
    from course.proofs.running import Verdict
    from course.questions.model import Question

GOALS = {"items": 180, "proved": 60, "families": 20, "multiple_response": 36}
"""What the bank is to hold; families come on top of its items."""


def main(arguments: list[str]) -> int:
    """Print what there is; returns 1 where the linter found something, or a proof does not hold."""
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} questions",
        description="What the bank of exam items holds, what is wrong with it, and what proves it.",
        epilog=f"example: {COMMAND} questions --prove sec-roles-001",
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--lint", action="store_true", help="what the linter found in the items")
    parser.add_argument("--prove", metavar="ID", help="run the proof of an item and show it")
    options = parser.parse_args(arguments)
    if options.prove:
        return _prove(options.prove)
    if options.lint:
        return _lint()
    counted = figures()
    print(json.dumps(counted, indent=1) if options.json else "\n".join(_lines(counted)))
    return 0


def figures() -> dict[str, Any]:
    """The figures: items, proofs, families, and how they lie by topic and by task statement."""
    from course.curriculum.exam import versions
    from course.exam.lint import ideas, untested
    from course.proofs.proof import proofs
    from course.questions.families.family import families

    items = _items()
    used = ideas([option for item in items for option in item.options])
    return {
        "items": len(items),
        "proved": len([item for item in items if item.id in proofs()]),
        "families": len(families()),
        "multiple_response": len([item for item in items if item.kind == "multiple"]),
        "goals": GOALS,
        "topics": dict(_topics(items)),
        "task_statements": {
            short: _tasks(items, short, version.tasks) for short, version in versions().items()
        },
        "misconceptions_untested": untested(used),
        "oldest_check": min(one.checked for item in items for one in item.sources),
    }


def _items() -> "Sequence[Question]":
    from course.exam.pool import exam_items
    from course.questions.bank import bank

    return exam_items(bank().questions)


def _topics(items: "Sequence[Question]") -> Iterator[tuple[str, dict[str, Any]]]:
    from course.exam.blueprint import blueprint

    for name, topic in blueprint().topic.items():
        own = [item for item in items if item.topic == name]
        levels = Counter(str(item.level) for item in own)
        yield (
            name,
            {
                "title": topic.title,
                "items": len(own),
                "goal": topic.items,
                "levels": {level: levels[level] for level in topic.levels},
                "level_goals": topic.levels,
            },
        )


def _tasks(items: "Sequence[Question]", version: str, numbers: dict[str, str]) -> dict[str, int]:
    """How many items serve each task statement; one may serve several."""
    tags = Counter(tag for item in items for tag in item.exam)
    return {number: tags[f"{version}:{number}"] for number in numbers}


def _lines(counted: dict[str, Any]) -> Iterator[str]:
    for name, goal in GOALS.items():
        yield f"{name.replace('_', ' '):18}{counted[name]:4} of {goal}"
    yield f"{'oldest check':18}{counted['oldest_check']}"
    yield f"\n{'topic':15}items  goal  recall/apply/analyse"
    for name, row in counted["topics"].items():
        levels = "/".join(str(one) for one in row["levels"].values())
        yield f"{name:15}{row['items']:5}{row['goal']:6}  {levels}"
    for short, tasks in counted["task_statements"].items():
        yield f"\n{short}: " + ", ".join(f"{number} {count}" for number, count in tasks.items())
    untested = counted["misconceptions_untested"]
    yield f"\nmisconceptions that no option is made of: {', '.join(untested) or 'none'}"


def _lint() -> int:
    from course.exam.lint import findings

    found = findings(_items())
    print("\n".join(map(str, found)) or f"{len(_items())} items, and nothing to find.")
    return 1 if found else 0


def _prove(id: str) -> int:
    from course.proofs.proof import UnknownProof, find_proof
    from course.proofs.running import run
    from course.questions.bank import UnknownId, bank

    try:
        proof, question = find_proof(id), bank().question(id)
    except (UnknownProof, UnknownId) as error:
        print(error.args[0], file=sys.stderr)
        return 2
    verdict = run(proof, question)
    print("\n".join([question.stem, "", proof.does, *_shown(verdict, proof.mutated)]))
    return 0 if verdict.holds else 1


def _shown(verdict: "Verdict", mutated: Any) -> Iterator[str]:
    def named(ids: Any) -> str:
        return " and ".join(verdict.question.by_id[id].text for id in sorted(ids)) or "none"

    changed = ", ".join(f"{fact} = {value!r}" for fact, value in mutated.items())
    for world, derived in (("as the stem has it", verdict.stem), (changed, verdict.mutated)):
        yield f"\n{world}:\n  seen:  {derived.seen}\n  right: {named(derived.options)}"
    yield f"\nkey: {named(verdict.question.key)}"
    yield "It holds." if verdict.holds else "It does NOT hold."

"""Running a proof: what it derives in the stem's world, and in the mutated one.

Each look is taken in a fresh account of its own, so that no option rests on what
another one left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from course.proofs.account import account
from course.proofs.proof import Proof
from course.questions.model import Question

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Derived:
    """The options that a world makes right, and what was seen of it."""

    options: frozenset[str]
    seen: str


@dataclass(frozen=True)
class Verdict:
    """What a proof derived as the stem has it, and in the mutated world."""

    question: Question
    stem: Derived
    mutated: Derived

    @property
    def holds(self) -> bool:
        """Whether the stem's world makes the key right, and the mutated one something else."""
        key = frozenset(self.question.key)
        return self.stem.options == key != self.mutated.options


class BadProof(ValueError):
    """A proof that does not fit its item; the message says what does not."""


def run(proof: Proof, question: Question) -> Verdict:
    """Run a proof in both worlds. Raises BadProof, and whatever the snippet raises."""
    _fitting(proof, question)
    return Verdict(question, derive(proof, question, {}), derive(proof, question, proof.mutated))


def derive(proof: Proof, question: Question, facts: Facts) -> Derived:
    """Which options are right in a world with these *facts* in the place of the stem's."""
    if proof.way == "observed":
        return _by_observation(proof, facts)
    if proof.way == "tried":
        return _by_trial(proof, question, facts)
    return _by_trial_together(proof, question, facts)


def _by_observation(proof: Proof, facts: Facts) -> Derived:
    with account() as aws:
        seen = proof.snippet(aws, **facts)
    several = seen if isinstance(seen, list | tuple | set | frozenset) else [seen]
    told = {str(one) for one in several}
    options = frozenset(id for id, said in proof.says.items() if str(said) in told)
    return Derived(options, ", ".join(sorted(told)))


def _by_trial(proof: Proof, question: Question, facts: Facts) -> Derived:
    met = {id: _try(proof, id, facts) for id in question.by_id}
    seen = ", ".join(f"{id}: {'yes' if one else 'no'}" for id, one in met.items())
    return Derived(frozenset(id for id, one in met.items() if one), seen)


def _by_trial_together(proof: Proof, question: Question, facts: Facts) -> Derived:
    """The one combination that meets the goal; none, where several do or no one does."""
    every = list(combinations(question.by_id, len(question.key)))
    met = [chosen for chosen in every if _try(proof, chosen, facts)]
    options = frozenset(met[0]) if len(met) == 1 else frozenset()
    seen = "; ".join(" and ".join(chosen) for chosen in met)
    return Derived(options, f"of {len(every)} combinations: {seen or 'none'}")


def _try(proof: Proof, given: Any, facts: Facts) -> bool:
    with account() as aws:
        met = proof.snippet(aws, given, **facts)
    if not isinstance(met, bool):
        raise BadProof(f"{proof.item}: says {met!r} of {given!r}: a trial says True or False.")
    return met


def _fitting(proof: Proof, question: Question) -> None:
    if not proof.mutated:
        raise BadProof(f"{proof.item}: mutated: name a fact of the stem, and another value for it.")
    if not proof.does:
        raise BadProof(f"{proof.item}: its snippet says in a sentence what it does.")
    if proof.way == "observed" and set(proof.says) != set(question.by_id):
        options = ", ".join(question.by_id)
        raise BadProof(f"{proof.item}: says: something for each of its options, {options}.")
    if proof.way == "observed" and len({*map(str, proof.says.values())}) < len(proof.says):
        raise BadProof(f"{proof.item}: says: each option foretells something of its own.")
    if proof.way == "tried together" and question.kind != "multiple":
        raise BadProof(f"{proof.item}: one option alone is right: use tried.")

"""The runner: what a proof must be, and that a proof which proves nothing does not hold."""

from typing import Any

import pytest

from course.proofs.proof import Proof, UnknownProof, find_proof, observed, proofs
from course.proofs.running import BadProof, run
from course.questions.bank import bank
from course.questions.model import Question

ITEM = "iam-logic-001"
SAYS = {"deny": 0, "user": 1, "wider": 2, "later": 3}


@pytest.fixture
def question() -> Question:
    return bank().question(ITEM)


def clusters(aws: Any, *, made: int = 0) -> int:
    """Make some clusters, and count them."""
    for number in range(made):
        aws.client("ecs").create_cluster(clusterName=f"c{number}")
    return len(aws.client("ecs").list_clusters()["clusterArns"])


def proof(snippet: Any = clusters, way: Any = "observed", **more: Any) -> Proof:
    given = {"mutated": {"made": 2}, "says": SAYS if way == "observed" else {}} | more
    return Proof(ITEM, snippet, way, given["mutated"], given["says"])


def test_what_is_observed_is_matched_in_both_worlds(question: Question) -> None:
    verdict = run(proof(), question)
    assert (verdict.stem.options, verdict.mutated.options) == ({"deny"}, {"wider"})
    assert verdict.holds


def test_what_no_option_foretold_makes_none_right(question: Question) -> None:
    assert run(proof(mutated={"made": 9}), question).mutated.options == set()


def test_a_world_that_is_no_other_proves_nothing(question: Question) -> None:
    assert not run(proof(mutated={"made": 0}), question).holds


def test_a_wrong_key_does_not_hold(question: Question) -> None:
    wrong = {"user": 0, "deny": 1, "wider": 2, "later": 3}
    assert not run(proof(says=wrong), question).holds


def test_each_option_is_tried_in_an_account_of_its_own(question: Question) -> None:
    def empty_but_for(aws: Any, option: str, *, kept: bool = False) -> bool:
        """Look whether the account is empty, and leave a cluster."""
        found = clusters(aws)
        clusters(aws, made=1)
        return option == "deny" and (kept or not found)

    verdict = run(proof(empty_but_for, "tried", mutated={"kept": True}), question)
    assert verdict.stem.options == verdict.mutated.options == {"deny"}
    assert not verdict.holds


def test_a_trial_that_is_neither_true_nor_false_is_refused(question: Question) -> None:
    def vague(aws: Any, option: str, **facts: Any) -> str:
        """Say nothing."""
        return "maybe"

    with pytest.raises(BadProof, match="says True or False"):
        run(proof(vague, "tried"), question)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (proof(mutated={}), "mutated"),
        (proof(says={"deny": 0}), "each of its options|for each"),
        (proof(says=dict.fromkeys(SAYS, 1)), "of its own"),
        (proof(way="tried together"), "use tried"),
        (proof(lambda aws: 0), "in a sentence"),
    ],
)
def test_a_proof_that_does_not_fit_its_item_is_refused(
    broken: Proof, says: str, question: Question
) -> None:
    with pytest.raises(BadProof, match=says):
        run(broken, question)


def test_several_right_ones_are_derived_as_a_combination() -> None:
    verdict = run(find_proof("sec-kms-001"), bank().question("sec-kms-001"))
    assert verdict.stem.seen.startswith("of 10 combinations: ")


def test_every_proof_is_of_an_item_of_the_exam() -> None:
    missing = [
        id for id in proofs() if id not in bank().questions or not bank().questions[id].topic
    ]
    assert not missing


def test_an_item_is_proved_once() -> None:
    proofs()
    with pytest.raises(ValueError, match="proved twice"):
        observed(ITEM, says=SAYS, mutated={"made": 1})(clusters)


def test_what_is_not_proved_says_so() -> None:
    with pytest.raises(UnknownProof, match="no-such-001"):
        find_proof("no-such-001")

"""Every proof: the stem's world makes the key right, and the mutated world something else."""

import pytest

from course.proofs.proof import Proof, proofs
from course.proofs.running import run
from course.questions.bank import bank


@pytest.mark.parametrize("proof", proofs().values(), ids=proofs())
def test_the_key_is_derived_and_another_world_derives_another(proof: Proof) -> None:
    verdict = run(proof, bank().question(proof.item))
    assert verdict.stem.options == set(verdict.question.key), verdict.stem.seen
    assert verdict.mutated.options != set(verdict.question.key), verdict.mutated.seen
    assert verdict.holds

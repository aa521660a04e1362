"""What an answer is worth: four outcomes that are four things, and answers no question can have."""

import pytest

from course.questions.bank import Bank
from course.questions.grading import BadResponse, Grade, Outcome, grade

SINGLE, MULTIPLE, ORDERING = "sample-single-001", "sample-multiple-001", "sample-ordering-001"


@pytest.mark.parametrize(
    ("id", "response", "outcome", "summary"),
    [
        (SINGLE, "", "not attempted", "Not attempted yet."),
        (SINGLE, "service", "right", "Right."),
        (SINGLE, "task", "wrong", "Not right."),
        (SINGLE, "cluster", "wrong", "Not right."),
        (MULTIPLE, "", "not attempted", "Not attempted yet."),
        (MULTIPLE, "awsvpc size", "right", "Right."),
        (MULTIPLE, "size awsvpc", "right", "Right."),
        (MULTIPLE, "size", "partly", "Partly: 1 of 2 right."),
        (MULTIPLE, "size port", "partly", "Partly: 1 of 2 right, and 1 that is not."),
        (MULTIPLE, "size port role", "partly", "Partly: 1 of 2 right, and 2 that are not."),
        (MULTIPLE, "awsvpc size port role", "partly", "Partly: 2 of 2 right, and 2 that are not."),
        (MULTIPLE, "port role", "wrong", "Not right."),
        (MULTIPLE, "port", "wrong", "Not right."),
        (ORDERING, "", "not attempted", "Not attempted yet."),
        (ORDERING, "scale service cluster", "right", "Right."),
        (ORDERING, "scale cluster service", "partly", "Partly: the first step is in place."),
        (ORDERING, "service scale cluster", "wrong", "Not right from the first step on."),
        (ORDERING, "cluster service scale", "wrong", "Not right from the first step on."),
    ],
)
def test_what_an_answer_is_worth(
    sample: Bank, id: str, response: str, outcome: str, summary: str
) -> None:
    given = grade(sample.question(id), response.split())
    assert (given.outcome, given.summary) == (outcome, summary)


def test_the_four_outcomes_are_four_things() -> None:
    assert [str(one) for one in Outcome] == ["not attempted", "wrong", "partly", "right"]


def test_feedback_is_of_the_options_chosen_in_the_order_chosen(sample: Bank) -> None:
    question = sample.question(MULTIPLE)
    assert grade(question, ["port", "size"]).feedback == (
        ("port", "A worker may have none."),
        ("size", "Fargate reserves it."),
    )
    assert grade(question, []) == Grade(Outcome.NOT_ATTEMPTED, "Not attempted yet.", ())


def test_an_order_is_told_its_first_wrong_step_and_no_more(sample: Bank) -> None:
    question = sample.question(ORDERING)
    told = grade(question, ["scale", "cluster", "service"]).feedback
    assert told == (("cluster", "Nothing is left in it by then."),)
    whole = grade(question, ["scale", "service", "cluster"]).feedback
    assert [id for id, _ in whole] == ["scale", "service", "cluster"]


@pytest.mark.parametrize(
    ("id", "response", "says"),
    [
        (SINGLE, "z", "sample-single-001 has no option 'z'; it has service, task, definition, clu"),
        (SINGLE, "service task", "sample-single-001 takes one option, not 2."),
        (SINGLE, "task task", "sample-single-001: each option can be named once."),
        (MULTIPLE, "size size", "sample-multiple-001: each option can be named once."),
        (MULTIPLE, "size nothing", "sample-multiple-001 has no option 'nothing'"),
        (ORDERING, "scale", "sample-ordering-001: put all 3 steps in order."),
        (ORDERING, "scale scale cluster", "sample-ordering-001: each option can be named once."),
        (ORDERING, "scale service cluster cluster", "each option can be named once."),
    ],
)
def test_an_answer_the_question_cannot_have_is_refused_in_one_line(
    sample: Bank, id: str, response: str, says: str
) -> None:
    with pytest.raises(BadResponse) as refused:
        grade(sample.question(id), response.split())
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)

"""The bank: what is written wrong is refused with its file, its id, its member and its value."""

from collections.abc import Callable

import pytest

from course.questions.bank import Bank, UnknownId, bank
from course.questions.content import BadContent

Written = Callable[..., Bank]

GOOD = """
[[question]]
id = "ecs-tasks-001"
kind = "single"
stem = "Which two of these?"
hints = ["one", "two", "three"]
rationale = "Because."
objective = "sample/tasks"
sources = [{ title = "Developer Guide", checked = "2026-11-02" }]
options = [
    { id = "yes", text = "Yes", right = true, feedback = "It is." },
    { id = "no", text = "No", feedback = "It is not." },
    { id = "perhaps", text = "Perhaps", feedback = "There is no perhaps." },
]
"""

EXPLANATION = """
[[explanation]]
id = "ecs-why-001"
stem = "Why?"
model_answer = "Because."
objective = "sample/tasks"
sources = [{ title = "Developer Guide", checked = "2026-11-02" }]
"""

SOURCE = 'sources = [{ title = "Developer Guide", checked = "2026-11-02" }]'

# What is replaced by what, and what the message must name.
WRONG = {
    "a misspelt member": ('stem = "', 'stm = "', "unknown member 'stm'; did you mean 'stem'?"),
    "a member of no kind": (
        "rationale",
        "zzz",
        "unknown member 'zzz'; there are id, kind, stem, options, rationale, objective, sources",
    ),
    "a misspelt member inside": (
        'text = "No"',
        'txt = "No"',
        "options[1]: unknown member 'txt'; did you mean 'text'?",
    ),
    "a misspelt member of a source": (
        "checked",
        "cheked",
        "sources[0]: unknown member 'cheked'; did you mean 'checked'?",
    ),
    "a member left out": ('rationale = "Because."', "", "missing required field `rationale`"),
    "a member left out inside": (
        ', feedback = "It is not."',
        "",
        "missing required field `feedback` - at `$.options[1]`, seen: {'id': 'no', 'text': 'No'}",
    ),
    "a misspelt kind": (
        '"single"',
        '"singel"',
        "Invalid enum value 'singel' - at `$.kind`, seen: 'singel'; did you mean 'single'?",
    ),
    "a kind that is none": (
        '"single"',
        '"xyz"',
        "seen: 'xyz'; there are single, multiple, ordering.",
    ),
    "a number for a text": (
        '"Which two of these?"',
        "7",
        "Expected `str`, got `int` - at `$.stem`, seen: 7",
    ),
    "a text for a truth": (
        "right = true",
        'right = "yes"',
        "Expected `bool`, got `str` - at `$.options[0].right`, seen: 'yes'",
    ),
    "a text for a list": ('["one", "two", "three"]', '"one"', "`$.hints`, seen: 'one'"),
    "two hints": ('"two", ', "", "hints: a question has three hints, and here are 2."),
    "an option that is no table": (
        '{ id = "no", text = "No", feedback = "It is not." }',
        '"no"',
        "Expected `object`, got `str` - at `$.options[1]`, seen: 'no'",
    ),
    "an empty text": ('"Because."', '" "', "rationale: is empty."),
    "an empty feedback": ('"It is not."', '""', "options[1].feedback: is empty."),
    "an empty hint": ('"two"', '""', "hints[1]: is empty."),
    "no sources": (SOURCE, "sources = []", "sources: name at least one, with the day"),
    "a source without its day": ('checked = "2026-11-02"', 'checked = "soon"', "seen: 'soon'"),
    "a day that does not exist": ("2026-11-02", "2026-11-31", "seen: '2026-11-31'"),
    "a day in another order": ("2026-11-02", "02.11.2026", "a day is YYYY-MM-DD"),
    "a day run together": ("2026-11-02", "20261102", "a day is YYYY-MM-DD"),
    "an option's id twice": ('"no", text', '"yes", text', "an id is used twice in yes, yes"),
    "an id that reads as letters": ('"no", text', '"cab", text', "'cab' would be taken for"),
    "an id of one letter": ('"no", text', '"b", text', "the id 'b' would be taken for letters"),
    "an id of two words": ('"no", text', '"no way", text', "an id is one word in lower case"),
    "no right option": (", right = true", "", "single choice has one right option, not 0"),
    "two right options": (
        'text = "No"',
        'text = "No", right = true',
        "right: single choice has one right option, not 2",
    ),
    "one right of multiple": (
        '"single"',
        '"multiple"',
        "two or more right options, not all; here 1",
    ),
    "right in an ordering": ('"single"', '"ordering"', "the order is the answer"),
    "a value on one option only": (
        'text = "No"',
        'text = "No", value = "0"',
        "each has a value of its own, or none has one, not 0.",
    ),
    "an id of no topic": ("ecs-tasks-001", "tasks", "an id is area-topic-nnn in lower case"),
    "an id in capitals": ("ecs-tasks-001", "ECS-tasks-001", "an id is area-topic-nnn"),
}


@pytest.mark.parametrize(("old", "new", "says"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_named_with_its_place(written: Written, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(BadContent) as refused:
        written(GOOD.replace(old, new))
    message = str(refused.value)
    assert says in message
    assert message.startswith("0.toml: ")
    assert "\n" not in message
    assert GOOD.replace(old, new).split('id = "')[1].split('"')[0] in message


MULTIPLE = GOOD.replace('"single"', '"multiple"').replace(
    'text = "No"', 'text = "No", right = true'
)


@pytest.mark.parametrize("stem", ["Which two of these?", "Which TWO?", "Choose 2."])
def test_multiple_response_says_how_many(written: Written, stem: str) -> None:
    assert written(MULTIPLE.replace("Which two of these?", stem)).questions


@pytest.mark.parametrize(
    "stem", ["Which of these?", "Which network?", "Choose 12.", "Which three?"]
)
def test_multiple_response_that_does_not_say_it_is_refused(written: Written, stem: str) -> None:
    with pytest.raises(BadContent, match="ecs-tasks-001: stem: it says how many to choose: two"):
        written(MULTIPLE.replace("Which two of these?", stem))


def test_all_options_right_leaves_nothing_to_choose(written: Written) -> None:
    everything = MULTIPLE.replace('text = "Perhaps"', 'text = "Perhaps", right = true')
    with pytest.raises(BadContent, match="two or more right options, not all; here 3"):
        written(everything)


@pytest.mark.parametrize("count", [1, 27])
def test_as_many_options_as_there_are_letters(written: Written, count: int) -> None:
    options = [f'{{ id = "o-{n}", text = "t", feedback = "f" }}' for n in range(count)]
    start, end = GOOD.index("options = ["), GOOD.index("]\n", GOOD.index("options = ["))
    with pytest.raises(BadContent, match=f"a question has 2 to 26 options, not {count}"):
        written(GOOD[:start] + f"options = [{', '.join(options)}" + GOOD[end:])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[question]\n", "0.toml: not valid TOML: Expected ']]'"),
        ('[[question]]\nid = "a', "0.toml: not valid TOML: "),
        (b"[[question]]\nid = '\xff'", "0.toml: not UTF-8 text: "),
        ("[[questoin]]\n", "0.toml: unknown table 'questoin'; did you mean 'question'?"),
        ("[[explantion]]\n", "0.toml: unknown table 'explantion'; did you mean 'explanation'?"),
        ("[[x]]\n", "0.toml: unknown table 'x'; there are question, explanation."),
        ("[question]\n", "0.toml: write [[question]], with two brackets, for each one."),
        ("question = 7\n", "0.toml: write [[question]], with two brackets, for each one."),
        ("question = [7]\n", "0.toml: write [[question]], with two brackets, for each one."),
        ("[[question]]\n", "0.toml: an entry without id: Object missing required field `id`"),
        ("[[question]]\nid = 7\n", "0.toml: 7: "),
        (EXPLANATION.replace("2026", "26"), "0.toml: ecs-why-001: sources[0].checked: a day"),
        (EXPLANATION.replace("model_answer", "modelanswer"), "did you mean 'model_answer'?"),
        (EXPLANATION.replace('"Why?"', '""'), "0.toml: ecs-why-001: stem: is empty."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_file_that_cannot_be_read_is_named(written: Written, text: str, says: str) -> None:
    with pytest.raises(BadContent) as refused:
        written(text)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "texts",
    [
        (GOOD + GOOD,),
        (GOOD, GOOD),
        (EXPLANATION, EXPLANATION),
        (GOOD, EXPLANATION.replace("ecs-why-001", "ecs-tasks-001")),
    ],
    ids=["one file", "two files", "explanations", "a question and an explanation"],
)
def test_an_id_is_used_once(written: Written, texts: tuple[str, ...]) -> None:
    with pytest.raises(BadContent, match=r"this id is used twice; the other is in 0\.toml"):
        written(*texts)


def test_what_is_right_is_read(written: Written) -> None:
    read = written(GOOD, EXPLANATION)
    assert read.question("ecs-tasks-001").key == ("yes",)
    assert read.explanation("ecs-why-001").model_answer == "Because."


def test_no_files_are_an_empty_bank(written: Written) -> None:
    assert written().questions == {}


@pytest.mark.parametrize(
    ("id", "says"),
    [
        ("sample-singel-001", "There is no question 'sample-singel-001'; did you mean"),
        ("sample-ordering-1", "did you mean 'sample-ordering-001'?"),
        ("zzz", "There is no question 'zzz'."),
        (7, "There is no question 7."),
    ],
)
def test_an_unknown_question_names_the_nearest(sample: Bank, id: str, says: str) -> None:
    with pytest.raises(UnknownId) as unknown:
        sample.question(id)
    assert says in str(unknown.value)


def test_an_unknown_explanation_names_the_nearest(sample: Bank) -> None:
    with pytest.raises(UnknownId, match="no explanation 'sample-exp-001'; did you mean 'sample-e"):
        sample.explanation("sample-exp-001")


def test_the_shipped_bank_is_read_once() -> None:
    assert bank() is bank()
    assert bank().questions

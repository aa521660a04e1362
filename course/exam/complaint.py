"""A complaint about an item as a text: what was asked, what is said to be right, what the learner says."""

import course
from course.questions.model import Question


def complaint(question: Question, what: str) -> str:
    """The text of an issue, in Markdown. It names nobody, and holds nothing but the item and the words."""
    lines = [f"# Item {question.id} (course {course.__version__})", "", what.strip(), ""]
    lines += ["## The item", "", question.stem, ""]
    for option in question.options:
        key = "right" if option.right else "not right"
        lines.append(f"- {option.text} ({key}: {option.feedback})")
    lines += ["", question.rationale, "", "## Its sources", ""]
    lines += [f"- {one.title} {one.url} (checked {one.checked})" for one in question.sources]
    return "\n".join(lines) + "\n"

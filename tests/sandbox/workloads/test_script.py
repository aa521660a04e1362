"""A script taken apart into statements."""

import pytest

from course.sandbox.workloads.script import expanded, statements


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("a b", [(";", ["a", "b"])]),
        ("a && b || c; d", [(";", ["a"]), ("&&", ["b"]), ("||", ["c"]), (";", ["d"])]),
        ("a | b", [(";", ["a"]), ("|", ["b"])]),
        ("a\nb", [(";", ["a"]), ("\n", ["b"])]),
        ("a & b", [(";", ["a"]), (";", ["b"])]),
        ("a > /dev/null 2>&1 || b", [(";", ["a"]), ("||", ["b"])]),
        ("a >/dev/null && b 2>>log", [(";", ["a"]), ("&&", ["b"])]),
        ("echo '<p> a && b </p>' > index.html", [(";", [":"])]),
        ("echo a 2>/dev/null; echo b >&2; c > d", [(";", ["echo", "a"]), (";", ["echo", "b"]), (";", ["c"])]),
        ("echo 'an open quote", [(";", ["exit", "2"])]),
        ("", []),
    ],
)  # fmt: skip
def test_statements(script: str, found: list[tuple[str, list[str]]]) -> None:
    assert statements(script) == found


def test_variables_come_from_the_environment() -> None:
    assert expanded("http://localhost:$PORT/${PATH_}x", {"PORT": "80"}) == "http://localhost:80/x"

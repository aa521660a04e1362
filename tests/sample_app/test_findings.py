"""What was found of a factor, as a notebook shows it: and no line is too long for it."""

from course.sample_app.findings import WIDTH, Finding


def test_a_long_finding_goes_on_under_its_name() -> None:
    one = Finding("II", False, "; ".join(f"app.py:{number} imports yaml" for number in range(5)))
    first, *more = str(one).splitlines()
    assert first.startswith("  II  Dependencies        fails  app.py:0 imports yaml;")
    assert more and all(line.startswith(" " * 6) for line in more)
    assert max(map(len, (first, *more))) <= WIDTH


def test_a_short_one_is_one_line() -> None:
    assert str(Finding("VI", None, "later")) == "  VI  Processes           ?      later"

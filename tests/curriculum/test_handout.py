"""A handout says the same as a table and as text, and takes nothing for markup."""

from course.curriculum.handout import WIDTH, Cell, Handout

LONG = "word " * 40


def test_columns_stand_under_each_other_and_the_last_one_is_wrapped() -> None:
    shown = repr(Handout("Before.", ("a", "b"), [("x", "short"), ("longer", LONG)], "After."))
    lines = shown.splitlines()
    assert lines[:5] == [
        "Before.",
        "",
        "a       b",
        "x       short",
        f"longer  {LONG[:84].strip()}",
    ]
    assert all(line.startswith(" " * 8) for line in lines[5:-2])
    assert lines[-2:] == ["", "After."]
    assert max(map(len, lines)) <= WIDTH


def test_what_folds_out_stands_below_its_row_in_the_text() -> None:
    handout = Handout("", ("a", "b"), [(Cell("x", ("one", "two")), "y")])
    assert repr(handout).splitlines() == ["a  b", "x  y", "   - one", "   - two"]
    assert "<details><summary" in handout.html
    assert "<li>one</li><li>two</li>" in handout.html


def test_without_rows_there_is_a_sentence_and_no_table() -> None:
    handout = Handout("Nothing.", ("a", "b"), [])
    assert repr(handout) == "Nothing."
    assert "<table" not in handout.html


def test_a_long_arn_is_broken_in_a_narrow_window() -> None:
    html = Handout(f"arn:{'x' * 200}", ("a", "b"), [("x", "y")], "After.").html
    assert html.count('<p style="overflow-wrap:anywhere">') == html.count("<p") == 2


def test_markup_is_shown_and_not_obeyed() -> None:
    html = Handout("<b>", ("<i>", "b"), [(Cell("<script>", ("<u>",)), "&")], "<p>").html
    for tag in ("<b>", "<i>", "<script>", "<u>"):
        assert tag not in html
    assert "&lt;script&gt;" in html


def test_a_front_end_gets_both() -> None:
    handout = Handout("", ("a", "b"), [("x", "y")])
    bundle = handout._repr_mimebundle_()
    assert bundle == {"text/html": handout.html, "text/plain": repr(handout)}


def test_a_cell_leads_somewhere_by_a_link_and_in_text_by_its_address() -> None:
    page, beside = Cell("A & b", link='https://x/?a=1&b="2"'), Cell("05", link="05-a.ipynb")
    handout = Handout("", ("page", "lesson"), [(page, beside)])
    there = 'href="https://x/?a=1&amp;b=&quot;2&quot;" target="_blank" rel="noopener"'
    assert f"<a {there}>A &amp; b</a>" in handout.html
    assert '<a href="05-a.ipynb">05</a>' in handout.html
    assert repr(handout).splitlines()[1].split() == ["A", "&", "b", 'https://x/?a=1&b="2"', "05"]

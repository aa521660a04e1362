"""The sheet's page: every lesson's table is on it, word for word, for eyes and for screen readers."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from course.curriculum.closing import closings, plain, read
from course.curriculum.curriculum import find_lesson
from course.curriculum.exam import versions
from course.curriculum.sheet_page import sheet_page

VOID = {"meta"}
EXAM = versions()["C03"]


class Reader(HTMLParser):
    """What a browser makes of the page: who is in whom, and the texts of each element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))
        if tag in ("th", "td", "caption", "h1", "h2", "p"):
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        for tag, _ in self.open:
            if tag in self.texts and tag != "main":
                self.texts[tag][-1] += data

    def counted(self, tag: str) -> int:
        return len([one for one, _ in self.seen if one == tag])


@pytest.fixture(scope="module")
def page() -> str:
    return sheet_page(closings(), EXAM, "1.2.3")


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    return Reader(page)


def test_every_element_is_closed(reader: Reader) -> None:
    assert reader.open == []


def test_each_lesson_has_its_table_in_order(reader: Reader) -> None:
    assert reader.texts["h2"] == [f"{one.entry.short} {one.entry.title}" for one in closings()]
    assert reader.texts["caption"] == [one.heading for one in closings()]
    assert reader.counted("table") == len(closings()) >= 9


def test_the_tables_say_what_the_notebooks_say(reader: Reader) -> None:
    firsts = list(_firsts())
    assert [text for text in reader.texts["th"] if text] == [text for text in firsts if text]
    others = [plain(text) for one in closings() for row in one.rows for text in row[1:]]
    assert [text for text in reader.texts["td"] if text] == others


def _firsts() -> Iterator[str]:
    """What heads a column or a row, in the order of the page."""
    for one in closings():
        yield from map(plain, one.head)
        yield from (plain(row[0]) for row in one.rows)


def test_a_screen_reader_knows_what_a_head_belongs_to(reader: Reader) -> None:
    heads = [attributes.get("scope") for tag, attributes in reader.seen if tag == "th"]
    assert set(heads) == {"row", "col"}
    assert heads.count("row") == sum(len(one.rows) for one in closings())
    assert ("html", {"lang": "en"}) in reader.seen


def test_nothing_comes_from_elsewhere(page: str, reader: Reader) -> None:
    for tag, attributes in reader.seen:
        assert tag not in ("script", "link", "img", "iframe", "svg", "object")
        assert not {"src", "href", "style"} & set(attributes)
    assert "url(" not in page and "@import" not in page and "//" not in page.split("</style>")[1]


def test_it_is_light(page: str) -> None:
    """Twenty lessons with eight rows each still come by mail."""
    assert len(page.encode()) < 4_000 + 1_600 * len(closings())


def test_it_says_which_exam_and_which_course(reader: Reader) -> None:
    first, last = reader.texts["p"]
    assert first.startswith("DVA-C03, from 1 December 2026. Development with AWS services 30 %;")
    assert last.startswith(f"The last tables of {len(closings())} lessons; course 1.2.3.")


def test_marks_are_kept_and_markup_is_not_obeyed() -> None:
    cell = "## <b>\n\n| <i> | |\n|---|---|\n| `a<b` **c** *d* [e](https://f) | <script> & \\| |"
    shown = sheet_page([read(find_lesson("fargate-tutorial"), cell)], EXAM, "1")
    assert "<code>a&lt;b</code> <strong>c</strong> <em>d</em> e</th>" in shown
    assert "<td>&lt;script&gt; &amp; |</td>" in shown
    assert "<caption>&lt;b&gt;</caption>" in shown
    assert '<th scope="col">&lt;i&gt;</th><td></td>' in shown

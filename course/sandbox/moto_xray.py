"""moto's X-Ray without its client: the package imports aws_xray_sdk, which lessons do not bring.

An adapter: its models, responses and URLs need none of that, so the package itself is
replaced by one that leads to the same folder and holds only what moto looks for in it.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

NAME = "moto.xray"


def _without_its_client() -> None:
    """Put the package in place under its own name, unless the real one can be had."""
    if NAME in sys.modules or find_spec("aws_xray_sdk"):
        return
    found, package = find_spec("moto"), ModuleType(NAME)
    assert found is not None and found.submodule_search_locations, "moto is a package"
    package.__path__ = [str(Path(one) / "xray") for one in found.submodule_search_locations]
    sys.modules[NAME] = package
    held: Any = package
    held.xray_backends = import_module(f"{NAME}.models").xray_backends


_without_its_client()

from moto.xray import models, responses, urls

__all__ = ["models", "responses", "urls"]

"""A folder of an exercise beside the notebook: made once, and never lost when it was edited."""

import shutil
from pathlib import Path


def clear(folder: Path, name: str, *, edited: bool) -> None:
    """Remove ``name`` from the folder; what was edited is kept as ``name.mine-1`` and so on."""
    if edited:
        number = 1
        while (kept := folder / f"{name}.mine-{number}").exists():
            number += 1
        (folder / name).rename(kept)
    shutil.rmtree(folder / name, ignore_errors=True)

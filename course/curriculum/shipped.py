"""Where the course's notebooks lie, in a checkout and in an installed package."""

from pathlib import Path

import course

ROOT = Path(course.__file__).resolve().parent.parent


def shipped_folder() -> Path:
    """Return where the notebooks come from: the checkout, or the installed package."""
    checkout = ROOT / "notebooks"
    return checkout if (ROOT / "pyproject.toml").exists() else ROOT / "course" / "_notebooks"

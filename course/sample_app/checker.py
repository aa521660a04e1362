"""The twelve-factor checker: which factors a project keeps, which it does not, and why.

It reads a project's source and runs its processes for real, on a copy, so that
checking changes nothing. A factor that can only be seen once another one holds
is left open (``holds`` is None) and says which. The twelve factors: https://12factor.net
"""

from pathlib import Path

from course.sample_app.by_reading import RULES, secrets_in_code
from course.sample_app.by_running import by_running
from course.sample_app.findings import NAMES, Findings
from course.sample_app.source import Source


def check(project: Path) -> Findings:
    """Look at all twelve factors of the project in this folder; it stays as it is.

    Raises FileNotFoundError where there is no Procfile, SyntaxError for code that cannot be read.
    """
    if not (project / "Procfile").exists():
        raise FileNotFoundError(f"There is no Procfile in {project}: is this a project's folder?")
    source = Source(project)
    found = {one.factor: one for one in (rule(source) for rule in RULES)}
    found |= {one.factor: one for one in by_running(project)}
    found["III"] = secrets_in_code(source) or found["III"]
    return Findings(tuple(found[name] for name in NAMES))

"""The factors that a project's source tells of: I, II, V, X, and the written-down half of III."""

from collections.abc import Callable

from course.sample_app.findings import Finding, finding
from course.sample_app.processes import procfile
from course.sample_app.source import BUILDS, Source, declared


def _codebase(source: Source) -> Finding:
    copies = source.copies()
    return finding("I", not copies, "one codebase", f"one program twice: {', '.join(copies)}")


def _dependencies(source: Source) -> Finding:
    asked = declared(source.project)
    missing = [f"{place}: not declared" for place, name in source.imported() if name not in asked]
    loose = [f"{name} has no ==" for name, version in asked.items() if "==" not in version]
    wrong = "; ".join(dict.fromkeys(missing + loose))
    return finding("II", not wrong, "all declared, each with one version", wrong)


def _release(source: Source) -> Finding:
    builds = [
        f"{name}: {command}"
        for name, command in procfile(source.project).items()
        if BUILDS.search(command)
    ]
    return finding(
        "V", not builds, "what runs was built before", f"builds as it runs: {'; '.join(builds)}"
    )


def _parity(source: Source) -> Finding:
    branches = [str(place) for place in source.stages()]
    return finding("X", not branches, "no stage is special", f"branches: {'; '.join(branches)}")


def secrets_in_code(source: Source) -> Finding | None:
    """III fails where a credential is written down; whether the rest is config, running tells."""
    secrets = [str(place) for place in source.secrets()]
    return Finding("III", False, "; ".join(secrets)) if secrets else None


RULES: tuple[Callable[[Source], Finding], ...] = (_codebase, _dependencies, _release, _parity)

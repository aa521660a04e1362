"""What a project's source says of itself: its imports, its constants, its branches. Nothing is run."""

import ast
import re
import sys
from collections.abc import Iterator
from difflib import SequenceMatcher
from importlib.metadata import packages_distributions
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

STAGES = {"dev", "development", "test", "testing", "stage", "staging", "prod", "production", "live"}
SECRET = re.compile(r"PASSW|SECRET|TOKEN|API_?KEY|CREDENTIAL", re.IGNORECASE)
BUILDS = re.compile(r"\b(build|install|compile|compileall|sync|git (pull|clone|checkout))\b")
"""Steps that belong to a build, in the command of a process that runs."""
ALIKE = 0.7
"""Share of equal lines from which on two files are one program copied."""


class Place(NamedTuple):
    """Something seen in a file, with its line."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.text}"


class Source:
    """The files of one project, parsed once. Raises SyntaxError for a file that is no Python.

    Hidden folders are no part of it: JupyterLab keeps a copy of what it saves in one.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self.files = {
            path.relative_to(project).as_posix(): path.read_text("utf-8")
            for path in sorted(project.rglob("*.py"))
            if not any(part.startswith(".") for part in path.relative_to(project).parts)
        }
        self._trees = {name: ast.parse(text, name) for name, text in self.files.items()}

    def nodes(self) -> Iterator[tuple[str, ast.AST]]:
        """Every node of every file, with the file's name."""
        for name, tree in self._trees.items():
            for node in ast.walk(tree):
                yield name, node

    def copies(self) -> list[str]:
        """Pairs of files that are one program twice."""
        return [
            f"{one} and {other}"
            for one, other in combinations(self.files, 2)
            if _alike(self.files[one], self.files[other])
        ]

    def imported(self) -> list[tuple[Place, str]]:
        """Imports of packages that are not Python's own or the project's, with the distribution's name."""
        own = {name.split("/")[0].removesuffix(".py") for name in self.files}
        distributions = packages_distributions()
        found = []
        for name, node in self.nodes():
            for module in _modules(node):
                if module not in sys.stdlib_module_names | own:
                    place = Place(name, getattr(node, "lineno", 0), f"imports {module}")
                    found.append((place, distributions.get(module, [module])[0].lower()))
        return found

    def secrets(self) -> list[Place]:
        """Credentials written down as text."""
        return [
            Place(name, node.lineno, f"{target.id} is written in the code")
            for name, node in self.nodes()
            if isinstance(node, ast.Assign) and _text(node.value)
            for target in node.targets
            if isinstance(target, ast.Name) and SECRET.search(target.id)
        ]

    def ports(self) -> list[int]:
        """Port numbers written down: whole numbers given to a name that speaks of a port."""
        found = [
            node.value.value
            for _, node in self.nodes()
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name) and "PORT" in target.id.upper()
        ]
        return [port for port in found if type(port) is int and 0 < port < 65536]

    def stages(self) -> list[Place]:
        """Branches that behave differently by the name of the stage."""
        return [
            Place(name, node.lineno, ast.unparse(node))
            for name, node in self.nodes()
            if isinstance(node, ast.Compare)
            and any(_text(one).lower() in STAGES for one in [node.left, *node.comparators])
        ]


def declared(project: Path) -> dict[str, str]:
    """What requirements.txt asks for: the rest of the line (``==3.1.3``) by distribution."""
    path = project / "requirements.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    found = {}
    for line in lines:
        match = re.match(r"\s*([A-Za-z0-9._-]+)\s*([^#]*)", line)
        if match:
            found[match[1].lower().replace("_", "-")] = match[2].strip()
    return found


def _alike(one: str, other: str) -> bool:
    first, second = _lines(one), _lines(other)
    return (
        min(len(first), len(second)) >= 10 and SequenceMatcher(None, first, second).ratio() >= ALIKE
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [str(node.module).split(".")[0]]
    return []


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""

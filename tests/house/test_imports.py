"""Who may import whom: docs/design.md section 3, read from the code itself.

A module that no line of these tables covers fails: whoever adds it decides where
it stands.
"""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]

# From the ground up. A module belongs to its longest prefix here, and imports
# its own floor and those below.
FLOORS = (
    (
        "course.sandbox.errors",
        "course.sandbox.lock",
        "course.sandbox.masked",
        "course.requirements",
        "course.every_client",
        "course.whole_lines",
    ),
    (
        "course.sandbox.authorize",
        "course.sandbox.aws_owned",
        "course.sandbox.moto_xray",
        "course.sandbox.clock",
        "course.sandbox.schedules",
        "course.sandbox.timeline",
        "course.sandbox.workloads",
        "course.sandbox.balancing.target_health",
        "course.sandbox.balancing.targets",
        "course.sandbox.discovery.resources",
        "course.sandbox.ecs.resources",
        "course.sandbox.api_gateway.resources",
        "course.sandbox.observability.metrics.series",
        "course.sandbox.observability.metrics.statistic",
        "course.sandbox.observability.metrics.store",
        "course.sandbox.observability.alarms.alarm",
        "course.sandbox.observability.alarms.book",
        "course.sandbox.scaling.application.resources",
        "course.sandbox.ecs.errors",
    ),
    ("course.sandbox.world", "course.sandbox.history", "course.costs"),
    (
        "course.sandbox.ecs",
        "course.sandbox.registry",
        "course.sandbox.balancing",
        "course.sandbox.discovery",
        "course.sandbox.network",
        "course.sandbox.scaling",
        "course.sandbox.identity",
        "course.sandbox.observability",
        "course.sandbox.traffic",
        "course.sandbox.api_gateway",
    ),
    (
        "course.sandbox.ecs.api",
        "course.sandbox.identity.api",
        "course.sandbox.registry.api",
        "course.sandbox.scaling.auto_scaling_api",
        "course.sandbox.scaling.application.api",
        "course.sandbox.balancing.api",
        "course.sandbox.api_gateway.api",
        "course.sandbox.discovery.api",
        "course.sandbox.observability.logs_api",
        "course.sandbox.observability.cloudwatch_api",
        "course.sandbox.observability.alarms.alarms_api",
        "course.sandbox.observability.metrics.metrics_api",
        "course.sandbox.observability.eventbridge.events_api",
        "course.sandbox.observability.eventbridge.scheduler_api",
        "course.sandbox.observability.trail.noting",
        "course.sandbox.observability.trail.trail_api",
        "course.sandbox.observability.xray_api",
        "course.sandbox.refusals",
        "course.sandbox.answer_names",
        "course.sandbox.json_shape",
        "course.sandbox.query_shape",
    ),
    (
        "course.sandbox.control_plane",
        "course.sandbox.managed_scaling",
        "course.sandbox.rollouts",
        "course.sandbox.service_tasks",
        "course.sandbox.routing",
        "course.sandbox.isolation",
        "course.sandbox.moto_time",
        "course.sandbox.waiters",
        "course.sandbox.snapshot",
        "course.sandbox.ec2_catalogues",
        "course.sandbox.default_group",
        "course.sandbox.ec2_network",
        "course.sandbox.messaging",
        "course.sandbox.tracer",
        "course.sandbox.inside",
    ),
    ("course.sandbox.sandbox",),
    ("course.sandbox.endpoint",),
    (
        "course.diagrams",
        "course.images",
        "course.sandbox",
        "course.live",
        "course.questions",
        "course.curriculum",
        "course.portable",
    ),
    ("course.console", "course.progress", "course.sample_app"),
    (
        "course.checkpoints",
        "course.exercises",
        "course.exam",
        "course.flashcards",
        "course.proofs",
        "course.classroom",
    ),
    ("course.in_live", "course.skipping"),
    ("course.opening",),
    ("course.lessons",),
    ("course",),
    ("course.bootstrap",),
    (
        "course.working_copy",
        "course.notebook_times",
        "course.traffic_times",
        "course.verb_parser",
    ),
    (
        "course.lab",
        "course.suite",
        "course.doctor",
        "course.bench",
        "course.operations",
        "course.coverage",
        "course.failures",
        "course.sheet",
        "course.cleanup",
        "course.policy",
        "course.question_bank",
        "course.terminal",
        "course.progress.command",
    ),
    ("course.__main__",),
)

# Floors that stand side by side and know nothing of each other.
STRANGERS = (
    {"course.sandbox", "course.live"},
    {"course.questions", "course.sandbox"},
    {"course.curriculum", "course.sandbox"},
    {"course.diagrams", "course.questions"},
)

# Which packages from outside the standard library are imported where.
THIRD_PARTY = {
    "boto3": (
        "course.sandbox",
        "course.live",
        "course.lessons",
        "course.bench",
        "course.proofs",
    ),
    # exercises and checks: the ClientError they catch
    "botocore": (
        "course.sandbox",
        "course.every_client",
        "course.live",
        "course.lessons",
        "course.bench",
        "course.terminal",
        "course.exercises",
        "course.proofs",
    ),
    "werkzeug": ("course.sandbox.endpoint",),
    "moto": ("course.sandbox", "course.bench"),
    "msgspec": (
        "course.costs",
        "course.questions",
        "course.curriculum",
        "course.portable",
        "course.progress",
        "course.exam",
    ),
    "kubernetes_validate": ("course.portable.schema",),
    "yaml": ("course.portable.written",),
    "platformdirs": ("course.progress",),
    "fsrs": ("course.flashcards.schedule",),
    "genanki": ("course.flashcards.anki",),
    "packaging": ("course.requirements",),
    "jupyterlab": ("course.lab",),
    "nbclient": ("course.notebook_times",),
    "nbformat": ("course.notebook_times",),
    "ipywidgets": ("*.view",),
    "anywidget": ("*.view",),
    "traitlets": ("*.view",),
    "graphviz": ("course.diagrams.engine",),
    "matplotlib": ("course.diagrams.plot",),
    "IPython": ("*.view", "course.checkpoints", "course.opening"),
}

# Pure: the rules, and what they stand on. Nothing but the standard library.
PURE = (
    "course.sandbox.authorize",
    "course.bootstrap",
    "course.sandbox.clock",
    "course.sandbox.timeline",
    "course.sandbox.world",
    "course.sandbox.errors",
    "course.sandbox.control_plane",
    "course.sandbox.managed_scaling",
    "course.sandbox.rollouts",
    "course.sandbox.service_tasks",
    "course.sandbox.ecs",
    "course.sandbox.registry",
    "course.sandbox.balancing",
    "course.sandbox.discovery",
    "course.sandbox.network",
    "course.sandbox.scaling",
    "course.sandbox.identity",
    "course.sandbox.observability",
    "course.sandbox.traffic",
    "course.sandbox.api_gateway",
    "course.diagrams.graph",
    "course.images",
)
NOT_PURE = (
    "course.sandbox.authorize.attached",
    "course.sandbox.authorize.callers",
    "course.sandbox.authorize.resource_policies",
    "course.sandbox.authorize.roles",
    "course.sandbox.ecs.api",
    "course.sandbox.identity.api",
    "course.sandbox.identity.reading",
    "course.sandbox.identity.service_linked",
    "course.sandbox.identity.task_sessions",
    "course.sandbox.registry.api",
    "course.sandbox.balancing.balancers",
    "course.sandbox.network.interfaces",
    "course.sandbox.network.vpc_picture",
    "course.sandbox.ecs.ec2_hosts",
    "course.sandbox.ecs.instance_types",
    "course.sandbox.scaling.auto_scaling",
    "course.sandbox.scaling.auto_scaling_api",
    "course.sandbox.scaling.application.api",
    "course.sandbox.balancing.api",
    "course.sandbox.api_gateway.api",
    "course.sandbox.discovery.api",
    "course.sandbox.discovery.cloud_map",
    "course.sandbox.observability.log_store",
    "course.sandbox.observability.logs_api",
    "course.sandbox.observability.alarms.alarms_api",
    "course.sandbox.observability.alarms.notifying",  # topics are moto's
    "course.sandbox.observability.metrics.metrics_api",
    "course.sandbox.observability.metrics.of_logs",  # filters are moto's Logs'
    "course.sandbox.observability.metrics.of_queues",  # queues are moto's
    "course.sandbox.observability.eventbridge.events_api",
    "course.sandbox.observability.eventbridge.rule_store",
    "course.sandbox.observability.eventbridge.schedule_store",
    "course.sandbox.observability.eventbridge.scheduler_api",
    "course.sandbox.observability.eventbridge.targets",
    "course.sandbox.observability.trail.masking",
    "course.sandbox.observability.trail.noting",
    "course.sandbox.observability.trail.trail_api",
    "course.sandbox.ecs.secret_store",
)

# Anything below moto's own front door (``moto.mock_aws``) is an internal.
MOTO_INTERNALS = (
    "course.sandbox.authorize.attached",  # users, roles and their policies live in moto's IAM
    "course.sandbox.authorize.callers",  # ... and keys in moto's STS
    "course.sandbox.authorize.resource_policies",
    "course.sandbox.authorize.roles",
    "course.sandbox.identity.api",
    "course.sandbox.identity.reading",  # moto's routers and parsers read requests
    "course.sandbox.identity.service_linked",  # roles live in moto's IAM
    "course.sandbox.identity.task_sessions",  # sessions live in moto's STS
    "course.sandbox.routing",
    "course.sandbox.refusals",
    "course.sandbox.answer_names",
    "course.sandbox.ecs.api",
    "course.sandbox.registry.api",
    "course.sandbox.isolation",
    "course.sandbox.moto_time",
    "course.sandbox.aws_owned",
    "course.sandbox.moto_xray",  # moto's X-Ray, round what its package imports
    "course.sandbox.waiters",
    "course.sandbox.endpoint",  # made of moto's own server
    "course.sandbox.snapshot",  # it copies moto's backends
    "course.sandbox.ec2_catalogues",
    "course.sandbox.default_group",
    "course.sandbox.ec2_network",
    "course.sandbox.messaging",  # topics, queues and streams are moto's
    "course.sandbox.sandbox",  # it seeds moto's own dice
    "course.sandbox.snapshot",  # copies moto's backends together with the world
    "course.sandbox.workloads.registry",  # an image's registry is moto's ECR
    "course.sandbox.ecs.ec2_hosts",  # what a container instance is before it is one
    "course.sandbox.ecs.instance_types",  # moto's catalogue of them
    "course.sandbox.scaling.auto_scaling",  # the groups and their instances are moto's
    "course.sandbox.scaling.auto_scaling_api",
    "course.sandbox.scaling.application.api",
    "course.sandbox.balancing.api",  # moto's answers, with what they lack
    "course.sandbox.api_gateway.api",  # all its own, in moto's frame
    "course.sandbox.ecs.secret_store",  # Secrets Manager, Parameter Store and KMS are moto's
    "course.sandbox.observability.log_store",  # what containers write lies in moto's Logs
    "course.sandbox.observability.logs_api",
    "course.sandbox.observability.alarms.alarms_api",
    "course.sandbox.observability.alarms.notifying",  # topics are moto's
    "course.sandbox.observability.metrics.metrics_api",
    "course.sandbox.observability.metrics.of_logs",  # filters are moto's Logs'
    "course.sandbox.observability.metrics.of_queues",  # queues are moto's
    "course.sandbox.observability.eventbridge.events_api",
    "course.sandbox.observability.eventbridge.rule_store",
    "course.sandbox.observability.eventbridge.schedule_store",
    "course.sandbox.observability.eventbridge.scheduler_api",
    "course.sandbox.observability.eventbridge.targets",
    "course.sandbox.observability.trail.masking",
    "course.sandbox.observability.trail.noting",
    "course.sandbox.observability.trail.trail_api",
    "course.sandbox.discovery.api",  # moto's answers, with what they lack
    "course.sandbox.discovery.cloud_map",  # namespaces and services are moto's Cloud Map
    "course.sandbox.balancing.balancers",  # target groups and Classic Load Balancers are moto's
    "course.sandbox.network.interfaces",  # a task's network interface lives in moto's EC2
    "course.sandbox.network.vpc_picture",  # VPCs and all that is in them are moto's
)

# The modules whose job it is to leave the process, listen, or run beside it.
OUTSIDE = {
    "subprocess": ("bootstrap", "suite", "bench", "diagrams.engine", "sample_app", "live"),
    "socket": ("lab", "sandbox.endpoint", "classroom", "sample_app"),
    # sandbox.lock and .snapshot: the one lock and its copies, and no thread
    "threading": (
        "sandbox.endpoint",
        "sandbox.lock",
        "sandbox.snapshot",
        "classroom",
        "sample_app",
        "live",
    ),
    "multiprocessing": (),
    "concurrent": ("sample_app",),  # the checker's trials, side by side
    "asyncio": ("classroom",),
    "http": ("sandbox.endpoint", "sample_app", "classroom"),
    "urllib.request": ("classroom", "sample_app", "live"),
}


class Import(NamedTuple):
    """One imported module; ``late`` when it is imported by a call, ``typing`` for types only."""

    module: str
    line: int
    late: bool
    typing: bool


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# Programs that run in processes of their own, as a learner's do: nobody imports them.
PROJECTS = ROOT / "course" / "sample_app" / "projects"

MODULES = {
    name_of(path): path
    for path in sorted((ROOT / "course").rglob("*.py"))
    if not path.is_relative_to(PROJECTS)
}


def within(module: str, prefix: str) -> bool:
    if prefix.startswith("*"):
        return module.endswith(prefix[1:])
    return module == prefix or module.startswith(prefix + ".")


def imports(module: str) -> Iterator[Import]:
    """Yield what a module imports, down to the module a name comes from."""
    yield from _walk(ast.parse(MODULES[module].read_text("utf-8")), module, False, False)


def _walk(node: ast.AST, module: str, late: bool, typing: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, child.lineno, late, typing)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, f"{module}:{child.lineno}: write the import in full"
            for alias in child.names:
                inner = f"{child.module}.{alias.name}"
                found = inner if inner in MODULES else str(child.module)
                yield Import(found, child.lineno, late, typing)
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            types_only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
            yield from _walk(child, module, late or function, typing or types_only)


def floor(module: str) -> int:
    """Return the floor a module stands on, counted from the ground."""
    prefixes = {prefix: level for level, row in enumerate(FLOORS) for prefix in row}
    # ``course`` is the front door alone, not everything behind it.
    fits = [p for p in prefixes if module == p or (p != "course" and within(module, p))]
    assert fits, f"{module} stands on no floor: add it to FLOORS in {Path(__file__).name}"
    return prefixes[max(fits, key=len)]


def any_within(module: str, prefixes: tuple[str, ...]) -> bool:
    return any(within(module, prefix) for prefix in prefixes)


every_module = pytest.mark.parametrize("module", MODULES)


@every_module
def test_no_import_runs_upwards(module: str) -> None:
    upwards = [
        f"line {found.line} imports {found.module}"
        for found in imports(module)
        if found.module in MODULES
        and floor(found.module) > floor(module)
        # ``import course`` for its version or its path needs nothing of the upper floors.
        and found.module != "course"
    ]
    assert not upwards


def test_there_is_no_circle() -> None:
    graph = {
        module: {i.module for i in imports(module) if i.module in MODULES and not i.typing}
        for module in MODULES
        if module != "course"
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("imports go round: " + " -> ".join(error.args[1]))


@every_module
def test_strangers_stay_strangers(module: str) -> None:
    for pair in STRANGERS:
        own = {prefix for prefix in pair if within(module, prefix)}
        others = tuple(pair - own) if own else ()
        assert not [i for i in imports(module) if any_within(i.module, others)]


@every_module
def test_packages_are_imported_where_they_belong(module: str) -> None:
    for found in imports(module):
        package = found.module.partition(".")[0]
        if package in sys.stdlib_module_names or package == "course":
            continue
        place = f"{module}, line {found.line}, imports {found.module}"
        assert any_within(module, THIRD_PARTY.get(package, ())), place
        assert found.typing or any_within(module, NOT_PURE) or not any_within(module, PURE), place


@every_module
def test_moto_internals_are_leaned_on_in_named_places(module: str) -> None:
    inner = [i for i in imports(module) if i.module.startswith("moto.")]
    assert not inner or any_within(module, MOTO_INTERNALS), inner


@every_module
def test_threads_sockets_and_processes_have_their_places(module: str) -> None:
    for found in imports(module):
        for outside, allowed in OUTSIDE.items():
            if within(found.module, outside):
                places = tuple(f"course.{name}" for name in allowed)
                assert any_within(module, places), f"line {found.line} imports {found.module}"


@every_module
def test_view_modules_know_only_their_own_package(module: str) -> None:
    if not module.endswith(".view"):
        return
    package = module.rpartition(".")[0]
    elsewhere = [
        i for i in imports(module) if i.module in MODULES and not within(i.module, package)
    ]
    assert not elsewhere


@every_module
def test_no_package_hides_one_of_its_modules_behind_a_name(module: str) -> None:
    path = MODULES[module]
    if path.name != "__init__.py":
        return
    own = {name.rpartition(".")[2] for name in MODULES if name.rpartition(".")[0] == module}
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom | ast.Import):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names |= set(ast.literal_eval(node.value))
    assert not names & own

"""A container of a task, as DescribeTasks shows it, and what decides its life.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Container.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from course.sandbox.workloads.program import Program

SERVER = Program(runs=None, sigterm=143, stops=1)
"""What a container does of which nothing is said: it runs on, and ends on SIGTERM (128 + 15)."""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A command run in the container again and again; durations are seconds, defaults ECS's own."""

    command: tuple[str, ...]
    interval: int = 30
    timeout: int = 5
    retries: int = 3
    start_period: int = 0


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """When a container that exits is started again in its place; seconds, the default ECS's own."""

    ignored_exit_codes: tuple[int, ...] = ()
    attempt_period: int = 300


@dataclass(frozen=True, slots=True)
class Dependency:
    """A ``dependsOn`` entry: START, COMPLETE, SUCCESS or HEALTHY of another container."""

    name: str
    condition: str


@dataclass(frozen=True, slots=True)
class PortMapping:
    """A port of the instance that leads to one of the container; host port 0 lets Docker choose."""

    container_port: int
    host_port: int
    protocol: str


@dataclass(frozen=True, slots=True)
class Secret:
    """A variable whose value lies elsewhere, where *value_from* says; or an option of the log driver."""

    name: str
    value_from: str
    of_logger: bool = False


@dataclass(frozen=True, slots=True)
class AwsLogs:
    """Where the awslogs driver takes what a container writes."""

    group: str
    region: str
    prefix: str | None = None
    create_group: bool = False


@dataclass
class Container:
    """A container of a task, as DescribeTasks shows it.

    ``run`` counts its starts, so that an alarm of an earlier one is known to be
    out of date; ``pinned`` is the digest that its service's deployment has established,
    ``consistent`` whether that is wanted; ``log_stream`` is where its lines go, once there
    is one; ``passed`` says whether a health check of this run ever passed,
    ``failures`` how many failed since; ``quiet`` that no further check can
    change anything until some container of the task changes; ``gives_up`` is how this
    run of its program ends, where AWS refuses it something it needs; ``given`` are the
    variables that ECS puts beside its own; ``ended`` is when it came to its end;
    ``forwarded`` is how its last call as a collector of traces ended ("": well).
    """

    container_arn: str
    task_arn: str
    name: str
    image: str
    image_digest: str | None = None
    pinned: str | None = None
    consistent: bool = True
    runtime_id: str | None = None
    last_status: str = "PENDING"
    exit_code: int | None = None
    reason: str | None = None
    health_status: str = "UNKNOWN"
    network_bindings: list[dict[str, Any]] = field(default_factory=list)
    network_interfaces: list[dict[str, str]] = field(default_factory=list)
    managed_agents: list[dict[str, Any]] | None = None
    cpu: str = "0"
    memory: str | None = None
    memory_reservation: str | None = None
    essential: bool = True
    program: Program = SERVER
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[Secret, ...] = ()
    logs: AwsLogs | None = None
    log_stream: str | None = None
    ports: tuple[int, ...] = ()
    mappings: tuple[PortMapping, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    health_check: HealthCheck | None = None
    restart_policy: RestartPolicy | None = None
    start_timeout: float | None = None
    stop_timeout: float = 30
    began: datetime | None = None
    run: int = 0
    signalled: bool = False
    passed: bool = False
    failures: int = 0
    quiet: bool = False
    gives_up: Program | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    ended: datetime | None = None
    forwarded: str | None = None

    @property
    def variables(self) -> dict[str, str]:
        """The environment that its processes find."""
        return {**self.given, **self.environment}

    @property
    def this_run(self) -> Program:
        """What its program does this time."""
        return self.gives_up or self.program

    @property
    def ending(self) -> tuple[float, int]:
        """Seconds from the stop signal to its end, and the exit code then."""
        return self.program.stopping(self.stop_timeout)

    def status_at(
        self, now: datetime, port: int, path: str, *, from_task: bool = False
    ) -> int | None:
        """What its program answers to an HTTP request; None while nothing listens there.

        Asked over the network, or with *from_task* from within its own task, where
        127.0.0.1 is the same for all containers under awsvpc. A program that heeds
        the stop signal takes no new connection after it.
        """
        server, heeds = self.this_run.server, self.program.sigterm is not None
        if server is None or not self.is_up(now) or (self.signalled and heeds):
            return None
        if server.loopback and not from_task:
            return None
        return server.status(path) if self.listens_on(port) else None

    def listens_on(self, port: int) -> bool:
        """Whether its program, when it is up, listens on this port: its own, or those of the portMappings."""
        server = self.program.server
        if server is None:
            return False
        ports = (server.port,) if server.port else self.ports
        return not ports or port in ports

    def is_up(self, now: datetime) -> bool:
        """Whether its program, if it is a server, has begun to listen by now."""
        server = self.this_run.server
        if server is None or self.began is None or self.last_status != "RUNNING":
            return False
        return (now - self.began).total_seconds() >= server.starts

"""The attributes a container agent registers its instance with: what it can do, and what it runs on.

Names by the agent's source, version 1.105.1 of June 2026 (aws/amazon-ecs-agent,
agent/app/agent_capability.go), for an ECS-optimized AMI of Amazon Linux.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html
"""

RESERVED_TCP = frozenset({22, 2375, 2376, 51678, 51679})
"""SSH, Docker, and the agent's own two: introspection and task credentials (agent README)."""

DOCKER_API = ("1.17", "1.18", "1.19", *(f"1.{minor}" for minor in range(20, 45)))

LOG_DRIVERS = ("json-file", "syslog", "journald", "fluentd", "awslogs", "none", "awsfirelens")

OLDER = (
    "privileged-container",
    "selinux",
    "ecr-auth",
    "task-iam-role",
    "task-iam-role-network-host",
    *(f"docker-remote-api.{version}" for version in DOCKER_API),
    *(f"logging-driver.{driver}" for driver in LOG_DRIVERS),
)
"""Below ``com.amazonaws.ecs.capability``, where names stood first."""

NEWER = (
    "container-health-check",
    "container-ordering",
    "container-restart-policy",
    "ecr-endpoint",
    "efs",
    "efsAuth",
    "env-files.s3",
    "execute-command",
    "execution-role-awslogs",
    "execution-role-ecr-pull",
    "fault-injection",
    "firelens.fluentbit",
    "firelens.fluentd",
    "firelens.options.config.file",
    "firelens.options.config.s3",
    "full-sync",
    "network.container-port-range",
    "pid-ipc-namespace-sharing",
    "private-registry-authentication.secretsmanager",
    "secrets.asm.bootstrap.log-driver",
    "secrets.asm.environment-variables",
    "secrets.ssm.bootstrap.log-driver",
    "secrets.ssm.environment-variables",
    "service-connect-v1",
    "storage.ebs-task-volume-attach",
    "task-cpu-mem-limit",
    "task-eni",
    "task-eni.ipv6",
)
"""Below ``ecs.capability``."""


def capabilities() -> dict[str, str | None]:
    """What the agent can do: names without values."""
    names = [f"com.amazonaws.ecs.capability.{one}" for one in OLDER]
    names += [f"ecs.capability.{one}" for one in NEWER]
    return dict.fromkeys(sorted(names))


def built_in(
    *, image: str, zone: str, kind: str, subnet: str | None, vpc: str | None, arm: bool
) -> dict[str, str | None]:
    """What ECS itself says of an instance: its AMI, place, type and processor."""
    known = {
        "ecs.ami-id": image,
        "ecs.availability-zone": zone,
        "ecs.cpu-architecture": "arm64" if arm else "x86_64",
        "ecs.instance-type": kind,
        "ecs.os-family": "LINUX",
        "ecs.os-type": "linux",
        "ecs.subnet-id": subnet,
        "ecs.vpc-id": vpc,
    }
    return {name: value for name, value in known.items() if value is not None}

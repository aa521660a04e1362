"""Why tasks stop, in AWS's words: stopCode and stoppedReason.

Wording from AWS's documentation and public outputs, 2019 to 2026.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """A stopCode and the stoppedReason that goes with it."""

    code: str | None
    reason: str


ESSENTIAL_EXITED = Stop("EssentialContainerExited", "Essential container in task exited")
"""Any exit code, 0 included."""

SPOT_INTERRUPTION = Stop("SpotInterruption", "Your Spot Task was interrupted.")
"""AWS takes the capacity back."""

FAILED_HEALTH_CHECKS = Stop("ServiceSchedulerInitiated", "Task failed container health checks")
"""A service replaces a task that is UNHEALTHY; AWS's exact wording was not found again."""

UNHEALTHY_IN_CLOUD_MAP = Stop(
    "ServiceSchedulerInitiated", "Task is unhealthy in its service registry"
)
"""A service replaces a task that Cloud Map says is UNHEALTHY; our words."""


def failed_elb_checks(target_group: str) -> Stop:
    """A service replaces a task whose target is unhealthy; seen with a balancer's name, 2023."""
    return Stop(
        "ServiceSchedulerInitiated",
        f"Task failed ELB health checks in (target-group {target_group})",
    )


DEPENDENCY_FAILED = Stop("TaskFailedToStart", "Task failed to start")
"""A container waits for what can never be; which one, and why, says the container's reason."""

STUCK = Stop("TaskFailedToStart", "Task failed to start: its containers wait for each other.")
"""Its containers kept it PENDING for three hours; the wording is our words."""


DEREGISTERED_BY_FORCE = Stop(None, "Container instance deregistration forced by user")
"""What ECS says of tasks it no longer watches; no stopCode was found (guide of 2023)."""


def host_gone(instance_id: str, ended: str) -> Stop:
    """The EC2 instance under a task is *ended*: stopped or terminated; no stopCode was found (guide of 2023)."""
    return Stop(None, f"Host EC2 (instance {instance_id}) {ended}.")


def by_user(reason: str | None) -> Stop:
    """StopTask, with the reason given in the call."""
    return Stop("UserInitiated", reason or "Task stopped by user")


def by_scheduler(deployment: str) -> Stop:
    """Scaling in, or making room for a newer deployment."""
    reason = f"Scaling activity initiated by (deployment {deployment})"
    return Stop("ServiceSchedulerInitiated", reason)


def cannot_pull(image: str) -> Stop:
    """The repository or the tag does not exist; the end of the sentence is our words."""
    return Stop(
        "TaskFailedToStart",
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): "
        f"failed to resolve ref {image}: {image}: not found",
    )


def denied_by_hub(image: str) -> Stop:
    """Docker Hub has no such repository, or a private one (compose-cli#853, 2020; the head is AWS's, 2026)."""
    return Stop(
        "TaskFailedToStart",
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to "
        f"resolve ref {image}: pull access denied, repository does not exist or may require "
        "authorization: server message: insufficient_scope: authorization failed",
    )


def denied_to_instance(image: str) -> Stop:
    """The same from Docker on a container instance: the agent's sentence, the daemon's (ecs-agent#2343, 2020)."""
    repository = image.partition("@")[0].partition(":")[0]
    return Stop(
        "TaskFailedToStart",
        "CannotPullContainerError: The task can\u2019t pull the image. Check whether the image "
        f"exists. Error response from daemon: pull access denied for {repository}, repository does "
        "not exist or may require 'docker login': denied: requested access to the resource is "
        "denied",
    )


def cannot_start(executable: str) -> Stop:
    """The command is not in the image, as Fargate's runtime says it (2022); its middle is left out."""
    return Stop(
        "TaskFailedToStart",
        "CannotStartContainerError: ResourceInitializationError: failed to create new container "
        "runtime task: failed to create shim: OCI runtime create failed: exec: "
        f'"{executable}": executable file not found in $PATH: unknown',
    )


def cannot_authenticate(denial: str) -> Stop:
    """The execution role may not get a token for ECR; the task never begins to pull.

    The head is that of outputs of 2021 in which the network was to blame, the
    tail that of the same call for parameters (copilot-cli#3104, 2021-12).
    """
    return Stop(
        "TaskFailedToStart",
        "ResourceInitializationError: unable to pull secrets or registry auth: execution "
        "resource retrieval failed: unable to retrieve ecr registry auth: service call has been "
        f"retried 1 time(s): AccessDeniedException: {denial}",
    )


def cannot_pull_manifest(repository: str, denial: str) -> Stop:
    """The execution role, or the repository's policy, does not allow ecr:BatchGetImage.

    The first two sentences are AWS's of 2026, the rest a registry's answer as
    users saw it in 2022 (copilot-cli#3518).
    """
    return Stop(
        "TaskFailedToStart",
        "CannotPullContainerError: The task can\u2019t pull the image. Check that the role has the "
        f"permissions to pull images from the registry. pull access denied for {repository}, "
        f"repository does not exist or may require 'docker login': denied: {denial}",
    )


def cannot_download_layers(denial: str) -> Stop:
    """The manifest is there, the layers are denied (amplify-category-api#1255, 2023-02)."""
    return Stop(
        "TaskFailedToStart",
        "CannotPullContainerError: error pulling image configuration: download failed after "
        f"attempts=1: denied: {denial}",
    )


NO_REGISTRY_AUTH = Stop(
    "TaskFailedToStart",
    "ResourceInitializationError: The task cannot pull registry authentication from Amazon ECR. "
    "There is a connection issue between the task and Amazon ECR. Check your task network "
    "configuration.",
)
"""A Fargate task has no way to ECR's API; it never begins to pull (AWS's troubleshooting page, 2026)."""


def no_way_to_ecr(image: str, repository: str) -> Stop:
    """A Fargate task has its token and no way to the registry itself (AWS's troubleshooting page, 2026)."""
    return Stop(
        "TaskFailedToStart",
        f"CannotPullContainerError: The task cannot pull \u2018{image}\u2019 from the Amazon ECR "
        f"repository \u2018{repository}\u2019. There is a connection issue between the task and "
        "Amazon ECR. Check your task network configuration.",
    )


def no_way_to_registry(image: str, url: str) -> Stop:
    """A Fargate task has no way to a registry on the internet (terraform-aws-cloud-scanner#13, 2023-05).

    *url* is that of the manifest; the address that users see is left out.
    """
    return Stop(
        "TaskFailedToStart",
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to "
        f'resolve ref {image}: failed to do request: Head "{url}": dial tcp: i/o timeout',
    )


def no_way_to_layers(url: str, why: str) -> Stop:
    """The manifest is there, S3 with the layers is not reached, or refuses.

    The head is AWS's (guide of 2026, and users since 2021), the rest our words.
    """
    return Stop(
        "TaskFailedToStart",
        "CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: "
        f"httpReaderSeeker: failed open: {why} {url}",
    )


NO_SPACE_LEFT = Stop(
    "TaskFailedToStart",
    "CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer: write "
    "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs: no space left on device: unknown",
)
"""A Fargate task's images are larger than its storage (sst#3542, 2023-11); digest and path are left out."""


def no_way_from_instance(url: str) -> Stop:
    """Docker on a container instance does not reach a registry: the agent's and the daemon's words."""
    return Stop(
        "TaskFailedToStart",
        "CannotPullContainerError: The task can\u2019t pull the image. Check your network "
        f"configuration. Error response from daemon: Get {url}: net/http: request canceled while "
        "waiting for connection",
    )


def no_ecr_token_on_instance(url: str) -> Stop:
    """The agent does not reach ECR's API: the error's name is the agent's, the rest our words."""
    return Stop(
        "TaskFailedToStart",
        "CannotPullECRContainerError: RequestError: send request failed caused by: "
        f"Post {url}: dial tcp: i/o timeout",
    )


def no_ecr_token_for_instance(denial: str) -> Stop:
    """The agent is denied the token; the error's name is the agent's, the denial ECR's."""
    return Stop(
        "TaskFailedToStart", f"CannotPullECRContainerError: AccessDeniedException: {denial}"
    )


def no_address(subnet: str | None) -> Stop:
    """The subnet has no address left for the task's network interface."""
    return Stop(
        "TaskFailedToStart",
        "Unexpected EC2 error while attempting to Create Network Interface with public IP "
        f"assignment enabled in subnet '{subnet}'",
    )

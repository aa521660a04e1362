"""Why what a task needs beside its images could not be had: secrets, and its log stream.

Fargate says it in the task's stoppedReason; on container instances the agent
and Docker have words of their own. Wording from AWS's troubleshooting pages of
2026 and public outputs, each named.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
"""

from course.sandbox.ecs.stop_reasons import Stop

FAILED = "TaskFailedToStart"
HEAD = "ResourceInitializationError: "
EXECUTION = f"{HEAD}unable to pull secrets or registry auth: execution resource retrieval failed: "
RETRIED = "service call has been retried 1 time(s): "


def _stop(reason: str) -> Stop:
    return Stop(FAILED, reason)


# --- Secrets Manager


def secret_missing(arn: str, region: str, *, on_instance: bool) -> Stop:
    """No such secret in this Region, or no such version of it (AWS's page, 2026)."""
    if on_instance:
        error = "ResourceNotFoundException: Secrets Manager can't find the specified secret."
        return _from_agent(arn, region, error)
    return _stop(
        f"{HEAD}The task can\u2019t pull the secret from Secrets Manager. The task can't retrieve "
        f"the secret with ARN '{arn}' from Secrets Manager. Check whether the secret exists in the "
        "specified Region."
    )


def secret_unreached(arn: str, region: str, *, on_instance: bool) -> Stop:
    """No way to Secrets Manager (AWS's page, 2026)."""
    if on_instance:
        return _from_agent(arn, region, _no_way("secretsmanager", region))
    return _stop(
        f"{HEAD}The task can\u2019t pull secrets from AWS Secrets Manager. There is a connection "
        "issue between the task and Secrets Manager. Check your task network configuration."
    )


def secret_refused(arn: str, region: str, error: str, *, on_instance: bool) -> Stop:
    """Secrets Manager answers with an error (dify-self-hosted-on-aws#35, 2025; terraform-aws-directus#10, 2024)."""
    if on_instance:
        return _from_agent(arn, region, error)
    return _stop(
        f"{EXECUTION}unable to retrieve secret from asm: {RETRIED}failed to fetch secret {arn} "
        f"from secrets manager: {error}"
    )


def secret_without(arn: str, region: str, what: str, *, on_instance: bool) -> Stop:
    """The secret is there, and not what was asked of it; *what* is the agent's of 2023 or our words."""
    if on_instance:
        return _from_agent(arn, region, what)
    return _stop(f"{EXECUTION}unable to retrieve secret from asm: {RETRIED}{what}")


def _from_agent(arn: str, region: str, error: str) -> Stop:
    """The agent's words for all of these (amazon-ecs-developer-guide#110, 2020)."""
    return _stop(
        f"Fetching secret data from AWS Secrets Manager in region {region}: secret {arn}: {error}"
    )


def _no_way(service: str, region: str) -> str:
    url = f"https://{service}.{region}.amazonaws.com/"
    return f"RequestError: send request failed caused by: Post {url}: dial tcp: i/o timeout"


# --- Parameter Store


def parameters_unreached(region: str, *, on_instance: bool) -> Stop:
    """No way to Systems Manager (AWS's page, 2026)."""
    if on_instance:
        return parameters_refused(region, _no_way("ssm", region), on_instance=True)
    return _stop(
        f"{HEAD}The task cannot pull secrets from AWS Systems Manager Parameter Store. Check your "
        "network connection between the task and AWS Systems Manager."
    )


def parameters_missing(region: str, names: list[str], *, on_instance: bool) -> Stop:
    """No such parameters (simpler-grants-gov#4330, 2025; the agent's source, 2018 to 2026)."""
    word = "" if on_instance else "ssm "
    said = f"invalid {word}parameters: {','.join(names)}"
    return parameters_refused(region, said, on_instance=on_instance)


def parameters_refused(region: str, error: str, *, on_instance: bool) -> Stop:
    """Parameter Store answers with an error (copilot-cli#4504, 2023; on instances users since 2020)."""
    if on_instance:
        return _stop(f"Fetching secret data from SSM Parameter Store in {region}: {error}")
    return _stop(f"{EXECUTION}unable to retrieve secrets from ssm: {RETRIED}{error}")


# --- Logs


def log_unreached(region: str, *, on_instance: bool) -> Stop:
    """No way to CloudWatch Logs (AWS's page, 2026)."""
    if on_instance:
        error = f"failed to create Cloudwatch log stream: {_no_way('logs', region)}"
        return logger_refused(error, on_instance=True)
    return _stop(
        f"{HEAD}The task cannot find the Amazon CloudWatch log group defined in the task "
        "definition. There is a connection issue between the task and Amazon CloudWatch. Check "
        "your network configuration."
    )


def logger_refused(error: str, *, on_instance: bool) -> Stop:
    """The log driver got no stream: Fargate (terraform-aws-ecs#313, 2025; minecraft-ondemand#12, 2021).

    On an instance Docker says so (stepfunctions2processing#5, docker-curriculum#260, 2020).
    """
    if on_instance:
        return _stop(
            "CannotStartContainerError: Error response from daemon: failed to initialize logging "
            f"driver: {error}"
        )
    return _stop(
        f"{HEAD}failed to validate logger args: create stream has been retried 1 times: {error} "
        ": exit status 1"
    )

"""What the container agent is told: user data that writes /etc/ecs/ecs.config. Pure.

cloud-init runs user data only if it is a script (``#!``) or one of cloud-init's
own forms; of a script, the lines that set a variable of the agent count, if it
writes the agent's file at all. A line that is a comment writes nothing.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bootstrap_container_instance.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
"""

import json
import re
from collections.abc import Mapping

DEFAULT_CLUSTER = "default"
CONFIG_FILE = "/etc/ecs/ecs.config"
SCRIPTS = ("#!", "Content-Type: multipart", "MIME-Version:", "#cloud-boothook", "#cloud-config")

SETTING = re.compile(r"""\b(ECS_[A-Z_]+)=(?:'([^']*)'|"([^"]*)"|(\{[^}]*\})|([^\s"'>;]*))""")


def agent_config(user_data: str) -> dict[str, str]:
    """The agent's variables (``ECS_CLUSTER`` ...) that user data writes; the last word on each counts."""
    text = user_data.strip()
    if not text.startswith(SCRIPTS) or CONFIG_FILE not in text:
        return {}
    lines = (line.strip() for line in text.splitlines())
    written = (line.replace('\\"', '"') for line in lines if not line.startswith("#"))
    return {
        found[1]: next((part for part in found.groups()[1:] if part), "")
        for line in written
        for found in SETTING.finditer(line)
    }


def cluster_named(config: Mapping[str, str]) -> str:
    """The cluster to register with: ``default`` when none is named."""
    return config.get("ECS_CLUSTER") or DEFAULT_CLUSTER


def custom_attributes(config: Mapping[str, str]) -> dict[str, str]:
    """Attributes of ``ECS_INSTANCE_ATTRIBUTES``, JSON; what cannot be read is left out."""
    try:
        given = json.loads(config.get("ECS_INSTANCE_ATTRIBUTES") or "{}")
    except ValueError:
        return {}
    return (
        {str(name): str(value) for name, value in given.items()} if isinstance(given, dict) else {}
    )


def blocks_imds(config: Mapping[str, str]) -> bool:
    """Whether ``ECS_AWSVPC_BLOCK_IMDS`` keeps tasks in awsvpc mode from the instance's metadata."""
    return config.get("ECS_AWSVPC_BLOCK_IMDS", "").lower() == "true"


def reserved_memory(config: Mapping[str, str]) -> int:
    """MiB that ``ECS_RESERVED_MEMORY`` keeps from tasks."""
    text = config.get("ECS_RESERVED_MEMORY", "")
    return int(text) if text.isdecimal() else 0

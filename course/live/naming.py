"""What a call is about, in the ledger's words: names as the learner gave them, and as AWS answered.

Never an ARN: it would put the account's id on disk. A name at its end is kept.
"""

from collections.abc import Mapping
from typing import Any

Given = Mapping[str, Any]


def short(named: object) -> str:
    """The name at the end of an ARN; anything else as it is."""
    text = str(named or "")
    return text.rpartition("/")[2] if text.startswith("arn:") else text


def said(operation: str, given: Given) -> dict[str, Any]:
    """What the ledger keeps of a creating call before it is made."""
    match operation:
        case "CreateCluster":
            return {"name": given.get("clusterName") or "default"}
        case "RegisterTaskDefinition":
            sizes = {name: int(given[name]) for name in ("cpu", "memory")}
            return {"name": str(given.get("family", "")), **sizes}
        case "CreateService":
            within = cluster(given)
            return {"name": str(given.get("serviceName", "")), "within": within}
        case "RunTask":
            return {"name": short(given.get("taskDefinition")), "within": cluster(given)}
        case _:
            return {"name": str(given.get("GroupName", ""))}


def answered(operation: str, answer: Given) -> str:
    """The name by which AWS knows what it has made; empty when it made nothing."""
    match operation:
        case "CreateCluster":
            return str(answer["cluster"]["clusterName"])
        case "RegisterTaskDefinition":
            return short(answer["taskDefinition"]["taskDefinitionArn"])
        case "CreateService":
            return str(answer["service"]["serviceName"])
        case "RunTask":
            return " ".join(short(one["taskArn"]) for one in answer["tasks"])
        case _:
            return str(answer["GroupId"])


def cluster(given: Given) -> str:
    """The cluster a call is about; ECS's own default is called ``default``."""
    return short(given.get("cluster")) or "default"


def groups(given: Given) -> list[str]:
    """The security groups that tasks of this call would be in."""
    network = (given.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    return list(network.get("securityGroups") or ())

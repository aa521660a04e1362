"""A description as Kubernetes wants it: manifests, one for each object that an ECS service takes together.

Deployment: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
Service: https://kubernetes.io/docs/concepts/services-networking/service/
Ingress on EKS: https://docs.aws.amazon.com/eks/latest/userguide/alb-ingress.html
"""

from typing import Any

from course.portable.description import Description
from course.portable.quantities import cpu, memory

Manifest = dict[str, Any]

ALB = "alb.ingress.kubernetes.io"
"""The prefix of the annotations that the AWS Load Balancer Controller reads."""

PORT = 80
"""Where the Service, and with it everybody inside the cluster, is asked."""

NAMESPACE = "default"


def manifests(described: Description) -> list[Manifest]:
    """Every manifest of a service, in the order in which one would apply them."""
    account = [service_account(described)] if described.role else []
    return [
        *account,
        deployment(described),
        service(described),
        ingress(described),
        autoscaler(described),
    ]


def deployment(described: Description) -> Manifest:
    """The Deployment: keeps so many Pods, and replaces them bit by bit when its template changes."""
    labels = {"app": described.name}
    strategy = {
        "maxUnavailable": f"{100 - described.least}%",
        "maxSurge": f"{described.most - 100}%",
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": described.name},
        "spec": {
            "replicas": described.copies,
            "selector": {"matchLabels": labels},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": strategy},
            "template": {"metadata": {"labels": dict(labels)}, "spec": _pod(described)},
        },
    }


def _pod(described: Description) -> Manifest:
    account = {"serviceAccountName": described.name} if described.role else {}
    return {
        **account,
        "terminationGracePeriodSeconds": described.stop,
        "containers": [_container(described)],
    }


def _container(described: Description) -> Manifest:
    named = described.variables
    size = {"cpu": cpu(described.cpu), "memory": memory(described.memory)}
    asked = {"httpGet": {"path": described.health, "port": described.port}}
    return {
        "name": described.name,
        "image": described.image,
        "ports": [{"containerPort": described.port}],
        **({"env": named} if named else {}),
        "resources": {"requests": size, "limits": dict(size)},
        "livenessProbe": asked,
        "readinessProbe": {"httpGet": dict(asked["httpGet"])},
    }


def service(described: Description) -> Manifest:
    """The Service: one name and port for whatever Pods have the label; it starts none."""
    ports = [{"port": PORT, "targetPort": described.port}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": described.name},
        "spec": {"type": "ClusterIP", "selector": {"app": described.name}, "ports": ports},
    }


def ingress(described: Description) -> Manifest:
    """The Ingress: from outside to the Service; on EKS a controller makes an ALB of it."""
    behind = {"service": {"name": described.name, "port": {"number": PORT}}}
    annotations = {
        f"{ALB}/scheme": "internet-facing",
        f"{ALB}/target-type": "ip",
        f"{ALB}/healthcheck-path": described.health,
    }
    path = {"path": "/", "pathType": "Prefix", "backend": behind}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": described.name, "annotations": annotations},
        "spec": {"ingressClassName": "alb", "rules": [{"http": {"paths": [path]}}]},
    }


def autoscaler(described: Description) -> Manifest:
    """The HorizontalPodAutoscaler: changes ``replicas`` so that the CPU in use stays near a target."""
    target = {"type": "Utilization", "averageUtilization": described.busy}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": described.name},
        "spec": {
            "scaleTargetRef": {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "name": described.name,
            },
            "minReplicas": described.copies,
            "maxReplicas": described.up_to,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
        },
    }


def service_account(described: Description) -> Manifest:
    """The ServiceAccount: who a Pod is. EKS Pod Identity ties it to an IAM role, outside of it."""
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": described.name}}


def pod_identity(described: Description, cluster: str) -> dict[str, str]:
    """What EKS's CreatePodIdentityAssociation gets: the role for Pods of the service account."""
    return {
        "clusterName": cluster,
        "namespace": NAMESPACE,
        "serviceAccount": described.name,
        "roleArn": described.role,
    }

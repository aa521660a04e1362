"""Patterns that ECS can host, put into an account by one call, drawn from its state, and taken out again.

What a pattern needs is made by plain boto3, as a lesson would: security groups, a load
balancer, a cluster with a service of two tasks. Everything is called after the pattern.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
"""

from collections.abc import Callable
from typing import Any

from course.diagrams.in_front import in_front
from course.diagrams.patterns import find_pattern
from course.diagrams.picture import Picture
from course.exercises.balancers import (
    PORT,
    balancers,
    create_balancer,
    create_group,
    create_service,
    delete_balancer,
    delete_groups,
    delete_targets,
    open_port,
    register,
)
from course.exercises.ecs import delete_cluster, deregister
from course.exercises.exercise import Session

SERVICE = "stock"
IMAGE = f"registry.example.com/{SERVICE}:1"


class NotDeployable(ValueError):
    """A pattern that is drawn only; the message says which are deployable."""


class Deployed:
    """A pattern that stands in the account; shown, it is drawn from the account's state.

    *cluster* has its name; *url* is where visitors come in.
    """

    def __init__(self, session: Session, name: str, url: str) -> None:
        self._session = session
        self.cluster = name
        self.url = url

    def __repr__(self) -> str:
        return f"{self.picture!r}\nat {self.url}"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**self.picture._repr_mimebundle_(), "text/plain": repr(self)}

    @property
    def picture(self) -> Picture:
        """What stands there now, drawn as the pattern is."""
        return in_front(self._session, self.cluster)

    def cleanup(self) -> None:
        """Take it out again; what is gone already is no hindrance."""
        name = self.cluster
        delete_cluster(self._session, name)
        delete_balancer(self._session, name)
        delete_targets(self._session, name)
        delete_groups(self._session, f"{name}-tasks", f"{name}-front")
        deregister(self._session, SERVICE)


def deploy(session: Session, name: str) -> Deployed:
    """Put a pattern into the account, and let time pass until it serves; one that stands there is kept.

    Raises UnknownPattern, and NotDeployable for one that ECS cannot host.
    """
    make = DEPLOYABLE.get(find_pattern(name).name)
    if make is None:
        raise NotDeployable(
            f"{name!r} is drawn here, and not deployed: ECS hosts {', '.join(DEPLOYABLE)}."
        )
    return Deployed(session, name, make(session, name))


def _behind_alb(session: Session, name: str) -> str:
    if not balancers(session, name):
        _balanced_service(session, name)
    (balancer,) = balancers(session, name)
    return f"http://{balancer['DNSName']}"


def _balanced_service(session: Session, name: str, **of_balancer: Any) -> None:
    """A load balancer whose tasks let in nobody else, and a service that registers there."""
    front, tasks = create_group(session, f"{name}-front"), create_group(session, f"{name}-tasks")
    open_port(session, front, 80, "0.0.0.0/0")
    open_port(session, tasks, PORT, front)
    targets = create_balancer(session, name, front, **of_balancer)
    session.client("ecs").create_cluster(clusterName=name)
    register(session, SERVICE, IMAGE)
    create_service(session, name, SERVICE, targets, tasks)
    session.client("elbv2").get_waiter("target_in_service").wait(TargetGroupArn=targets)
    session.client("ecs").get_waiter("services_stable").wait(cluster=name, services=[SERVICE])


DEPLOYABLE: dict[str, Callable[[Session, str], str]] = {"ecs-behind-alb": _behind_alb}
"""How each is made, by the pattern's name; the address of its door comes back."""

"""Patterns that ECS can host, put into an account by one call, drawn from its state, and taken out again.

What a pattern needs is made by plain boto3, as a lesson would: security groups, a load
balancer, a cluster with a service of two tasks, an API with its link. Everything is called after the pattern.

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
from course.exercises.gateways import apis, create_front, create_link, delete_api, delete_links

SERVICE = "stock"


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
        delete_api(self._session, self.cluster)
        delete_links(self._session, self.cluster)
        remove_balanced(self._session, self.cluster, SERVICE)


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
        balanced_service(session, name, SERVICE)
    (balancer,) = balancers(session, name)
    return f"http://{balancer['DNSName']}"


def _behind_api(session: Session, name: str) -> str:
    if not apis(session, name):
        create_link(session, name)
        balanced_service(session, name, SERVICE, Scheme="internal")
        create_front(session, name)
    return str(apis(session, name)[0]["ApiEndpoint"])


def balanced_service(session: Session, name: str, service: str, **of_balancer: Any) -> None:
    """A load balancer whose tasks let in nobody else, and a service of two tasks that registers there.

    Time passes until they are healthy: two to three minutes, in which a VPC link is made as well.
    """
    front, tasks = create_group(session, f"{name}-front"), create_group(session, f"{name}-tasks")
    open_port(session, front, 80, "0.0.0.0/0")
    open_port(session, tasks, PORT, front)
    targets = create_balancer(session, name, front, **of_balancer)
    session.client("ecs").create_cluster(clusterName=name)
    register(session, service, f"registry.example.com/{service}:1")
    create_service(session, name, service, targets, tasks)
    healthy = session.client("elbv2").get_waiter("target_in_service")
    healthy.wait(TargetGroupArn=targets, WaiterConfig={"Delay": 40})
    session.client("ecs").get_waiter("services_stable").wait(cluster=name, services=[service])


def remove_balanced(session: Session, name: str, service: str) -> None:
    """Take it all out again."""
    delete_cluster(session, name)
    delete_balancer(session, name)
    delete_targets(session, name)
    delete_groups(session, f"{name}-tasks", f"{name}-front")
    deregister(session, service)


DEPLOYABLE: dict[str, Callable[[Session, str], str]] = {
    "ecs-behind-alb": _behind_alb,
    "ecs-behind-api": _behind_api,
}
"""How each is made, by the pattern's name; the address of its door comes back."""

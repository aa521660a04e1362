"""Place two services where they cost least: one fills instances, the other is one small task."""

import base64
from typing import Any

from course.costs.model import Size, on_fargate, on_instances
from course.costs.prices import prices
from course.exercises.ecs import active_service, delete_cluster, deregister, public_network
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.instances import (
    AMI,
    create_agent_role,
    delete_agent_role,
    running,
    terminate,
    told,
)
from course.exercises.roles import role_names

HARBOUR = "harbour"
ROLE = "harbour-agent"
COPIES = {"catalogue": 6, "kiosk": 1}
SIZE = Size(256, 512)
MACHINE = "t3.small"
LEAST = on_instances(2, prices().machine(MACHINE), prices()) + on_fargate(SIZE, 1, prices())
"""Dollars an hour: six tasks fill two instances; a third for one more would cost more than Fargate."""

IMAGE = "public.ecr.aws/docker/library/nginx:latest"
FORMS: dict[str, dict[str, Any]] = {
    "fargate": {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"},
    "ec2": {"requiresCompatibilities": ["EC2"], "networkMode": "bridge"},
}
SERVICES = f"describe_services(cluster={HARBOUR!r}, services=['catalogue', 'kiosk'])"


def _setup(session: Session) -> None:
    """An empty cluster, a launch template for its instances, each app in both forms."""
    ecs, ec2, ssm = (session.client(name) for name in ("ecs", "ec2", "ssm"))
    if ROLE in role_names(session.client("iam")):
        return
    create_agent_role(session, ROLE)
    ecs.create_cluster(clusterName=HARBOUR)
    script = f"#!/bin/bash\necho ECS_CLUSTER={HARBOUR} >> /etc/ecs/ecs.config"
    like = {
        "ImageId": ssm.get_parameter(Name=AMI)["Parameter"]["Value"],
        "InstanceType": MACHINE,
        "IamInstanceProfile": {"Name": ROLE},
        "UserData": base64.b64encode(script.encode()).decode(),
    }
    ec2.create_launch_template(LaunchTemplateName=HARBOUR, LaunchTemplateData=like)
    for app in COPIES:
        for form, given in FORMS.items():
            port = {"containerPort": 80, "hostPort": 0 if form == "ec2" else 80}
            web = {"name": "web", "image": IMAGE, "portMappings": [port], "memory": SIZE.memory}
            ecs.register_task_definition(
                family=f"{app}-{form}",
                cpu=str(SIZE.cpu),
                memory=str(SIZE.memory),
                containerDefinitions=[web],
                **given,
            )


def _service(session: Session, name: str) -> dict[str, Any] | None:
    return active_service(session, HARBOUR, name)


def _machines(session: Session) -> list[str]:
    """The instances that are told this cluster, whether their agents have registered or not."""
    ids = [one["InstanceId"] for one in running(session)]
    return [id for id in ids if told(session, id) == HARBOUR]


def _attempted(session: Session) -> bool:
    return bool(_machines(session)) or any(_service(session, name) for name in COPIES)


def _kept(session: Session, name: str) -> Finding:
    service = _service(session, name)
    if service is None:
        return missing(f"an ACTIVE service {name}", f"no {name}", SERVICES)
    own = f"{name}-"
    family = service["taskDefinition"].rpartition("/")[2].partition(":")[0]
    if not family.startswith(own):
        return missing(f"a task definition {own}fargate or {own}ec2", family, SERVICES)
    wanted, found = COPIES[name], service["desiredCount"]
    if found == wanted:
        return MET
    return missing(f"desiredCount {wanted}", f"{name}: desiredCount {found}", SERVICES)


def _catalogue(session: Session) -> Finding:
    return _kept(session, "catalogue")


def _kiosk(session: Session) -> Finding:
    return _kept(session, "kiosk")


def _running(session: Session) -> Finding:
    counts = {name: (_service(session, name) or {}).get("runningCount") for name in COPIES}
    if counts == COPIES:
        return MET
    found = ", ".join(f"{name}: {count} RUNNING" for name, count in counts.items())
    look = "the services' events; time passes when you wait (services_stable)"
    return missing("catalogue: 6 RUNNING, kiosk: 1 RUNNING", found, look)


def _cheapest(session: Session) -> Finding:
    """What is paid for now, by the lesson's prices: tasks on Fargate, and instances."""
    ecs = session.client("ecs")
    count = len(_machines(session))
    tasks = len(ecs.list_tasks(cluster=HARBOUR, launchType="FARGATE")["taskArns"])
    paid = on_fargate(SIZE, tasks, prices()) + on_instances(
        count, prices().machine(MACHINE), prices()
    )
    if paid < LEAST + 0.00005:
        return MET
    found = f"{paid:.4f}: tasks on Fargate: {tasks}, instances: {count}"
    return missing(f"{LEAST:.4f} dollars an hour", found, "lesson.costs(); what each instance has")


def _solve(session: Session) -> None:
    ecs, ec2 = session.client("ecs"), session.client("ec2")
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"][:2]]
    ec2.run_instances(LaunchTemplate={"LaunchTemplateName": "harbour"}, MinCount=2, MaxCount=2)
    ecs.create_service(
        cluster="harbour",
        serviceName="catalogue",
        taskDefinition="catalogue-ec2",
        desiredCount=6,
        launchType="EC2",
    )
    ecs.create_service(
        cluster="harbour",
        serviceName="kiosk",
        taskDefinition="kiosk-fargate",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": subnets, "assignPublicIp": "ENABLED"}
        },
    )
    ecs.get_waiter("services_stable").wait(cluster="harbour", services=["catalogue", "kiosk"])


def _cleanup(session: Session) -> None:
    ec2 = session.client("ec2")
    for app in COPIES:
        for form in FORMS:
            deregister(session, f"{app}-{form}")
    delete_cluster(session, HARBOUR)
    terminate(session, _machines(session))
    for one in ec2.describe_launch_templates()["LaunchTemplates"]:
        if one["LaunchTemplateName"] == HARBOUR:
            ec2.delete_launch_template(LaunchTemplateName=HARBOUR)
    delete_agent_role(session, ROLE)


def _launch(session: Session, count: int) -> None:
    template = {"LaunchTemplateName": HARBOUR}
    session.client("ec2").run_instances(LaunchTemplate=template, MinCount=count, MaxCount=count)


def _create(session: Session, name: str, form: str, **changes: Any) -> None:
    """A service in one of the two forms: material for wrong solutions."""
    given = {"launchType": form.upper(), "desiredCount": COPIES[name]} | changes
    if form == "fargate":
        given["networkConfiguration"] = public_network(session)
    session.client("ecs").create_service(
        cluster=HARBOUR, serviceName=name, taskDefinition=f"{name}-{form}", **given
    )


def _wait(session: Session) -> None:
    waiter = session.client("ecs").get_waiter("services_stable")
    waiter.wait(cluster=HARBOUR, services=list(COPIES))


def _both(session: Session, catalogue: str, kiosk: str, machines: int) -> None:
    if machines:
        _launch(session, machines)
    _create(session, "catalogue", catalogue)
    _create(session, "kiosk", kiosk)
    _wait(session)


def _all_on_fargate(session: Session) -> None:
    _both(session, "fargate", "fargate", 0)


def _all_on_ec2(session: Session) -> None:
    _both(session, "ec2", "ec2", 3)


def _swapped(session: Session) -> None:
    _both(session, "fargate", "ec2", 1)


def _one_to_spare(session: Session) -> None:
    _both(session, "ec2", "fargate", 3)


def _five(session: Session) -> None:
    _launch(session, 2)
    _create(session, "catalogue", "ec2", desiredCount=5)
    _create(session, "kiosk", "fargate")
    _wait(session)


def _two_kiosks(session: Session) -> None:
    _launch(session, 2)
    _create(session, "catalogue", "ec2")
    _create(session, "kiosk", "fargate", desiredCount=2)
    _wait(session)


def _one_instance(session: Session) -> None:
    _launch(session, 1)
    _create(session, "catalogue", "ec2")
    _create(session, "kiosk", "fargate")
    given = {"services": ["kiosk"], "WaiterConfig": {"Delay": 180}}
    session.client("ecs").get_waiter("services_stable").wait(cluster=HARBOUR, **given)


def _only_instances(session: Session) -> None:
    _launch(session, 2)
    given = {"clusters": [HARBOUR]}
    session.client("ecs").describe_clusters(**given)
    _create(session, "kiosk", "fargate")


def _no_kiosk(session: Session) -> None:
    _launch(session, 2)
    _create(session, "catalogue", "ec2")


PLACE_TWO_SERVICES = Exercise(
    id="use-cost-101",
    lesson="use-cases",
    goal=(
        "In the cluster 'harbour' run two services at the least cost an hour by this lesson's "
        "prices: 'catalogue' with 6 tasks, and 'kiosk' with 1. Each task asks for 256 CPU units "
        "and 512 MiB, and each app is registered in two forms: 'catalogue-ec2' (bridge mode), "
        "'catalogue-fargate', 'kiosk-ec2', 'kiosk-fargate'. The cluster has no instance; the "
        "launch template 'harbour' makes a t3.small that joins it."
    ),
    criteria=(
        Criterion("catalogue", "service catalogue keeps 6 tasks", _catalogue),
        Criterion("kiosk", "service kiosk keeps 1 task", _kiosk, after="catalogue"),
        Criterion("running", "all seven are RUNNING", _running, after="kiosk"),
        Criterion("cost", "nothing cheaper runs the same", _cheapest, after="running"),
    ),
    hints=(
        "How many such tasks does a t3.small have room for? lesson.costs() says so.",
        (
            "Six tasks fill two instances. What costs less for the seventh: a third instance, or "
            "one task on Fargate?"
        ),
        (
            "run_instances with LaunchTemplate={'LaunchTemplateName': 'harbour'} and two of them; "
            "create_service twice, with launchType EC2 and FARGATE; then a waiter."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("all on Fargate", _all_on_fargate, "cost", "Fargate: 7, instances: 0"),
        WrongSolution("all on EC2", _all_on_ec2, "cost", "Fargate: 0, instances: 3"),
        WrongSolution("swapped", _swapped, "cost", "Fargate: 6, instances: 1"),
        WrongSolution("one to spare", _one_to_spare, "cost", "Fargate: 1, instances: 3"),
        WrongSolution("five copies", _five, "catalogue", "catalogue: desiredCount 5"),
        WrongSolution("two kiosks", _two_kiosks, "kiosk", "kiosk: desiredCount 2"),
        WrongSolution("one instance", _one_instance, "running", "catalogue: 3 RUNNING"),
        WrongSolution("no catalogue", _only_instances, "catalogue", "no catalogue"),
        WrongSolution("no kiosk", _no_kiosk, "kiosk", "no kiosk"),
    ),
    rationale=(
        "Full instances are cheaper than Fargate, and one that is a third full is dearer. On AWS "
        "you would also ask who patches those two, and what is left when one of them fails."
    ),
    objective="use-cases/cost",
    sources=(
        "Prices of course/costs/prices.toml, us-east-1, checked 2026-11-27",
        "Amazon ECS Developer Guide, launch types and capacity providers, checked 2026-11-27",
    ),
)

"""Harden a task definition: no password to read in it, no root, nothing to write but what is mounted."""

import json
from typing import Any

from course.exercises.ecs import delete_cluster, deregister, latest, public_network, short
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.policies import (
    allow,
    create_role,
    create_secret,
    delete_roles,
    delete_secret,
    document,
    secret_arn,
)

PHARMACY = "pharmacy"
LABELS = "labels"
ROLE = "labels-execution"
SECRET = "pharmacy/printer"
PASSWORD = "also-not-a-real-one"
NAME = "PRINTER_PASSWORD"
CARELESS = [{"name": NAME, "value": PASSWORD}]
KEPT = ("family", "requiresCompatibilities", "networkMode", "cpu", "memory", "executionRoleArn")
APP = "app"
LOOK = f"describe_task_definition(taskDefinition={LABELS!r}): containerDefinitions, volumes"


def _setup(session: Session) -> None:
    """``labels:1``, as careless as they come; the secret is there, and the role may read it."""
    if latest(session, LABELS):
        return
    iam, ecs = session.client("iam"), session.client("ecs")
    secret = create_secret(session, SECRET, user="labels", password=PASSWORD)
    role = create_role(session, ROLE)
    policy = document(allow("secretsmanager:GetSecretValue", secret))
    iam.put_role_policy(RoleName=ROLE, PolicyName="secret", PolicyDocument=policy)
    ecs.create_cluster(clusterName=PHARMACY)
    container = {
        "name": APP,
        "image": "registry.example.com/web:1",
        "environment": CARELESS,
    }
    ecs.register_task_definition(
        family=LABELS,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        executionRoleArn=role,
        containerDefinitions=[container],
    )


def _revision(session: Session) -> dict[str, Any]:
    return latest(session, LABELS) or {}


def _container(session: Session) -> dict[str, Any]:
    """The app, wherever it stands: another container may have been put before it."""
    containers = _revision(session).get("containerDefinitions", [])
    return dict(next((one for one in containers if one["name"] == APP), {}))


def _attempted(session: Session) -> bool:
    """Whether there is another revision, a task, or no cluster any more."""
    careless = _container(session).get("environment") == CARELESS
    return len(_revisions(session)) != 1 or not careless or bool(_tasks(session))


def _revisions(session: Session) -> list[str]:
    found = session.client("ecs").list_task_definitions(familyPrefix=LABELS)
    return list(found["taskDefinitionArns"])


def _tasks(session: Session) -> list[dict[str, Any]]:
    """The tasks of the cluster that are not on their way out."""
    ecs = session.client("ecs")
    arns = ecs.list_tasks(cluster=PHARMACY, desiredStatus="RUNNING")["taskArns"]
    return list(ecs.describe_tasks(cluster=PHARMACY, tasks=arns)["tasks"]) if arns else []


def _hidden(session: Session) -> Finding:
    container = _container(session)
    expected = f"{NAME} under secrets, from the key password of {SECRET}, and no value to read"
    if any(PASSWORD in one["value"] for one in container.get("environment", [])):
        return missing(expected, f"the password in environment of {_name(session)}", LOOK)
    if PASSWORD in json.dumps(_revision(session), default=str):
        return missing(expected, f"the password somewhere else in {_name(session)}", LOOK)
    named = {one["name"]: one["valueFrom"] for one in container.get("secrets", [])}
    arn = secret_arn(session, SECRET)
    if named.get(NAME) in (f"{arn}:password::", f"{arn}:password:AWSCURRENT:"):
        return MET
    given = named.get(NAME, "nothing").replace(arn, "the secret's ARN")
    return missing(expected, f"{NAME} from [{given}]", LOOK)


def _name(session: Session) -> str:
    return short(_revision(session).get("taskDefinitionArn", "no revision"))


def _no_root(session: Session) -> Finding:
    user = str(_container(session).get("user", ""))
    name = user.partition(":")[0]
    if name.strip("0") and name != "root":
        return MET
    return missing("a user other than root", f"user {user or 'not set'}", LOOK)


def _read_only(session: Session) -> Finding:
    container, volumes = _container(session), _revision(session).get("volumes", [])
    expected = "readonlyRootFilesystem True, and a volume at /tmp to write to"
    if not container.get("readonlyRootFilesystem"):
        return missing(expected, "a root filesystem that can be written to", LOOK)
    paths = [
        one["containerPath"].rstrip("/") or "/"
        for one in container.get("mountPoints", [])
        if not one.get("readOnly")
    ]
    elsewhere = [one for one in paths if one != "/tmp"]
    if elsewhere:
        return missing(expected, f"a volume to write to at {elsewhere[0]}", LOOK)
    names = [one["name"] for one in volumes]
    return (
        MET if paths else missing(expected, f"nothing to write to at /tmp; volumes: {names}", LOOK)
    )


def _runs(session: Session) -> Finding:
    newest = _revision(session).get("taskDefinitionArn")
    tasks = _tasks(session)
    states = [f"{short(one['taskDefinitionArn'])} {one['lastStatus']}" for one in tasks]
    if any(one["taskDefinitionArn"] == newest and one["lastStatus"] == "RUNNING" for one in tasks):
        return MET
    look = f"list_tasks(cluster={PHARMACY!r}), and stoppedReason of those that stopped"
    return missing(f"a task of {short(newest)}, RUNNING", ", ".join(states) or "no task", look)


def _solve(session: Session) -> None:
    ecs, vault = session.client("ecs"), session.client("secretsmanager")
    labels = ecs.describe_task_definition(taskDefinition="labels")["taskDefinition"]
    secret = vault.describe_secret(SecretId="pharmacy/printer")["ARN"]
    (app,) = labels["containerDefinitions"]
    app["environment"] = []
    app["secrets"] = [{"name": "PRINTER_PASSWORD", "valueFrom": secret + ":password::"}]
    app["user"] = "1000"
    app["readonlyRootFilesystem"] = True
    app["mountPoints"] = [{"sourceVolume": "scratch", "containerPath": "/tmp"}]
    kept = ["family", "requiresCompatibilities", "networkMode", "cpu", "memory"]
    kept += ["executionRoleArn", "containerDefinitions"]
    hardened = {one: labels[one] for one in kept}
    ecs.register_task_definition(**hardened, volumes=[{"name": "scratch"}])
    subnet = session.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    place = {"awsvpcConfiguration": {"subnets": [subnet], "assignPublicIp": "ENABLED"}}
    run = {"cluster": "pharmacy", "launchType": "FARGATE", "networkConfiguration": place}
    task = ecs.run_task(taskDefinition="labels", **run)["tasks"][0]["taskArn"]
    ecs.get_waiter("tasks_running").wait(cluster="pharmacy", tasks=[task])


def _cleanup(session: Session) -> None:
    delete_cluster(session, PHARMACY)
    deregister(session, LABELS)
    delete_roles(session, ROLE)
    delete_secret(session, SECRET)


def _hardened(session: Session, *, volumes: tuple[str, ...] = ("scratch",), **changes: Any) -> None:
    """The solution's revision with a change: material for wrong solutions."""
    revision, secret = _revision(session), secret_arn(session, SECRET)
    app = {
        **_container(session),
        "environment": [],
        "secrets": [{"name": NAME, "valueFrom": f"{secret}:password::"}],
        "user": "1000",
        "readonlyRootFilesystem": True,
        "mountPoints": [{"sourceVolume": one, "containerPath": "/tmp"} for one in volumes],
        **changes,
    }
    session.client("ecs").register_task_definition(
        **{one: revision[one] for one in KEPT},
        containerDefinitions=[app],
        volumes=[{"name": one} for one in volumes],
    )


def _run(session: Session, definition: str = LABELS) -> None:
    session.client("ecs").run_task(
        cluster=PHARMACY,
        taskDefinition=definition,
        launchType="FARGATE",
        networkConfiguration=public_network(session, 1),
    )


def _in_both(session: Session) -> None:
    _hardened(session, environment=[{"name": "OLD_PASSWORD", "value": PASSWORD}])


def _whole_secret(session: Session) -> None:
    _hardened(session, secrets=[{"name": NAME, "valueFrom": secret_arn(session, SECRET)}])


def _another_key(session: Session) -> None:
    _hardened(
        session, secrets=[{"name": NAME, "valueFrom": f"{secret_arn(session, SECRET)}:user::"}]
    )


def _root_by_number(session: Session) -> None:
    _hardened(session, user="0:0")


def _nothing_to_write_to(session: Session) -> None:
    _hardened(session, volumes=())


def _another_place(session: Session) -> None:
    points = [
        {"sourceVolume": "scratch", "containerPath": one} for one in ("/tmp", "/usr/local/app")
    ]
    _hardened(session, mountPoints=points)


def _in_a_label(session: Session) -> None:
    _hardened(session, dockerLabels={"printer": PASSWORD})


def _root_by_zeros(session: Session) -> None:
    _hardened(session, user="000")


def _writable(session: Session) -> None:
    _hardened(session, readonlyRootFilesystem=False)


def _not_run(session: Session) -> None:
    _hardened(session)


def _the_old_one_run(session: Session) -> None:
    (old,) = _revisions(session)
    _hardened(session)
    _run(session, old)


HARDEN_A_TASK = Exercise(
    id="sec-harden-101",
    lesson="security-and-iam",
    goal=(
        f"Everybody who may describe {LABELS}:1 reads a password in it, its app is root, and may write "
        f"wherever it likes. Register a revision that is better: {NAME} comes from the key password of "
        f"the secret {SECRET!r} and stands nowhere else; the app runs as another user than root; and "
        "it can write to /tmp, and nowhere else. Then run one task of it on Fargate, in the cluster "
        f"{PHARMACY!r}."
    ),
    criteria=(
        Criterion("secret", "the password comes from the secret, and is not to be read", _hidden),
        Criterion("user", "the app is not root", _no_root),
        Criterion("files", "it can write to /tmp, and nowhere else", _read_only),
        Criterion("runs", "a task of the newest revision is RUNNING", _runs),
    ),
    hints=(
        "All of it stands in the container definition, but one thing: a volume belongs to the task.",
        (
            "secrets with valueFrom, user, readonlyRootFilesystem, mountPoints; and volumes. The ARN "
            "is followed by three colons, with the JSON key after the first."
        ),
        (
            'valueFrom is the ARN and ":password::". A volume of the task definition needs a name '
            'only; mountPoints has it as sourceVolume, with containerPath "/tmp".'
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("in both places", _in_both, "secret", "the password in environment"),
        WrongSolution("the whole secret", _whole_secret, "secret", "from [the secret's ARN]"),
        WrongSolution("another key", _another_key, "secret", "ARN:user::]"),
        WrongSolution("root by number", _root_by_number, "user", "user 0:0"),
        WrongSolution("nothing to write to", _nothing_to_write_to, "files", "volumes: []"),
        WrongSolution("another place", _another_place, "files", "at /usr/local/app"),
        WrongSolution("in a label", _in_a_label, "secret", "somewhere else in labels:2"),
        WrongSolution("root by zeros", _root_by_zeros, "user", "user 000"),
        WrongSolution("still writable", _writable, "files", "that can be written to"),
        WrongSolution("not run", _not_run, "runs", "no task"),
        WrongSolution("the old one run", _the_old_one_run, "runs", "labels:1 P"),
    ),
    rationale=(
        "Whoever may call DescribeTaskDefinition reads environment; of a secret they see its ARN. A "
        "program that is not root, and can write to one place only, is of less use to an intruder."
    ),
    objective="security-and-iam/hardening",
    sources=(
        "Amazon ECS Developer Guide, task and container security best practices, checked 2026-11-27",
        "Amazon ECS API Reference, ContainerDefinition (botocore 1.44.5), checked 2026-11-27",
    ),
)

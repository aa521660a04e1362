"""Repair a release: its image was pushed under another tag than the one that is asked for."""

from typing import Any

from course.exercises.ecs import (
    active_service,
    delete_cluster,
    deregister,
    latest,
    public_network,
    register_fargate,
    short,
)
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.images import push_image
from course.exercises.roles import create_execution_role, delete_role

KITCHEN = "kitchen"
MENU = "menu"
ROLE = "menu-execution"

THE_MENU = {"cluster": KITCHEN, "services": [MENU]}


def _set_up_menu(session: Session) -> None:
    """Release 1.0 runs; release 1.1 is on its way, and the first attempt at it has failed."""
    ecs, ecr = session.client("ecs"), session.client("ecr")
    if MENU in _repositories(ecr):
        return
    uri = ecr.create_repository(repositoryName=MENU)["repository"]["repositoryUri"]
    push_image(ecr, MENU, "1.0")
    push_image(ecr, MENU, "1.1-rc1")
    role = create_execution_role(session, ROLE)
    ecs.create_cluster(clusterName=KITCHEN)
    register_fargate(ecs, MENU, f"{uri}:1.0", role)
    awsvpc = public_network(session)
    ecs.create_service(
        cluster=KITCHEN,
        serviceName=MENU,
        taskDefinition=MENU,
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration=awsvpc,
    )
    # A minute and a half: the tasks run, and have counted as healthy for a while.
    ecs.get_waiter("services_stable").wait(**THE_MENU, WaiterConfig={"Delay": 90})
    register_fargate(ecs, MENU, f"{uri}:1.1", role)
    ecs.update_service(cluster=KITCHEN, service=MENU, taskDefinition=MENU)
    starting = ecs.list_tasks(cluster=KITCHEN, serviceName=MENU)["taskArns"]
    tasks = ecs.describe_tasks(cluster=KITCHEN, tasks=starting)["tasks"]
    new = [one["taskArn"] for one in tasks if one["lastStatus"] != "RUNNING"]
    ecs.get_waiter("tasks_stopped").wait(cluster=KITCHEN, tasks=new)


def _repositories(ecr: Any) -> list[str]:
    return [one["repositoryName"] for one in ecr.describe_repositories()["repositories"]]


def _menu(session: Session) -> dict[str, Any] | None:
    return active_service(session, KITCHEN, MENU)


def _tags(session: Session) -> dict[str, str]:
    """The repository's tags in order, each with the digest of its image."""
    held = session.client("ecr").describe_images(repositoryName=MENU)["imageDetails"]
    pairs = [(tag, one["imageDigest"]) for one in held for tag in one.get("imageTags", [])]
    return dict(sorted(pairs))


def _menu_attempted(session: Session) -> bool:
    """Whether a tag, a revision, the count or the deployment is another than at the start."""
    service, newest = _menu(session), latest(session, MENU)
    if service is None or newest is None:
        return True
    ecs = session.client("ecs")
    revisions = ecs.list_task_definitions(familyPrefix=MENU)["taskDefinitionArns"]
    deployment = service["deployments"][0]
    untouched = (
        list(_tags(session)) == ["1.0", "1.1-rc1"]
        and service["desiredCount"] == 2
        and len(revisions) == 2
        and deployment["taskDefinition"] == newest["taskDefinitionArn"]
        and deployment["createdAt"] == newest["registeredAt"]  # the setup does both at once
    )
    return not untouched


LOOK_AT_MENU = f"describe_services(cluster={KITCHEN!r}, services=[{MENU!r}])"


def _image_is_there(session: Session) -> Finding:
    service = _menu(session)
    if service is None:
        return missing(f"an ACTIVE service {MENU}", "none", LOOK_AT_MENU)
    used = service["taskDefinition"]
    definition = session.client("ecs").describe_task_definition(taskDefinition=used)
    image = definition["taskDefinition"]["containerDefinitions"][0]["image"]
    repository, _, tag = image.rpartition(":")
    tags = _tags(session)
    look = f"the image in {short(used)}, and ECR's describe_images(repositoryName={MENU!r})"
    if not repository.endswith(f".amazonaws.com/{MENU}"):
        return missing(f"an image of the repository {MENU}", image, look)
    if tag not in tags:
        found = f"{short(used)} names the tag {tag}, and the repository holds {list(tags)}"
        return missing("an image that is in its repository", found, look)
    if tags[tag] == tags.get("1.0"):
        return missing("release 1.1", f"the image of release 1.0, under the tag {tag}", look)
    return MET


def _rolled_out(session: Session) -> Finding:
    deployments = (_menu(session) or {}).get("deployments", [])
    states = [f"{short(one['taskDefinition'])} {one['rolloutState']}" for one in deployments]
    if len(states) != 1 or deployments[0]["rolloutState"] != "COMPLETED":
        return missing("one deployment, COMPLETED", ", ".join(states), f"{LOOK_AT_MENU}, later")
    return MET


def _two_serve(session: Session) -> Finding:
    service = _menu(session) or {}
    counts = f"{service.get('runningCount')} RUNNING of {service.get('desiredCount')} desired"
    return MET if counts.startswith("2 ") else missing("2 RUNNING", counts, LOOK_AT_MENU)


def _solve_menu(session: Session) -> None:
    ecr, ecs = session.client("ecr"), session.client("ecs")
    tested = ecr.batch_get_image(repositoryName="menu", imageIds=[{"imageTag": "1.1-rc1"}])
    manifest = tested["images"][0]["imageManifest"]
    ecr.put_image(repositoryName="menu", imageManifest=manifest, imageTag="1.1")
    ecs.get_waiter("services_stable").wait(cluster="kitchen", services=["menu"])


def _clean_up_menu(session: Session) -> None:
    deregister(session, MENU)
    delete_cluster(session, KITCHEN)
    ecr = session.client("ecr")
    if MENU in _repositories(ecr):
        ecr.delete_repository(repositoryName=MENU, force=True)
    delete_role(session, ROLE)


def _role(session: Session) -> str:
    """The role that the task definition has, for wrong solutions that register another revision."""
    return str((latest(session, MENU) or {})["executionRoleArn"])


def _only_tried_again(session: Session) -> None:
    again = {"cluster": KITCHEN, "service": MENU, "forceNewDeployment": True}
    session.client("ecs").update_service(**again)


def _pushed_as_latest(session: Session) -> None:
    push_image(session.client("ecr"), MENU, "latest")


def _misspelt_tag(session: Session) -> None:
    ecs, ecr = session.client("ecs"), session.client("ecr")
    (held,) = ecr.describe_repositories(repositoryNames=[MENU])["repositories"]
    register_fargate(ecs, MENU, f"{held['repositoryUri']}:1.1-rc", _role(session))
    ecs.update_service(cluster=KITCHEN, service=MENU, taskDefinition=MENU)


def _rolled_back(session: Session) -> None:
    ecs = session.client("ecs")
    ecs.update_service(cluster=KITCHEN, service=MENU, taskDefinition=f"{MENU}:1")
    ecs.get_waiter("services_stable").wait(**THE_MENU)


def _old_image_retagged(session: Session) -> None:
    ecr = session.client("ecr")
    held = ecr.batch_get_image(repositoryName=MENU, imageIds=[{"imageTag": "1.0"}])["images"]
    ecr.put_image(repositoryName=MENU, imageManifest=held[0]["imageManifest"], imageTag="1.1")
    session.client("ecs").get_waiter("services_stable").wait(**THE_MENU)


def _another_image(session: Session) -> None:
    ecs = session.client("ecs")
    register_fargate(ecs, MENU, "public.ecr.aws/docker/library/httpd:latest", _role(session))
    ecs.update_service(cluster=KITCHEN, service=MENU, taskDefinition=MENU)
    ecs.get_waiter("services_stable").wait(**THE_MENU)


def _pushed_and_did_not_wait(session: Session) -> None:
    push_image(session.client("ecr"), MENU, "1.1")


def _made_smaller(session: Session) -> None:
    ecs = session.client("ecs")
    push_image(session.client("ecr"), MENU, "1.1")
    ecs.update_service(cluster=KITCHEN, service=MENU, desiredCount=1)
    ecs.get_waiter("services_stable").wait(**THE_MENU)


MEND_A_RELEASE = Exercise(
    id="fargate-image-101",
    lesson="fargate-tutorial",
    goal=(
        f"Release 1.1 of the service {MENU!r} in the cluster {KITCHEN!r} was deployed some time "
        "ago, from the image that was tested as 1.1-rc1. Visitors still get 1.0, and the deployment "
        "does not come to an end. Find out why, and bring it to its end with both tasks running."
    ),
    criteria=(
        Criterion(
            "image",
            "the image that the service asks for is there, and is release 1.1",
            _image_is_there,
        ),
        Criterion("rollout", "one deployment, COMPLETED", _rolled_out, after="image"),
        Criterion("running", "both tasks are RUNNING", _two_serve, after="rollout"),
    ),
    hints=(
        "A task that never ran has left its reason: stoppedReason of the STOPPED tasks.",
        "Compare the tag in that reason with the tags in ECR: describe_images lists them.",
        (
            "Two ways: give the tested image the missing tag too (batch_get_image gives its "
            "manifest, put_image stores it under a tag), or register a revision that names a tag "
            "that is there, and update the service to it. Then wait for services_stable."
        ),
    ),
    setup=_set_up_menu,
    attempted=_menu_attempted,
    solve=_solve_menu,
    cleanup=_clean_up_menu,
    wrong_solutions=(
        WrongSolution(
            "only tried again",
            _only_tried_again,
            "image",
            "tag 1.1, and the repository holds ['1.0', '1.1-rc1']",
        ),
        WrongSolution("pushed as latest", _pushed_as_latest, "image", "'1.1-rc1', 'latest']"),
        WrongSolution("a tag misspelt anew", _misspelt_tag, "image", "the tag 1.1-rc,"),
        WrongSolution("rolled back", _rolled_back, "image", "1.0, under the tag 1.0"),
        WrongSolution("1.0 pushed as 1.1", _old_image_retagged, "image", "1.0, under the tag 1.1"),
        WrongSolution("another image", _another_image, "image", "library/httpd:latest"),
        WrongSolution(
            "pushed, and not waited", _pushed_and_did_not_wait, "rollout", "menu:2 IN_PROGRESS"
        ),
        WrongSolution("made smaller", _made_smaller, "running", "1 RUNNING of 1 desired"),
    ),
    rationale=(
        "ECS had been asked for a tag that nobody had pushed: its tasks failed to start, over and "
        "over, while minimumHealthyPercent 100 kept release 1.0 serving. ECS tries again by "
        "itself, so once the image is there the deployment goes on."
    ),
    objective="fargate-tutorial/troubleshooting",
    sources=(
        "Amazon ECS Developer Guide, stopped task errors and service throttle logic, checked 2026-11-23",
        "Amazon ECR User Guide, retagging an image, checked 2026-11-23",
    ),
)

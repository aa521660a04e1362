"""Repair a service whose image has expired: the tag is gone, and the rule would take the next one."""

import json
from datetime import timedelta
from typing import Any

from course.exercises.ecr import (
    delete_repository,
    images,
    lifecycle_policy,
    put_lifecycle_policy,
    repository,
)
from course.exercises.ecs import (
    active_service,
    delete_cluster,
    deregister,
    latest,
    public_network,
    register_fargate,
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
from course.sandbox.registry.lifecycle_policy import HeldImage, expiring
from course.sandbox.registry.policy_text import read_policy

SHOP = "shop"
ROLE = "shop-execution"
THE_SHOP = {"cluster": SHOP, "services": [SHOP]}
A_DAY = 24 * 60 * 60
YEAR_OF_BUILDS = 50
LOOK_AT_SHOP = f"describe_services(cluster={SHOP!r}, services=[{SHOP!r}])"


def _set_up(session: Session) -> None:
    """Release 1 runs; builds came, a policy kept the youngest three, and its task was lost."""
    ecr, ecs = session.client("ecr"), session.client("ecs")
    if repository(session, SHOP):
        return
    uri = ecr.create_repository(repositoryName=SHOP)["repository"]["repositoryUri"]
    push_image(ecr, SHOP, "release-1")
    role = create_execution_role(session, ROLE)
    ecs.create_cluster(clusterName=SHOP)
    register_fargate(ecs, SHOP, f"{uri}:release-1", role)
    awsvpc = public_network(session)
    ecs.create_service(
        cluster=SHOP,
        serviceName=SHOP,
        taskDefinition=SHOP,
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=awsvpc,
    )
    ecs.get_waiter("services_stable").wait(**THE_SHOP, WaiterConfig={"Delay": 90})
    for tag in ("build-1", "build-2", "release-2"):
        push_image(ecr, SHOP, tag)
    put_lifecycle_policy(
        ecr, SHOP, {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3}
    )
    ecr.start_lifecycle_policy_preview(repositoryName=SHOP)
    waiter = ecr.get_waiter("lifecycle_policy_preview_complete")
    waiter.wait(repositoryName=SHOP, WaiterConfig={"Delay": A_DAY})
    (task,) = ecs.list_tasks(cluster=SHOP)["taskArns"]
    ecs.stop_task(cluster=SHOP, task=task, reason="Its host was taken out of service")
    ecs.get_waiter("tasks_stopped").wait(cluster=SHOP, tasks=[task], WaiterConfig={"Delay": 60})


def _service(session: Session) -> dict[str, Any] | None:
    return active_service(session, SHOP, SHOP)


def _attempted(session: Session) -> bool:
    policy = lifecycle_policy(session, SHOP)
    revisions = session.client("ecs").list_task_definitions(familyPrefix=SHOP)
    held = sorted(tag for one in images(session, SHOP) for tag in one.get("imageTags", []))
    service, newest = _service(session), latest(session, SHOP)
    untouched = (
        service is not None
        and newest is not None
        # the setup does both at once
        and service["deployments"][0]["createdAt"] == newest["registeredAt"]
        and len(revisions["taskDefinitionArns"]) == 1
        and held == ["build-1", "build-2", "release-2"]
        and policy is not None
        and [rule.tag_status for rule in read_policy(policy)] == ["any"]
    )
    return not untouched


def _tag(session: Session) -> tuple[str, str]:
    """Repository and tag of the image that the service asks for."""
    definition = session.client("ecs").describe_task_definition(
        taskDefinition=(_service(session) or {})["taskDefinition"]
    )
    image = definition["taskDefinition"]["containerDefinitions"][0]["image"]
    name, _, tag = image.rpartition(":")
    return name.rpartition("/")[2], tag


def _image_is_there(session: Session) -> Finding:
    if _service(session) is None:
        return missing(f"an ACTIVE service {SHOP}", "none", LOOK_AT_SHOP)
    name, tag = _tag(session)
    held = [one for image in images(session, SHOP) for one in image.get("imageTags", [])]
    if name != SHOP or tag not in held:
        look = f"ECR's describe_images(repositoryName={SHOP!r})"
        return missing("an image that is in its repository", f"{name}:{tag}, of {held}", look)
    return (
        MET
        if tag.startswith("release-")
        else missing("a release", f"the build {tag}", LOOK_AT_SHOP)
    )


def _runs(session: Session) -> Finding:
    service = _service(session) or {}
    counts = f"{service.get('runningCount')} RUNNING of {service.get('desiredCount')} desired"
    return MET if counts == "1 RUNNING of 1 desired" else missing("1 RUNNING", counts, LOOK_AT_SHOP)


def _would_stay(session: Session) -> Finding:
    """Whether the image in use is still there after fifty more builds and a year."""
    policy = lifecycle_policy(session, SHOP)
    look = f"get_lifecycle_policy(repositoryName={SHOP!r})"
    if policy is None:
        return missing("a policy: builds shall still go", "none", look)
    _, tag = _tag(session)
    held = [
        HeldImage(one["imageDigest"], tuple(one.get("imageTags", ())), one["imagePushedAt"])
        for one in images(session, SHOP)
    ]
    in_a_year = max(one.pushed_at for one in held) + timedelta(days=365)
    builds = [
        HeldImage(f"build {n}", (f"build-{n}",), in_a_year - timedelta(days=n))
        for n in range(YEAR_OF_BUILDS)
    ]
    rules = read_policy(policy)
    gone = [one.image for one in expiring(rules, [*held, *builds], in_a_year)]
    if any(tag in one.tags for one in gone):
        told = [f"{one.tag_status}, {one.count_type} {one.count_number}" for one in rules]
        expected = f"{tag} still there after {YEAR_OF_BUILDS} builds"
        return missing(expected, f"it expires by a rule: {'; '.join(told)}", look)
    if not any(one.digest.startswith("build ") for one in gone):
        return missing("old builds expire", "no build ever does", look)
    return MET


def _solve(session: Session) -> None:
    ecr, ecs = session.client("ecr"), session.client("ecs")
    used = ecs.describe_task_definition(taskDefinition="shop")["taskDefinition"]
    container = used["containerDefinitions"][0]
    container["image"] = container["image"].replace("release-1", "release-2")
    kept = ("family", "networkMode", "cpu", "memory", "executionRoleArn", "requiresCompatibilities")
    ecs.register_task_definition(**{n: used[n] for n in kept}, containerDefinitions=[container])
    ecs.update_service(cluster="shop", service="shop", taskDefinition="shop")
    builds = {"tagStatus": "tagged", "tagPatternList": ["build-*"]}
    rule = {
        "rulePriority": 1,
        "selection": {**builds, "countType": "imageCountMoreThan", "countNumber": 3},
        "action": {"type": "expire"},
    }
    ecr.put_lifecycle_policy(
        repositoryName="shop", lifecyclePolicyText=json.dumps({"rules": [rule]})
    )
    ecs.get_waiter("services_stable").wait(cluster="shop", services=["shop"])


def _clean_up(session: Session) -> None:
    deregister(session, SHOP)
    delete_cluster(session, SHOP)
    delete_repository(session, SHOP)
    delete_role(session, ROLE)


def _deploy(session: Session, tag: str) -> None:
    ecs = session.client("ecs")
    used = latest(session, SHOP) or {}
    image = used["containerDefinitions"][0]["image"].rpartition(":")[0]
    register_fargate(ecs, SHOP, f"{image}:{tag}", used["executionRoleArn"])
    ecs.update_service(cluster=SHOP, service=SHOP, taskDefinition=SHOP)
    ecs.get_waiter("services_stable").wait(**THE_SHOP)


def _only_tried_again(session: Session) -> None:
    again = {"cluster": SHOP, "service": SHOP, "forceNewDeployment": True}
    session.client("ecs").update_service(**again)


def _policy_left(session: Session) -> None:
    _deploy(session, "release-2")


def _policy_deleted(session: Session) -> None:
    _deploy(session, "release-2")
    session.client("ecr").delete_lifecycle_policy(repositoryName=SHOP)


def _a_build_deployed(session: Session) -> None:
    _deploy(session, "build-2")


def _keeps_ten(session: Session) -> None:
    _deploy(session, "release-2")
    ten = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10}
    put_lifecycle_policy(session.client("ecr"), SHOP, ten)


def _keeps_everything(session: Session) -> None:
    _deploy(session, "release-2")
    bare = {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 1}
    put_lifecycle_policy(session.client("ecr"), SHOP, bare)


def _did_not_wait(session: Session) -> None:
    _policy_left(session)
    session.client("ecs").update_service(cluster=SHOP, service=SHOP, desiredCount=2)


BRING_THE_SHOP_BACK = Exercise(
    id="ecr-pull-101",
    lesson="containers-in-brief",
    goal=(
        f"The service {SHOP!r} in the cluster {SHOP!r} is down since its only task was lost: none "
        "starts in its place. The shop's people say that release-2 is tested and may go out. "
        "Bring the shop back, and see to it that this cannot happen to a release again, "
        "while old builds (build-*) still expire."
    ),
    criteria=(
        Criterion("image", "the service asks for a release that is there", _image_is_there),
        Criterion("running", "its task is RUNNING", _runs, after="image"),
        Criterion("policy", "builds expire, the release in use never", _would_stay, after="image"),
    ),
    hints=(
        "A task that never ran has left its reason: stoppedReason of the STOPPED tasks.",
        "Compare the tag in it with describe_images; then read get_lifecycle_policy.",
        (
            "Register a revision with release-2 and update the service. Then put a policy whose "
            'only rule selects tagPatternList ["build-*"]. Wait for services_stable.'
        ),
    ),
    setup=_set_up,
    attempted=_attempted,
    solve=_solve,
    cleanup=_clean_up,
    wrong_solutions=(
        WrongSolution("only tried again", _only_tried_again, "image", "shop:release-1"),
        WrongSolution("a build deployed", _a_build_deployed, "image", "the build build-2"),
        WrongSolution("the policy left", _policy_left, "policy", "any, imageCountMoreThan 3"),
        WrongSolution("the policy deleted", _policy_deleted, "policy", "none"),
        WrongSolution("a larger count", _keeps_ten, "policy", "any, imageCountMoreThan 10"),
        WrongSolution("nothing expires", _keeps_everything, "policy", "no build ever does"),
        WrongSolution("two, and not waited", _did_not_wait, "running", "1 RUNNING of 2"),
    ),
    rationale=(
        "A lifecycle rule knows tags, counts and ages, and nothing of who uses an image. The "
        "running task kept running; the next one had nothing to pull. A rule that selects builds "
        "only leaves releases alone."
    ),
    objective="containers-in-brief/lifecycle",
    sources=(
        "Amazon ECR User Guide, lifecycle policies, checked 2026-11-26",
        "Amazon ECS Developer Guide, stopped task errors, checked 2026-11-23",
    ),
)

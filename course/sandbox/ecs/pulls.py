"""Pulling container images: what it takes of the network, the roles and the registry, in AWS's order.

From private ECR: a token from ECR's API, the manifest from the registry, the
layers from S3, each by its own way through the network. From any other
registry: over the internet. A Fargate task goes through its own network
interface; on a container instance the agent goes through the instance's, with
the instance's role, and falls back on an image it has from before.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pull-behavior.html
"""

from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.policy import Request
from course.sandbox.authorize.principals import Principal
from course.sandbox.authorize.roles import find_role
from course.sandbox.ecs.resources import Task
from course.sandbox.ecs.stop_reasons import (
    NO_REGISTRY_AUTH,
    NO_SPACE_LEFT,
    Stop,
    cannot_authenticate,
    cannot_pull,
    cannot_pull_manifest,
    denied_by_hub,
    denied_to_instance,
    no_ecr_token_on_instance,
    no_way_from_instance,
    no_way_to_ecr,
    no_way_to_layers,
    no_way_to_registry,
)
from course.sandbox.ecs.task_roles import pull_problem, registry_auth_problem
from course.sandbox.history import Note, unnoted
from course.sandbox.network.picture import Place
from course.sandbox.network.verdict import Verdict
from course.sandbox.network.ways import Ways
from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.registry import (
    HUB,
    PrivateImage,
    digest_of,
    private_image,
    public_image,
)

TOKEN, MANIFEST = "ecr:GetAuthorizationToken", "ecr:BatchGetImage"
LAYER, NOBODY = "s3:GetObject", Principal()
"""Layers come from a bucket of AWS's by signed URLs, so that a policy has to allow everybody."""


def place_of(task: Task, ways: Ways) -> Place | None:
    """The network interface that a task's images come through, if it is there."""
    if task.instance:
        return ways.instance(task.instance.ec2_instance_id)
    interface = task.interface
    return ways.interface(interface.detail("networkInterfaceId") or "") if interface else None


def token_problem(task: Task, ways: Ways, note: Note = unnoted) -> Stop | None:
    """What keeps a task from its token for private ECR, before any pull; None if nothing does."""
    places = [private_image(one.image) for one in task.containers]
    source = None if task.instance else place_of(task, ways)
    for place in places if source else ():
        if place and source:
            verdict = _to_api(task, ways, source, place)
            if not verdict.reached:
                return cannot_authenticate(verdict.denial) if verdict.denial else NO_REGISTRY_AUTH
    return registry_auth_problem(task, note)


def pull(task: Task, image: str, ways: Ways, note: Note = unnoted) -> str | Stop:
    """The digest of an image a task has pulled, or what keeps it from pulling it.

    Where a pull fails on an instance, what it has from an earlier task is used: the
    agent's default.
    """
    found, held = _pull(task, image, ways, note), task.instance.images if task.instance else {}
    return held.get(image, found) if isinstance(found, Stop) else found


def _pull(task: Task, image: str, ways: Ways, note: Note) -> str | Stop:
    place, source = private_image(image), place_of(task, ways)
    before = _before_layers(task, image, place, source, ways) if source else None
    problem = before or pull_problem(task, image, note)
    digest = None if problem else digest_of(image)
    if problem or digest is None:
        return problem or _not_there(task, image, place)
    after = _layers(ways, source, place) if place and source else None
    return after or digest


def disk_problem(task: Task) -> Stop | None:
    """On Fargate all images of a task have to have room on its ephemeral storage, packed and unpacked."""
    storage = task.ephemeral_storage
    taken = sum(find_image(one.image).gib for one in task.containers)
    return NO_SPACE_LEFT if storage and taken > storage["sizeInGiB"] else None


def to_registry(task: Task, image: str, ways: Ways) -> list[Verdict]:
    """The ways that pulling an image takes, in order, as they are now."""
    place, source = private_image(image), place_of(task, ways)
    if source is None:
        return []
    if place is None:
        return [ways.to_internet(source)]
    return [
        _to_api(task, ways, source, place),
        _to_repository(task, ways, source, place),
        _to_layers(ways, source, place),
    ]


def _before_layers(
    task: Task, image: str, place: PrivateImage | None, source: Place, ways: Ways
) -> Stop | None:
    if place is None:
        return None if ways.to_internet(source).reached else _no_registry(task, image)
    if task.instance:
        token = _to_api(task, ways, source, place)
        if not token.reached:
            url = f"https://api.ecr.{place.region}.amazonaws.com/"
            return (
                cannot_authenticate(token.denial) if token.denial else no_ecr_token_on_instance(url)
            )
    manifest = _to_repository(task, ways, source, place)
    if manifest.reached:
        return None
    if manifest.denial:
        return cannot_pull_manifest(place.repository_uri, manifest.denial)
    return _no_registry(task, image)


def _no_registry(task: Task, image: str) -> Stop:
    """No way to the registry of an image, in the words of who pulls it."""
    place = private_image(image)
    if task.instance:
        return no_way_from_instance(public_image(image).url.partition("/v2/")[0] + "/v2/")
    if place:
        return no_way_to_ecr(image, place.repository_uri)
    return no_way_to_registry(image, public_image(image).url)


def _not_there(task: Task, image: str, place: PrivateImage | None) -> Stop:
    """The registry has no such image, in its words: Docker Hub does not say whether one is private."""
    public = public_image(image)
    if place or public.host != HUB:
        return cannot_pull(image)
    return denied_to_instance(image) if task.instance else denied_by_hub(public.full_name)


def _layers(ways: Ways, source: Place, place: PrivateImage) -> Stop | None:
    verdict = _to_layers(ways, source, place)
    if verdict.reached:
        return None
    why = "unexpected status code 403 Forbidden" if verdict.denial else "dial tcp: i/o timeout"
    return no_way_to_layers(f"https://{_bucket(place)}.s3.{place.region}.amazonaws.com", why)


def _to_api(task: Task, ways: Ways, source: Place, place: PrivateImage) -> Verdict:
    asks = _asks(task, TOKEN, "*")
    return ways.to_service(source, "ecr.api", asks, region=place.region)


def _to_repository(task: Task, ways: Ways, source: Place, place: PrivateImage) -> Verdict:
    asks = _asks(task, MANIFEST, place.repository_arn)
    return ways.to_service(source, "ecr.dkr", asks, region=place.region)


def _to_layers(ways: Ways, source: Place, place: PrivateImage) -> Verdict:
    asked = Request(NOBODY, LAYER, f"arn:aws:s3:::{_bucket(place)}/*", context({}))
    return ways.to_service(source, "s3", [asked], region=place.region)


def _bucket(place: PrivateImage) -> str:
    """AWS's bucket of a Region's layers, as its guide names it for endpoint policies."""
    return f"prod-{place.region}-starport-layer-bucket"


def _asks(task: Task, action: str, resource: str) -> list[Request]:
    """What an endpoint's policy is asked: by the execution role, or an instance's own."""
    arn = task.execution_role_arn or (task.instance.role_arn if task.instance else None)
    role = find_role(arn, task.task_arn.split(":", 5)[4]) if arn else None
    if role is None:
        return []
    session = role.session(task.id)
    return [Request(session, action, resource, role.known_of(session))]

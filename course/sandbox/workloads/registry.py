"""Registries: whether an image is there to be pulled, and which digest its name means.

An adapter: private ECR repositories are the learner's own, in moto's ECR, so a
tag that was never pushed cannot be pulled. Every other registry is taken to
hold what is asked for, since none can be reached from here.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from moto.core.exceptions import ServiceException
from moto.ecr.exceptions import ImageNotFoundException, RepositoryNotFoundException
from moto.ecr.models import ecr_backends

ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/"
    r"(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


@dataclass(frozen=True, slots=True)
class PrivateImage:
    """Where an image of a private ECR repository lies."""

    account: str
    region: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    @property
    def repository_arn(self) -> str:
        return f"arn:aws:ecr:{self.region}:{self.account}:repository/{self.repository}"

    @property
    def repository_uri(self) -> str:
        return f"{self.account}.dkr.ecr.{self.region}.amazonaws.com/{self.repository}"


def private_image(image: str) -> PrivateImage | None:
    """The repository, and tag or digest, that an image name means; None outside private ECR."""
    found = ECR.fullmatch(image)
    return PrivateImage(**found.groupdict()) if found else None


def public_url(image: str) -> str:
    """Where the manifest of an image is asked for; a name without a registry is Docker Hub's."""
    name, _, digest = image.partition("@")
    head, _, rest = name.partition("/")
    hub = not rest or not ("." in head or ":" in head or head == "localhost")
    host, path = ("registry-1.docker.io", name) if hub else (head, rest)
    if host == "docker.io":
        host = "registry-1.docker.io"
    repository, _, tag = path.partition(":")
    if host == "registry-1.docker.io" and "/" not in repository:
        repository = f"library/{repository}"
    return f"https://{host}/v2/{repository}/manifests/{digest or tag or 'latest'}"


def digest_of(image: str) -> str | None:
    """The digest an image name means now; None if its registry holds no such image."""
    place = private_image(image)
    if place is None:
        return f"sha256:{sha256(image.encode()).hexdigest()}"
    tag = place.tag or (None if place.digest else "latest")
    try:
        backend = ecr_backends[place.account][place.region]
        held = backend._get_repository(place.repository)._get_image(tag, place.digest)
    except (RepositoryNotFoundException, ImageNotFoundException, ServiceException, KeyError):
        return None
    return str(held.get_image_digest())

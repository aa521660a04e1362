"""Registries: whether an image is there to be pulled, and which digest its name means.

An adapter: private ECR repositories are the learner's own, in moto's ECR, so a
tag that was never pushed cannot be pulled. Of public registries Docker's official
images are known by name (``official_images.toml``); everything else there is taken
to be, since none of them can be reached from here.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from moto.core.exceptions import ServiceException
from moto.ecr.exceptions import ImageNotFoundException, RepositoryNotFoundException
from moto.ecr.models import ecr_backends

ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/"
    r"(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)

HUB = "docker.io"
OFFICIAL = {HUB: "library/", "public.ecr.aws": "docker/library/"}
"""Where registries keep Docker's official images."""


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


@dataclass(frozen=True, slots=True)
class PublicImage:
    """Where an image of any other registry lies; *digest* is empty where the name has none."""

    host: str
    repository: str
    tag: str
    digest: str

    @property
    def url(self) -> str:
        """Where its manifest is asked for."""
        host = "registry-1.docker.io" if self.host == HUB else self.host
        return f"https://{host}/v2/{self.repository}/manifests/{self.digest or self.tag}"

    @property
    def full_name(self) -> str:
        """The name with all that a short one leaves out."""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.host}/{self.repository}:{self.tag}{digest}"

    @property
    def is_there(self) -> bool:
        """Whether its registry has such a repository; only Docker's official images are known by name."""
        official = OFFICIAL.get(self.host)
        if official is None or not self.repository.startswith(official):
            return True
        return self.repository.removeprefix(official) in _official_images()


def public_image(image: str) -> PublicImage:
    """Where an image outside private ECR lies; a name without a registry is Docker Hub's."""
    name, _, digest = image.partition("@")
    head, _, rest = name.partition("/")
    on_hub = not rest or not ("." in head or ":" in head or head == "localhost")
    host, path = (HUB, name) if on_hub else (head, rest)
    repository, _, tag = path.partition(":")
    if host == HUB and "/" not in repository:
        repository = f"library/{repository}"
    return PublicImage(host, repository, tag or "latest", digest)


@cache
def _official_images() -> frozenset[str]:
    text = (files("course.sandbox.workloads") / "official_images.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["repositories"])


def digest_of(image: str) -> str | None:
    """The digest an image name means now; None if its registry holds no such image.

    With a digest in the name its tag means nothing: that may have moved since.
    """
    place = private_image(image)
    if place is None:
        public = public_image(image)
        made = f"sha256:{sha256(image.encode()).hexdigest()}"
        return (public.digest or made) if public.is_there else None
    tag = None if place.digest else place.tag or "latest"
    try:
        backend = ecr_backends[place.account][place.region]
        held = backend._get_repository(place.repository)._get_image(tag, place.digest)
    except (RepositoryNotFoundException, ImageNotFoundException, ServiceException, KeyError):
        return None
    return str(held.get_image_digest())

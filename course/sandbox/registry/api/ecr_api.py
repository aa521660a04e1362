"""ECR's API as the sandbox answers it; what no class here answers is moto's.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
"""

from base64 import b64encode
from datetime import timedelta

from moto.core.responses import ActionResult

from course.sandbox.registry.api.layers import Layers
from course.sandbox.registry.api.lifecycle import LifecyclePolicies
from course.sandbox.registry.api.scans import Scans
from course.sandbox.registry.image_manifest import digest_of
from course.sandbox.registry.kept import kept

TOKEN_LASTS = timedelta(hours=12)


class EcrApi(Scans, Layers, LifecyclePolicies):
    """Every ECR operation that the sandbox answers by itself."""

    def get_authorization_token(self) -> ActionResult:
        """What ``docker login`` takes: ``AWS:<password>`` in base64, good for 12 hours."""
        now = self.plane.world.clock.now()
        registries = self.given("registryIds", [self.current_account])
        return ActionResult(
            {
                "authorizationData": [
                    {
                        "authorizationToken": _token(f"{one} {self.region} {now}"),
                        "expiresAt": now + TOKEN_LASTS,
                        "proxyEndpoint": f"https://{one}.dkr.ecr.{self.region}.amazonaws.com",
                    }
                    for one in registries
                ]
            }
        )

    def put_image_tag_mutability(self) -> ActionResult:
        """Change whether tags may move, from the next push on."""
        setting = self.given("imageTagMutability")
        filters = self.given("imageTagMutabilityExclusionFilters")
        backend = self.ecr_backend
        backend.validate_image_tag_mutability_params_compatibility(setting, filters)
        super().put_image_tag_mutability()
        repository = self.repository()
        answer = {**self.place(repository), "imageTagMutability": repository.image_tag_mutability}
        more = {"imageTagMutabilityExclusionFilters": filters} if filters else {}
        return ActionResult(answer | more)

    def delete_repository(self) -> ActionResult:
        """Delete a repository; its lifecycle policy runs no more."""
        repository = self.repository()
        answer = super().delete_repository()
        kept(repository).policy = None
        return answer


def _token(seed: str) -> str:
    password = digest_of(seed.encode()).removeprefix("sha256:")
    return b64encode(f"AWS:{password}".encode()).decode()

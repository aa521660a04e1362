"""An AWS account in this process: moto's shapes and storage, our ECS control plane, a virtual clock.

It stands alone: ``with course.sandbox.open() as aws:`` works in an engineer's own
tests, without a notebook in sight.
"""

from course.sandbox.sandbox import Sandbox, current, open

__all__ = ["Sandbox", "current", "open"]

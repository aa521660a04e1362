"""How the sandbox treats each ECS operation, said where the operation is defined.

*behaves*: it has consequences, which other operations show. *stored*: it is
kept and returned faithfully, and nothing follows from it. *refused*: it lies
outside the sandbox and says so with an error of AWS's own model. What is not
defined here is refused; nothing is left to chance.

The table is printed by ``python3 -m course operations``.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from botocore import xform_name
from moto.core.utils import get_service_model

from course.sandbox.ecs.api.outside import why_outside
from course.sandbox.ecs.errors import Refused

TESTS = "tests/sandbox/ecs/"
REFUSALS = f"{TESTS}api/test_treatment.py::test_what_lies_outside_is_refused"


@dataclass(frozen=True)
class Treatment:
    """One row of the table: an operation, what becomes of it, and the test that shows it."""

    operation: str
    treatment: str
    shown_by: str

    def as_dict(self) -> dict[str, str]:
        """The row for ``--json``."""
        return asdict(self)


Method = TypeVar("Method", bound=Callable[..., Any])


def behaves(shown_by: str) -> Callable[[Method], Method]:
    """Say that an operation has consequences; *shown_by* is a test, by its path below ``tests/sandbox/ecs/``.

    Of another service than ECS the path is the whole one. That test must call the operation, and see what it did through another one;
    it is held to that whenever it runs (``tests/sandbox/conftest.py``).
    """
    return _treated("behaves", shown_by)


def stored(shown_by: str) -> Callable[[Method], Method]:
    """Say that an operation is kept and returned faithfully, and that nothing follows from it."""
    return _treated("stored", shown_by)


def _treated(treatment: str, shown_by: str) -> Callable[[Method], Method]:
    def mark(method: Method) -> Method:
        whole = shown_by if shown_by.startswith("tests/") else TESTS + shown_by
        vars(method)["treatment"] = (treatment, whole)
        return method

    return mark


def is_treated(api: type, operation: str) -> bool:
    """Whether this class answers the operation itself."""
    return hasattr(getattr(api, xform_name(operation), None), "treatment")


def operations_of(api: type, service: str = "ecs", refusals: str = REFUSALS) -> list[Treatment]:
    """The table: every operation of a service in botocore's model, in the model's order.

    *refusals* is the test that shows what is refused.
    """
    return list(_rows(api, get_service_model(service).operation_names, refusals))


def _rows(api: type, operations: Iterable[str], refusals: str) -> Iterable[Treatment]:
    for operation in operations:
        method = getattr(api, xform_name(operation), None)
        treatment, shown_by = getattr(method, "treatment", ("refused", refusals))
        yield Treatment(operation, treatment, shown_by)


def refusal_of(operation: str) -> Refused:
    """The error for an operation outside the sandbox, of a class that this operation's model has."""
    model = get_service_model("ecs").operation_model(operation)
    codes = [shape.name for shape in model.error_shapes]
    unsupported = "UnsupportedFeatureException"
    return Refused(
        unsupported if unsupported in codes else "ClientException",
        f"{operation} is outside the sandbox: {why_outside(operation)}. AWS has it; here it does nothing.",
    )

"""What a description refuses, in one line that says what was wrong and what was expected."""

import re

import pytest

from course.portable.described import Described, described


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "Plaza"}, "name 'Plaza': expected up to 32 of a-z, 0-9 and -."),
        ({"name": "a" * 33}, "expected up to 32 of a-z, 0-9 and -."),
        ({"image": ""}, "image '': expected an image such as web:1."),
        ({"port": "8080"}, "port '8080': expected a port, 1 to 65535."),
        ({"port": 65536}, "port 65536: expected a port, 1 to 65535."),
        ({"port": True}, "port True: expected a port, 1 to 65535."),
        ({"cpu": 0}, "cpu 0: expected vCPU, such as 0.25."),
        ({"cpu": "256"}, "cpu '256': expected vCPU, such as 0.25."),
        ({"memory": 0.5}, "memory 0.5: expected MiB, such as 512."),
        ({"copies": -1}, "copies -1: expected how many copies run."),
        ({"health": "health"}, "health 'health': expected a path that begins with /."),
        ({"environment": {"A": 1}}, "environment {'A': 1}: expected texts by name: {'COLOUR'"),
        ({"least": 101}, "least 101: expected a percentage, 0 to 100."),
        ({"most": 99}, "most 99: expected a percentage, 100 to 200."),
        ({"least": 100, "most": 100}, "most 100: expected more than 100 where least is 100"),
        ({"stop": 121}, "stop 121: expected seconds, 2 to 120 on Fargate."),
        ({"role": "plaza"}, "role 'plaza': expected the ARN of an IAM role."),
        ({"up_to": 1}, "up_to 1: expected no fewer than copies."),
        ({"busy": 0}, "busy 0: expected a percentage, 1 to 100."),
    ],
)
def test_what_neither_takes_is_refused(plaza: Described, changes: dict, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        plaza.but(**changes)


def test_a_word_that_it_does_not_know_is_python_s_own_error() -> None:
    with pytest.raises(TypeError, match="replicas"):
        described("plaza", image="web:1", port=80, cpu=1, memory=2048, replicas=2)


def test_the_same_but_is_another_and_leaves_the_first_as_it_was(plaza: Described) -> None:
    more = plaza.but(copies=3)
    assert (plaza.copies, more.copies) == (2, 3)
    assert more.but(copies=2) == plaza


def test_a_manifest_that_is_not_there_names_those_that_are(plaza: Described) -> None:
    with pytest.raises(LookupError, match="'Pod'; there are: ServiceAccount, Deployment, Serv"):
        plaza.manifest("Pod")

"""Descriptions to write from: one by hand, and any that there can be."""

import pytest
from hypothesis import strategies as st

from course.portable.described import Described, described

ROLE = "arn:aws:iam::123456789012:role/plaza"

SAID = {
    "image": "registry.example.com/web:1",
    "port": 8080,
    "cpu": 0.25,
    "memory": 512,
    "health": "/health",
    "environment": {"COLOUR": "blue"},
}

ANY = st.builds(
    described,
    name=st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True),
    image=st.just("registry.example.com/web:1"),
    port=st.integers(1, 65535),
    cpu=st.sampled_from([0.25, 0.5, 1, 2.0, 4]),
    memory=st.integers(1, 30720),
    copies=st.integers(0, 10),
    up_to=st.integers(10, 20),
    health=st.sampled_from(["/", "/health", "/a/b"]),
    environment=st.dictionaries(st.sampled_from(["A", "B", "C"]), st.text("ab =:#\n", max_size=5)),
    least=st.integers(0, 100),
    most=st.integers(101, 200),
    stop=st.integers(2, 120),
    role=st.sampled_from(["", ROLE]),
    busy=st.integers(1, 100),
)


@pytest.fixture
def plaza() -> Described:
    return described("plaza", role=ROLE, **SAID)

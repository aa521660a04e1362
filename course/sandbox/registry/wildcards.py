"""Wildcards in tag patterns: ``*`` stands for any characters, or for none.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

import re


def matches(pattern: str, tag: str) -> bool:
    """Whether the whole tag fits the pattern."""
    expression = ".*".join(map(re.escape, pattern.split("*")))
    return re.fullmatch(expression, tag, re.DOTALL) is not None

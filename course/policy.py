"""``python3 -m course policy``: the least-privilege policy for a lesson in LIVE, to give to a role."""

import argparse
import json
import sys

from course.verb_parser import verb_parser

DESCRIPTION = """\
Print the IAM policy that LIVE (EXPERIMENTAL) needs, made from the list of what it may call. Whoever
administers the account gives it to a role or a user. Nothing is sent anywhere."""

EXAMPLES = """\
examples:
  {0} policy                       for us-east-1
  {0} policy --region us-east-1 > policy.json
  aws iam create-policy --policy-name course-live --policy-document file://policy.json"""


def main(arguments: list[str]) -> int:
    """Print it; returns 0, or 2 for a Region that LIVE has no prices for."""
    options = _parser().parse_args(arguments)
    from course.live.policy import policy
    from course.live.prices import regions

    if options.region not in regions():
        print(f"LIVE is for {', '.join(regions())}, not {options.region!r}.", file=sys.stderr)
        return 2
    print(json.dumps(policy(options.region), indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = verb_parser("policy", DESCRIPTION, EXAMPLES)
    parser.add_argument("--region", default="us-east-1", help="the Region it is good for")
    return parser

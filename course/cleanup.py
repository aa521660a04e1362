"""``python3 -m course cleanup``: remove what a lesson in LIVE left in an AWS account.

It shows what there is first, and asks. It touches only what the ledger on this
computer, or the tags, say that the course created, and looks again at the end.
"""

import argparse
import sys

from course.verb_parser import verb_parser

DESCRIPTION = """\
Remove what lessons in LIVE (EXPERIMENTAL) created in your AWS account and did not clean up. Uses
boto3's own credentials. Only what the ledger on this computer or the tags say is the course's."""

EXAMPLES = """\
examples:
  {0} cleanup --dry-run            look, and say what would be removed
  {0} cleanup                      look, ask, remove, and look again
  {0} cleanup --attempt 1a2b3c4d --region us-east-1
                                   an attempt of another computer, by its tags"""


def main(arguments: list[str]) -> int:
    """Clean up; returns 0 when nothing is left, 1 when something is or is not known, 2 for a bad wish."""
    options = _parser().parse_args(arguments)
    if options.attempt and not options.region:
        print("--attempt wants --region, for example us-east-1.", file=sys.stderr)
        return 2
    from course.live.cleanup import by_tags, clean
    from course.live.ledger import Ledger
    from course.live.masking import Masks
    from course.live.report import CleanupReport
    from course.progress.journal import data_folder

    ledger, masks = Ledger(data_folder()), Masks()
    attempts = ledger.books().open_attempts()
    if options.attempt:
        known = [one for one in attempts if one.id == options.attempt]
        attempts = known or [by_tags(options.attempt, options.region)]
    plan = CleanupReport(clean(attempts, ledger, dry=True), dry=True)
    print(masks.text(repr(plan)))
    if options.dry_run or not attempts:
        return 0 if plan.clean else 1
    if not (plan.clean or options.yes or _agreed()):
        print("Nothing was done.")
        return 1
    report = CleanupReport(clean(attempts, ledger, tell=lambda line: print(masks.text(line))))
    print(masks.text(report.end))
    return 0 if report.clean else 1


def _agreed() -> bool:
    if not sys.stdin.isatty():
        print("Not asked, since this is no terminal: --yes says it in advance.", file=sys.stderr)
        return False
    return input("Remove these? Type yes: ").strip().lower() == "yes"


def _parser() -> argparse.ArgumentParser:
    parser = verb_parser("cleanup", DESCRIPTION, EXAMPLES)
    parser.add_argument("--dry-run", action="store_true", help="only look, and say what there is")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--attempt", metavar="ID", help="only this attempt, by its tag")
    parser.add_argument("--region", help="where an attempt is that the ledger does not know")
    return parser

"""What to type in a terminal so that the aws CLI there talks to the sandbox, and to nothing else.

The variables stand before the learner's own profile and settings in everything
the CLI looks up, so that neither a default profile nor a proxy interferes.

AWS: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html
"""

from textwrap import fill, indent
from typing import Any

from course.sandbox.isolation import nobodys_account

LEFT_OUT = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
"""What the learner may have set, and has to take back."""

CAVEATS = """\
aws sqs of version 1 of the CLI does not look at AWS_ENDPOINT_URL: aws --endpoint-url {url} sqs ...
AWS_DISABLE_HOST_PREFIX_INJECTION is for aws servicediscovery discover-instances, which else asks \
data-127.0.0.1; a CLI too old to know it cannot call that.
aws ecs execute-command wants AWS's session-manager-plugin on this computer before it asks anybody.
AWS_ENDPOINT_URL_ECS, or that of another service, wins over AWS_ENDPOINT_URL: unset it if it is set.
"""
"""Where the CLI itself stands in the way; each was seen with aws-cli 1.46."""


def variables(url: str, region: str) -> dict[str, str]:
    """The environment of a terminal that talks to the sandbox, by name."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        **nobodys_account(region),
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_PAGER": "",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def exports(url: str, region: str) -> str:
    """The lines to paste, for bash, PowerShell and fish, and where the CLI needs more than them."""
    named = variables(url, region).items()
    blocks = (
        ("bash or zsh", [f"unset {' '.join(LEFT_OUT)}"], "export {}='{}'"),
        ("PowerShell", [f"Remove-Item -ErrorAction Ignore {_drives()}"], "$env:{}='{}'"),
        ("fish", [f"set -e {' '.join(LEFT_OUT)}"], "set -gx {} '{}'"),
    )
    told = [
        f"{shell}:\n\n" + indent("\n".join(first + [line.format(*one) for one in named]), "  ")
        for shell, first, line in blocks
    ]
    return "\n\n".join([*told, _caveats(url)])


def _drives() -> str:
    return ",".join(f"Env:{name}" for name in LEFT_OUT)


def _caveats(url: str) -> str:
    layout: dict[str, Any] = {"width": 100, "initial_indent": "- ", "subsequent_indent": "  "}
    points = [fill(one, **layout) for one in CAVEATS.format(url=url).splitlines()]
    return "\n".join(["Close the terminal to be rid of them. Good to know:", "", *points])

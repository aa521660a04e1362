"""Open the course in JupyterLab, at the first notebook of the learner's copy.

JupyterLab runs in this process, set up by environment variables and arguments
alone: nothing is written to the user's own Jupyter configuration.
"""

import argparse
import os
import socket
from pathlib import Path

from course import working_copy
from course.bootstrap import COMMAND, SetupError, importing_course
from course.curriculum.shipped import shipped_folder

FIRST = "00-start-here.ipynb"
CONFIG = Path(__file__).parent / "jupyter_config"


def main(arguments: list[str]) -> int:
    """Bring the working copy up to date and run JupyterLab until it is stopped."""
    options, for_jupyter = _read(arguments)
    if options.port is not None:
        _refuse_taken(options.port)
    work = working_copy.work_folder()
    try:
        lines = working_copy.update(shipped_folder(), work)
    except OSError as error:
        raise SetupError(f"The notebooks cannot be copied to {work}: {error}") from error
    print(
        *lines,
        f"Your notebooks are in {work}; Ctrl-C twice stops JupyterLab.",
        sep="\n",
        flush=True,
    )
    os.environ.update(surroundings(dict(os.environ)))
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance([*jupyter_arguments(work, options), *for_jupyter])
    return 0


def _read(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Split the arguments at ``--`` into ours and JupyterLab's."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} lab",
        description="Open the course in JupyterLab. What stands after -- goes to JupyterLab.",
        epilog=f"example: {COMMAND} lab --port 9000 -- --ip=0.0.0.0",
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.add_argument("--port", type=int, help="this port and no other (else 8888 or the next)")
    return parser.parse_args(arguments[:split]), arguments[split + 1 :]


def surroundings(environ: dict[str, str]) -> dict[str, str]:
    """Return the environment variables JupyterLab and its kernels start with.

    Kernels import ``course`` from the checkout; the kernel called python3 is this
    Python's own, even where the user has another of that name; and the question
    about news from Jupyter stays away.
    """
    paths = [str(CONFIG), *environ.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep)]
    return {
        **importing_course(environ),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths)),
    }


def jupyter_arguments(work: Path, options: argparse.Namespace) -> list[str]:
    """Return JupyterLab's own arguments."""
    arguments = [
        f"--ServerApp.root_dir={work}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        "--log-level=WARN",  # the address is still shown
    ]
    if options.no_browser:
        arguments.append("--no-browser")
    if options.port is not None:
        arguments += [f"--port={options.port}", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container there may be no other user; JupyterLab listens on this machine only.
        arguments.append("--allow-root")
    return arguments


def _refuse_taken(port: int) -> None:
    try:
        with socket.socket() as probe:
            if os.name != "nt":  # a port closed a moment ago counts as free, as for JupyterLab
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        raise SetupError(
            f"Port {port} cannot be used ({error}): name another, or leave --port out and"
            " JupyterLab takes the next free one."
        ) from error

"""What masking leans on in ipykernel: every message of a kernel is sent by one method of its session."""

import json
import os
import sys
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

pytestmark = [pytest.mark.contract, pytest.mark.slow]

MASK = """
from IPython import get_ipython
from course.live import masking
masks = masking.Masks()
masks.hide("planted" + "secret")
undo = masking.put_on(masks, get_ipython().kernel)
"""
WAYS = {
    "printed": "print('planted' + 'secret')",
    "to stderr": "import sys; print('planted' + 'secret', file=sys.stderr)",
    "in two writes": "import sys; sys.stdout.write('plan'); sys.stdout.write('tedsecret\\n')",
    "a result": "'planted' + 'secret'",
    "displayed": "from IPython.display import HTML, display; display(HTML('planted' + 'secret'))",
    "raised": "raise ValueError('planted' + 'secret')",
    "logged": "import logging; logging.warning('planted' + 'secret')",
    "a widget": "import ipywidgets; display(ipywidgets.Label('planted' + 'secret'))",
    "by a child": "import os; os.system('echo planted''secret')",
}


def test_whatever_way_a_text_takes_it_is_masked() -> None:
    manager = KernelManager(kernel_name="python3")
    assert manager.kernel_spec
    manager.kernel_spec.argv[0] = sys.executable
    # ipykernel does not listen to the output of children where it believes to be under test.
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    manager.start_kernel(env=own)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        client.execute_interactive(MASK, timeout=60)
        for way, source in WAYS.items():
            said: list[dict[str, Any]] = []
            reply = client.execute_interactive(source, output_hook=said.append, timeout=60)
            texts = json.dumps([one["content"] for one in said] + [reply["content"]])
            assert "plantedsecret" not in texts, way
            assert "(masked)" in texts, way
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

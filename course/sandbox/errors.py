"""What the sandbox raises when it is used in a way that cannot work.

SandboxError
├── SandboxAlreadyOpen   a second world beside the first
├── SandboxClosed        a client outlived its sandbox
├── NetworkRefused       a request would have left this machine
├── ClockError           time asked to move in a way it cannot
│   └── WaitTimeout      a condition did not come true in the time given
├── DidNotSettle         the control plane's rules kept acting on each other
└── SandboxOnly          asked of a real account, which has no such thing

Errors that stand for AWS's own answers are not here: those reach the learner
as botocore's ``ClientError``, like on AWS.
"""


class SandboxError(Exception):
    """Anything the sandbox refuses or fails at, apart from AWS's own errors."""


class SandboxAlreadyOpen(SandboxError):
    """There is one world per process; close the open one first."""


class SandboxClosed(SandboxError):
    """This client belongs to a sandbox that has been closed."""


class NetworkRefused(SandboxError):
    """A request was about to leave this machine while a sandbox was open."""


class ClockError(SandboxError, ValueError):
    """Virtual time was asked to do something it cannot, such as run backwards."""


class WaitTimeout(ClockError):
    """The condition waited for did not become true within the virtual time given."""


class DidNotSettle(SandboxError):
    """The control plane's rules kept acting for 100 rounds at one instant."""


class SandboxOnly(SandboxError):
    """Only the sandbox can do this; a real AWS account cannot."""

"""What Fargate provisions for a Pod on EKS: its requests and 256 MiB, rounded up to a size that there is.

AWS: https://docs.aws.amazon.com/eks/latest/userguide/fargate-pod-configuration.html
"""

from course.sandbox.ecs.fargate_sizes import SIZES

FOR_KUBERNETES = 256
"""MiB that EKS adds for kubelet, kube-proxy and containerd."""

LARGEST = 16384
"""CPU units; the page's table ends at 16 vCPU."""


def provisioned(units: int, mib: int) -> tuple[int, int]:
    """(CPU units, MiB) for a Pod whose containers ask for so much together.

    Raises ValueError where no size is large enough.
    """
    for cpu, sizes in SIZES.items():
        fits = [size for size in sizes if size >= mib + FOR_KUBERNETES]
        if units <= cpu <= LARGEST and fits:
            return cpu, min(fits)
    raise ValueError(f"No Fargate size holds {units} CPU units and {mib} + {FOR_KUBERNETES} MiB.")

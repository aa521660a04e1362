"""Repair manifests that somebody translated from ECS by hand: the form, and what they mean."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.exercises.eks_compared import quay
from course.exercises.exercise import MET, Criterion, Exercise, Finding, WrongSolution, missing
from course.portable.reading import (
    Manifest,
    bounds,
    copies,
    each,
    labels,
    leads_to,
    namespace,
    pod,
    port,
    reserved,
    selects,
    size,
)
from course.portable.schema import validate

DEPLOYMENT = f"{quay.NAME}/deployment.yaml"
SERVICE = f"{quay.NAME}/service.yaml"


@dataclass(frozen=True)
class Seen:
    """What is in the folder: its manifests by kind, or the first fault of form."""

    fault: str = ""
    found: tuple[Manifest, ...] = ()

    def of(self, kind: str) -> list[Manifest]:
        return [one for one in self.found if one["kind"] == kind]

    @property
    def deployment(self) -> Manifest:
        return self.of("Deployment")[0]

    @property
    def container(self) -> Manifest:
        """The one of the image, beside which there may be others."""
        held = each(pod(self.deployment)["containers"])
        return next((one for one in held if one.get("image") == quay.quay().image), held[0])


def _observe(folder: Path) -> Seen:
    if not (folder / quay.NAME).is_dir():
        return Seen(f"no folder {quay.NAME}")
    try:
        found = quay.manifests(folder)
    except (ValueError, OSError) as error:
        return Seen(str(error))
    faults = [repr(one) for one in map(validate, found) if not one.valid]
    if faults:
        return Seen(faults[0])
    return Seen(_counted(Seen(found=tuple(found))), tuple(found))


def _counted(seen: Seen) -> str:
    """One Deployment with a Pod in it is what all the rest is read from."""
    count = len(seen.of("Deployment"))
    if count != 1:
        return f"{count} Deployments"
    # Null is valid by the schema nearly everywhere, and means that nothing is said.
    whole = seen.deployment.get("spec") and each(pod(seen.deployment).get("containers"))
    return "" if whole else "a Deployment without containers"


def _form(seen: Seen) -> Finding:
    wanted = "one Deployment, and manifests that Kubernetes' schema takes"
    look = f"the folder {quay.NAME}; course.validate says the same of a dict"
    return missing(wanted, seen.fault, look) if seen.fault else MET


def _pods(seen: Seen) -> Finding:
    one = seen.deployment
    selector = one["spec"].get("selector") or {}
    if not selector or not selects(selector, labels(one)):
        found = f"selector {selector}, labels of the Pods {labels(one)}"
        return missing("a selector that finds the Pods of its own template", found, DEPLOYMENT)
    if copies(one) != quay.quay().copies:
        return missing("replicas 3", f"replicas {copies(one)}", DEPLOYMENT)
    return MET


def _container(seen: Seen) -> Finding:
    meant, held = quay.quay(), seen.container
    ports = [one["containerPort"] for one in each(held.get("ports"))]
    stop = pod(seen.deployment).get("terminationGracePeriodSeconds")
    wanted = f"{meant.image}, port {meant.port}, {meant.stop} s to end"
    found = f"{held.get('image')}, port {', '.join(map(str, ports)) or 'none'}, {stop} s to end"
    return MET if found == wanted else missing(wanted, found, DEPLOYMENT)


def _size(seen: Seen) -> Finding:
    """As much as the task, and as much kept for it as it may use: Fargate wants both alike."""
    wanted = (512, 1024)
    for what, amounts in (("limits", size(seen.container)), ("requests", reserved(seen.container))):
        if amounts != wanted:
            written = (seen.container.get("resources") or {}).get(what) or "nothing"
            found = f"{what} {written}: {_vcpu(amounts[0])}, {_memory(amounts[1])}"
            return missing("half a vCPU and 1024 MiB, as limits and requests", found, DEPLOYMENT)
    return MET


def _vcpu(units: Any) -> str:
    return "no CPU" if units is None else f"{float(units / 1024):g} vCPU"


def _memory(mib: Any) -> str:
    if mib is None:
        return "no memory"
    return f"{float(mib):g} MiB" if mib >= 1 else f"{float(mib * 1024**2):g} bytes"


def _update(seen: Seen) -> Finding:
    gone, more = bounds(seen.deployment)
    if (gone, more) == (0, 3):
        return MET
    strategy = seen.deployment["spec"].get("strategy") or "none, so 25% and 25%"
    found = f"{gone} missing, {more} more (strategy: {strategy})"
    return missing("of 3 copies none missing, 3 more at most", found, DEPLOYMENT)


def _asked(seen: Seen) -> Finding:
    for name in ("livenessProbe", "readinessProbe"):
        asked = (seen.container.get(name) or {}).get("httpGet") or {}
        where = f"{port(asked.get('port'), seen.container)}{asked.get('path')}"
        if where != "8080/health":
            found = f"{name} {asked or 'none'}"
            return missing("both probes ask /health on 8080", found, DEPLOYMENT)
    return MET


def _role(seen: Seen) -> Finding:
    named = pod(seen.deployment).get("serviceAccountName", "default")
    if named != quay.NAME:
        found = f"a Pod of the service account {named}"
        return missing(f"serviceAccountName {quay.NAME}", found, DEPLOYMENT)
    there = [(one.get("metadata") or {}).get("name") for one in _beside(seen, "ServiceAccount")]
    if quay.NAME not in there:
        found = f"service accounts {there}"
        return missing(f"a ServiceAccount {quay.NAME} in the same namespace", found, quay.NAME)
    return MET


def _door(seen: Seen) -> Finding:
    wanted = "a Service that finds the Pods and leads to 8080"
    said = []
    for one in _beside(seen, "Service"):
        selector = (one.get("spec") or {}).get("selector") or {}
        finds = bool(selector) and selects({"matchLabels": selector}, labels(seen.deployment))
        ports = leads_to(one, seen.container)
        if finds and 8080 in ports:
            return MET
        said.append(f"selector {selector} {'finds them' if finds else 'finds none'}, to {ports}")
    return missing(wanted, "; ".join(said) or "no Service", SERVICE)


def _beside(seen: Seen, kind: str) -> list[Manifest]:
    """The manifests of a kind in the Deployment's namespace."""
    home = namespace(seen.deployment)
    return [one for one in seen.of(kind) if namespace(one) == home]


def _solve(folder: Path) -> None:
    page = folder / "quay" / "deployment.yaml"
    text = page.read_text("utf-8")
    role = "taskRoleArn: arn:aws:iam::123456789012:role/quay"
    text = text.replace(role, "serviceAccountName: quay")
    text = text.replace("family: quay", "app: quay")
    text = text.replace("cpu: 512", "cpu: 500m")
    text = text.replace("memory: 1024", "memory: 1Gi")
    rolling = "rollingUpdate: {maxUnavailable: 0, maxSurge: 100%}"
    text = text.replace("  template:\n", f"  strategy:\n    {rolling}\n  template:\n")
    text += "        readinessProbe: {httpGet: {path: /health, port: 8080}}\n"
    page.write_text(text, "utf-8")
    door = folder / "quay" / "service.yaml"
    door.write_text(door.read_text("utf-8") + "    targetPort: 8080\n", "utf-8")


Edit = tuple[str, str]


def _edited(*edits: Edit, name: str = "deployment.yaml") -> Callable[[Path], None]:
    """The solution, and then one text in place of another: material for wrong solutions."""

    def act(folder: Path) -> None:
        _solve(folder)
        page = folder / quay.NAME / name
        text = page.read_text("utf-8")
        for old, new in edits:
            text = text.replace(old, new)
        page.write_text(text, "utf-8")

    return act


def _without(name: str) -> Callable[[Path], None]:
    """The solution with a file deleted."""

    def act(folder: Path) -> None:
        _solve(folder)
        (folder / quay.NAME / name).unlink()

    return act


def _twice(folder: Path) -> None:
    """A second copy of the Deployment, kept under another file's name."""
    _solve(folder)
    text = (folder / quay.NAME / "deployment.yaml").read_text("utf-8")
    (folder / quay.NAME / "copy.yaml").write_text(text, "utf-8")


TO_MANIFESTS = Exercise(
    id="eks-manifests-101",
    lesson="eks-compared",
    goal=(
        f"The folder {quay.NAME!r} beside this notebook holds a service twice: as ECS has it "
        f"({quay.ECS}), and as somebody translated it by hand. Repair the manifests, in the editor or "
        "from a cell, until they mean what ECS was told. Check as often as you like; your edits stay "
        "until you clean up."
    ),
    criteria=(
        Criterion("form", "Kubernetes' schema takes every manifest", _form),
        Criterion("pods", "the Deployment finds its Pods, and keeps 3", _pods, "form"),
        Criterion("container", "the container: image, port, time to end", _container, "form"),
        Criterion("size", "as much CPU and memory as the task", _size, "form"),
        Criterion("update", "an update takes away and adds as much", _update, "form"),
        Criterion("asked", "probes ask where ECS's checks do", _asked, "form"),
        Criterion("role", "Pods are of a service account of their own", _role, "form"),
        Criterion("door", "the Service leads to the container's port", _door, "form"),
    ),
    hints=(
        "First the form: which field is ECS's? What it was for, another field says here.",
        (
            "cpu: 512 are 512 vCPU, memory: 1024 are bytes. A selector wants the labels of the template. "
            "Without targetPort a Service leads to its own port."
        ),
        (
            "serviceAccountName: quay; labels app: quay; 500m and 1Gi; strategy.rollingUpdate with "
            "maxUnavailable 0 and maxSurge 100%; a readinessProbe like the other; targetPort: 8080."
        ),
    ),
    setup=quay.make,
    attempted=quay.is_edited,
    solve=_solve,
    cleanup=quay.clear,
    wrong_solutions=(
        WrongSolution(
            "ECS's ports",
            _edited(("        ports:\n        - c", "        portMappings:\n        - c")),
            "form",
            "'portMappings' was unexpected",
        ),
        WrongSolution(
            "a number as text", _edited(("replicas: 3", 'replicas: "3"')), "form", "'3' is not of"
        ),
        WrongSolution(
            "no YAML", _edited(("spec:\n  rep", "spec:\n rep")), "form", "deployment.yaml: "
        ),
        WrongSolution("two Deployments", _twice, "form", "2 Deployments"),
        WrongSolution(
            "other labels",
            _edited(("app: quay\n    spec", "family: quay\n    spec")),
            "pods",
            "labels of the Pods {'family': 'quay'}",
        ),
        WrongSolution("one copy", _edited(("replicas: 3", "replicas: 1")), "pods", "replicas 1"),
        WrongSolution(
            "another port",
            _edited(("containerPort: 8080", "containerPort: 80")),
            "container",
            "port 80, 60 s",
        ),
        WrongSolution(
            "the default time",
            _edited(("      terminationGracePeriodSeconds: 60\n", "")),
            "container",
            "None s to end",
        ),
        WrongSolution("CPU units", _edited(("cpu: 500m", "cpu: 512")), "size", ": 512 vCPU"),
        WrongSolution("bytes", _edited(("memory: 1Gi", "memory: 1024")), "size", "1024 bytes"),
        WrongSolution(
            "a suffix of its own", _edited(("memory: 1Gi", "memory: 1024 MB")), "size", "no memory"
        ),
        WrongSolution(
            "less kept than used",
            _edited(("limits:", "requests: {cpu: 250m}\n          limits:")),
            "size",
            "requests {'cpu': '250m'}: 0.25 vCPU",
        ),
        WrongSolution(
            "the defaults",
            _edited(("{maxUnavailable: 0, maxSurge: 100%}", "{}")),
            "update",
            "0 missing, 1 more",
        ),
        WrongSolution(
            "all at once",
            _edited(("rollingUpdate: {maxUnavailable: 0, maxSurge: 100%}", "type: Recreate")),
            "update",
            "3 missing, 0 more",
        ),
        WrongSolution(
            "unconverted",
            _edited(("maxUnavailable: 0", "maxUnavailable: 100%")),
            "update",
            "3 missing, 3",
        ),
        WrongSolution(
            "only alive",
            _edited(("        readinessProbe: {httpGet: {path: /health, port: 8080}}\n", "")),
            "asked",
            "readinessProbe none",
        ),
        WrongSolution(
            "no account named",
            _edited(("      serviceAccountName: quay\n", "")),
            "role",
            "account default",
        ),
        WrongSolution("no such account", _without("account.yaml"), "role", "service accounts []"),
        WrongSolution(
            "the Service's port",
            _edited(("targetPort: 8080", "targetPort: 80"), name="service.yaml"),
            "door",
            "finds them, to [80]",
        ),
        WrongSolution(
            "another namespace",
            _edited(("  name: quay\n", "  name: quay\n  namespace: pier\n"), name="service.yaml"),
            "door",
            "no Service",
        ),
        WrongSolution(
            "finds nobody",
            _edited(("app: quay", "app: web"), name="service.yaml"),
            "door",
            "finds none",
        ),
    ),
    rationale=(
        "A schema sees only form: labels that nobody selects, 1024 bytes of memory and a door to the wrong "
        "port pass it. CPU is in vCPU (500m), memory in bytes (1Gi); the role comes by the service account."
    ),
    objective="eks-compared/repair",
    sources=(
        "Kubernetes API, Deployment and Service (schemas of kubernetes-validate 1.37.0), checked 2026-11-27",
        "Amazon EKS User Guide, EKS Pod Identity, checked 2026-11-27",
    ),
    done_in="folder",
    observe=_observe,
)

"""Images of what is to be made: pulled or built before anything else, so that nothing changes while one is missing."""

from __future__ import annotations

import re
from typing import Any

from topology.core.builds import Build, build_of, left_out
from topology.core.design import Design, Service
from topology.core.differences import Wanted
from topology.core.draft import Draft
from topology.core.image_name import full_tag, local_image
from topology.core.observed import Observed
from topology.core.payload import image_of
from topology.core.plan import Impact, Kind
from topology.core.problems import Problem, Severity

UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
AGES_S = {"daily": 86400, "weekly": 604800, "refresh": 86400}


class ImageStage:
    """Goes through the wanted containers that are made; each image is pulled or built once."""

    def __init__(self, draft: Draft, design: Design, observed: Observed) -> None:
        self.draft, self.design, self.observed = draft, design, observed
        enabled = [one for one in design.services.values() if not one.profiles]
        self._builders = {full_tag(image_of(design, one.name)): one.name for one in reversed(enabled) if one.build is not None}
        self._can: dict[str, bool] = {}

    def run(self, wanted: list[Wanted]) -> list[Wanted]:
        """The containers that can be made or stay; for the others a note says what is missing."""
        return [one for one in wanted if not one.made or self._provide(one.service)]

    def _provide(self, service: str) -> bool:
        image = full_tag(image_of(self.design, service))
        builder = self._builders.get(image)
        key = image if builder else f"{image} {self.design.services[service].platform or ''}"
        if key not in self._can:
            self._can[key] = self._build(builder) if builder else self._pull(service)
        return self._can[key]

    def _build(self, service: str) -> bool:
        spec, image = self.design.services[service], image_of(self.design, service)
        there = local_image(self.observed.images, image)
        if there and spec.pull_policy != "build":
            return True
        build = build_of(self.design, service)
        if build.missing:
            message = f"{service} is to be built from {build.context}, but {build.missing}."
            return self._refuse("build-context-missing", message, spec=spec, fix=build.fix)
        cause = "pull_policy is build" if there else "it is not on the engine"
        if keys := left_out(spec, modern=bool(build.options.get("modern")), api_version=self.observed.api_version):
            message = f"{', '.join(f'build.{key}' for key in keys)} of {service} cannot be told to the engine's builder."
            fix = f"Build {image} elsewhere if it needs them, and push or load it."
            self.draft.notes.append(Problem(
                "build-not-carried", message, fix=fix, subject=f"service:{service}", line=spec.line, severity=Severity.WARNING,
            ))  # fmt: skip
        self._add(
            Kind.BUILD_IMAGE, service, f"build image {image} from {_shown(build)}", cause=cause,
            detail={"image": image, "options": dict(build.options)}, contents=dict(build.contents),
        )  # fmt: skip
        return True

    def _pull(self, service: str) -> bool:
        spec, image = self.design.services[service], image_of(self.design, service)
        there = bool(local_image(self.observed.images, image))
        policy = spec.pull_policy or "missing"
        if policy == "build":
            fix = "Add a build section, or change pull_policy."
            return self._refuse("build-missing", f"{service} is to be built, but has no build section.", spec=spec, fix=fix)
        if policy == "never" and not there:
            fix = f"Load {image} on the engine, or change pull_policy."
            message = f"{service} needs {image}, which is not on the engine, and pull_policy is never."
            return self._refuse("image-missing", message, spec=spec, fix=fix)
        age_s = max_age_s(spec)
        if not there or policy == "always" or age_s is not None:
            cause = f"pull_policy is {policy}" if there else "it is not on the engine"
            detail: dict[str, Any] = {"image": image}
            detail |= {"platform": spec.platform} if spec.platform else {}
            detail |= {"max_age_s": age_s} if there and age_s is not None else {}
            self._add(Kind.PULL_IMAGE, service, f"pull image {image}", cause=cause, detail=detail)
        return True

    def _add(self, kind: Kind, service: str, summary: str, **more: object) -> None:
        index = self.draft.add(kind, f"service:{service}", summary, impact=Impact.NEW, **more)  # type: ignore[arg-type]
        self.draft.pulls = [*self.draft.pulls, index]

    def _refuse(self, code: str, message: str, *, spec: Service, fix: str) -> bool:
        self.draft.notes.append(Problem(code, message, fix=fix, subject=f"service:{spec.name}", line=spec.line))
        return False


def max_age_s(spec: Service) -> float | None:
    """How old an image may be by `pull_policy` (daily, weekly, every_12h, refresh) before it is pulled again; None: no matter."""
    policy = spec.pull_policy or ""
    if policy == "refresh" and spec.other.get("pull_refresh_after"):
        policy = f"every_{spec.other['pull_refresh_after']}"
    if policy in AGES_S:
        return AGES_S[policy]
    parts = re.findall(r"(\d+)([wdhms])", policy.removeprefix("every_")) if policy.startswith("every_") else []
    return sum(int(number) * UNIT_S[unit] for number, unit in parts) if parts else None


def _shown(build: Build) -> str:
    """The context in words, without a user name or password that a URL may have."""
    return re.sub(r"//[^/@]*@", "//", build.context)

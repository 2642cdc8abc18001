"""A stack's versions: which are there, what was applied of them, what ran then, and which are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from topology import wire
from topology.core.design import Design
from topology.core.image_name import full_tag
from topology.core.observed import Observed
from topology.core.payload import image_of
from topology.models import AppliedImage, Op, Run, Stack, StackFile

KEPT = 500  # the newest versions, kept whatever they are
SHOWN = 500


def revisions_of(stack: Stack) -> list[wire.Revision]:
    """The newest versions, and all older ones that are applied or named; newest first. No text is opened."""
    applied = _applied(stack.pk)
    rows = list(_light(stack.pk).order_by("-version")[:SHOWN])
    if len(rows) == SHOWN:
        older = _light(stack.pk).filter(version__lt=rows[-1].version).filter(Q(version__in=applied) | ~Q(name=""))
        rows += list(older.order_by("-version"))
    return [revision_view(row, applied=applied[row.version]) for row in rows]


def _light(stack_id: UUID):  # type: ignore[no-untyped-def]
    return Op.objects.filter(stack_id=stack_id).select_related("by").defer("text", "edit", "inverse", "notes")


def revision_view(row: Op, *, applied: Sequence[wire.AppliedView]) -> wire.Revision:
    return wire.Revision(
        version=row.version, at=row.at.timestamp(), by=row.by.get_username() if row.by else "", message=row.message,
        name=row.name, files=len(row.tree.get("files", {})), applied=list(applied),
    )  # fmt: skip


def applied_of(stack_id: UUID, version: int) -> list[wire.AppliedView]:
    return _applied(stack_id, version=version)[version]


def _applied(stack_id: UUID, *, version: int | None = None) -> dict[int, list[wire.AppliedView]]:
    """Version → its applies, newest first."""
    rows = Run.objects.filter(stack_id=stack_id, kind="apply").exclude(state="waiting")
    if version is not None:
        rows = rows.filter(version=version)
    found: dict[int, list[wire.AppliedView]] = defaultdict(list)
    for run in rows.select_related("by").defer("text", "tree").order_by("-requested_at"):
        at = run.ended_at or run.started_at or run.requested_at
        found[run.version].append(
            wire.AppliedView(
                run_id=str(run.pk), at=at.timestamp(), by=run.by.get_username() if run.by else "",
                state=run.state, is_rollback=run.rollback_of_id is not None or bool(run.asked.get("rollback")),  # type: ignore[arg-type]
            )
        )  # fmt: skip
    return found


def find_version(stack: Stack, version: int) -> Op | None:
    """A version's row, with its texts; None where it never was or was thinned out."""
    return Op.objects.select_related("by").filter(stack=stack, version=version).first()


# --- what ran -----------------------------------------------------------------------------------------------------------------


def keep_images(run: Run, observed: Observed, *, design: Design) -> None:
    """Record what the design's containers were made from, by one that runs where there is one."""
    rows = []
    for service, containers in sorted(observed.by_service().items()):
        one = min(containers, key=lambda each: (each.state != "running", each.number))
        if one.image_id and service in design.services:
            image = image_of(design, service)
            digest = digest_of(observed.images, image, one.image_id)
            rows.append(AppliedImage(run=run, service=service, image=image, image_id=one.image_id, digest=digest))
    AppliedImage.objects.filter(run=run).delete()
    AppliedImage.objects.bulk_create(rows)


def digest_of(images: Mapping[str, str], image: str, image_id: str) -> str:
    """A name by digest under which a registry has the image, of the repository that it was named by where there are several."""
    names = sorted(name for name, identity in images.items() if identity == image_id and "@" in name)
    repository = full_tag(image).rpartition(":")[0].partition("@")[0]
    return next((name for name in names if full_tag(name).partition("@")[0] == repository), names[0] if names else "")


def images_of(stack: Stack, version: int) -> dict[str, AppliedImage]:
    """Service → what it ran at the last done apply of a version."""
    run = Run.objects.filter(stack=stack, kind="apply", state="done", version=version, images__isnull=False)
    last = run.defer("text").order_by("-ended_at").first()
    return {row.service: row for row in last.images.all()} if last else {}


# --- what is kept -------------------------------------------------------------------------------------------------------------


def thin(stack_id: UUID) -> int:
    """Remove versions beyond the newest `KEPT` that were never applied and have no name; gives how many."""
    newest = Op.objects.filter(stack_id=stack_id).order_by("-version").values_list("version", flat=True)[KEPT - 1 : KEPT].first()
    if newest is None:
        return 0
    applied = set(Run.objects.filter(stack_id=stack_id, kind="apply").values_list("version", flat=True))
    old = Op.objects.filter(stack_id=stack_id, version__lt=newest, name="").values_list("pk", "version")
    gone = [key for key, version in old if version not in applied and version != 1]
    for start in range(0, len(gone), 500):
        Op.objects.filter(pk__in=gone[start : start + 500]).delete()
    if gone:
        _drop_files(stack_id)
    return len(gone)


def _drop_files(stack_id: UUID) -> None:
    """Companions' texts that no version, no run and not the stack itself names any more."""
    trees = [
        *Op.objects.filter(stack_id=stack_id).values_list("tree", flat=True),
        *Run.objects.filter(stack_id=stack_id).values_list("tree", flat=True),
        *(tree for pair in Stack.objects.filter(pk=stack_id).values_list("tree", "good_tree") for tree in pair),
    ]
    named = {identity for tree in trees for identity in (tree or {}).get("files", {}).values()}
    files = StackFile.objects.filter(stack_id=stack_id).values_list("pk", flat=True)
    StackFile.objects.filter(pk__in=[key for key in files if str(key) not in named]).delete()

"""A stack's files as one .zip: the main text under its own name, the companions under their paths. Same files, same bytes."""

from __future__ import annotations

import io
import zipfile

from topology.core.bundle import Bundle

_TIME = (1980, 1, 1, 0, 0, 0)  # the first that the format knows


def zip_of(bundle: Bundle) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted({**bundle.files, bundle.name: bundle.text}.items()):
            entry = zipfile.ZipInfo(path, _TIME)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return packed.getvalue()

"""Edits of a whole stack: its main text, its companions, and which of them are merged. See `core.bundle`.

The inverse is worked out from the files before and after, so it restores the bytes of all of them whatever the edit was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from topology.compose.overridden import overridden
from topology.compose.patch import apply_patch, make_patch
from topology.compose.write import Applied, apply
from topology.compose.write_overrides import changes_names, follow_names
from topology.core.bundle import Bundle
from topology.core.edit import Edit, InFile, PatchText, RemoveFile, RenameFile, ReplaceText, SetOverrides, Several
from topology.core.problems import Problem

_ABOUT_FILES = (RemoveFile, RenameFile, SetOverrides)


@dataclass(frozen=True, slots=True)
class Done:
    """The stack's files after an edit, the edit that undoes it, and sentences on what it did beside what was asked."""

    bundle: Bundle
    inverse: Edit
    notes: tuple[str, ...] = ()


def apply_to(bundle: Bundle, edit: Edit, *, file: str = "") -> Done | Problem:
    """Apply an edit; `file` is the companion in which an edit of the graph is done, "" the main text. All of it or nothing."""
    new = _edited(bundle, edit, file)
    if isinstance(new, Problem):
        return new
    after, notes = new
    if isinstance(edit, RenameFile):
        return Done(after, RenameFile(edit.to, edit.file) if edit.file else RenameFile("", bundle.name), notes)
    return Done(after, _back(after, bundle), notes)


def _edited(bundle: Bundle, edit: Edit, file: str) -> tuple[Bundle, tuple[str, ...]] | Problem:
    if isinstance(edit, Several) and (file or any(_is_about_files(one) for one in edit.edits)):
        notes: list[str] = []
        for one in edit.edits:
            new = _edited(bundle, one, file)
            if isinstance(new, Problem):
                return new
            bundle = new[0]
            notes += new[1]
        return bundle, tuple(dict.fromkeys(notes))
    if isinstance(edit, RemoveFile | RenameFile | SetOverrides):
        changed = _change_files(bundle, edit)
        return changed if isinstance(changed, Problem) else (changed, ())
    if isinstance(edit, PatchText | ReplaceText) and (target := edit.file or file):
        changed = _type(bundle, edit, target)
        return changed if isinstance(changed, Problem) else (changed, ())
    return _draw(bundle, edit, file)


def _is_about_files(edit: Edit) -> bool:
    if isinstance(edit, Several):
        return any(_is_about_files(one) for one in edit.edits)
    return isinstance(edit, _ABOUT_FILES) or (isinstance(edit, PatchText | ReplaceText) and edit.file != "")


def _draw(bundle: Bundle, edit: Edit, file: str) -> tuple[Bundle, tuple[str, ...]] | Problem:
    """An edit of the graph, which may reach into the Compose files that the text names; or typing in the main text."""
    texts = {path: text for path, text in bundle.files.items() if path.endswith((".yml", ".yaml"))}
    done = apply(bundle.text, InFile(file, edit) if file else edit, files=texts)
    if isinstance(done, Problem) and not file and done.code.endswith("-unknown"):
        done = _drawn_over(bundle, edit, texts) or done
    if isinstance(done, Problem) and not file and done.code == "stands-elsewhere":
        done = _drawn_elsewhere(bundle, edit, texts)
    if isinstance(done, Problem):
        return done
    after = replace(bundle, text=done.text, files={**bundle.files, **done.files})
    return (after, done.notes) if isinstance(edit, PatchText | ReplaceText) else _followed(bundle, after, edit, done.notes)


def _drawn_elsewhere(bundle: Bundle, edit: Edit, texts: Mapping[str, str]) -> Applied | Problem:
    """An edit of what an included file has is done there: all of these files are the stack's own, and one undo takes it back."""
    done = apply(bundle.text, InFile("", edit), files=texts)
    if isinstance(done, Problem) or done.text != bundle.text:
        return done
    where = tuple(f"This is written in `{path}`, and was changed there." for path in sorted(done.files))
    return replace(done, notes=(*where, *(one for one in done.notes if not one.endswith(" was changed too."))))


def _drawn_over(bundle: Bundle, edit: Edit, texts: Mapping[str, str]) -> Applied | None:
    """An edit of what only a merged file has is done there."""
    for path in reversed(bundle.overrides):
        done = apply(bundle.text, InFile(path, edit), files=texts) if path in texts else None
        if isinstance(done, Applied):
            return replace(done, notes=(f"This is written in `{path}`, and was changed there.", *done.notes))
    return None


def _followed(before: Bundle, after: Bundle, edit: Edit, notes: tuple[str, ...]) -> tuple[Bundle, tuple[str, ...]] | Problem:
    """Names that changed or went are followed in the merged files; what these set themselves is told."""
    for path in before.overrides:
        if path in after.files and after.files[path] == before.files[path]:
            text = follow_names(after.files[path], edit, file=path)
            if isinstance(text, Problem):
                return text
            if text != after.files[path]:
                after = replace(after, files={**after.files, path: text})
                notes += (f"{path} was changed too.",)
    if changes_names(edit):
        return after, notes
    merged = [(path, after.files[path]) for path in before.overrides if path in after.files]
    return after, notes + overridden(before.text, after.text, merged)


def _type(bundle: Bundle, edit: PatchText | ReplaceText, file: str) -> Bundle | Problem:
    if isinstance(edit, ReplaceText):
        return replace(bundle, files={**bundle.files, file: edit.text})
    if file not in bundle.files:
        return _missing(file)
    text = apply_patch(bundle.files[file], edit)
    if isinstance(text, Problem):
        return replace(text, file=file)
    return replace(bundle, files={**bundle.files, file: text})


def _change_files(bundle: Bundle, edit: RemoveFile | RenameFile | SetOverrides) -> Bundle | Problem:
    if isinstance(edit, SetOverrides):
        return replace(bundle, overrides=edit.files)
    if isinstance(edit, RenameFile) and edit.file == "":
        return replace(bundle, name=edit.to)
    if edit.file not in bundle.files:
        return _missing(edit.file)
    if isinstance(edit, RemoveFile):
        rest = {path: text for path, text in bundle.files.items() if path != edit.file}
        return replace(bundle, files=rest, overrides=tuple(path for path in bundle.overrides if path != edit.file))
    if edit.to in bundle.files:
        return Problem("file-exists", f"There is a `{edit.to}` already.", fix="Choose another name.", file=edit.to)
    names: Mapping[str, str] = {edit.file: edit.to}
    return replace(
        bundle,
        files={names.get(path, path): text for path, text in bundle.files.items()},
        overrides=tuple(names.get(path, path) for path in bundle.overrides),
    )


def _missing(file: str) -> Problem:
    return Problem("file-missing", f"The stack has no file `{file}`.", fix="Add the file first.", file=file)


def _back(after: Bundle, before: Bundle) -> Edit:
    """The edit that turns `after` into `before`."""
    edits: list[Edit] = []
    if after.text != before.text:
        edits.append(make_patch(after.text, before.text))
    if after.name != before.name:
        edits.append(RenameFile("", before.name))
    for path in sorted({*before.files, *after.files}):
        old, new = before.files.get(path), after.files.get(path)
        if old is None:
            edits.append(RemoveFile(path))
        elif new is None:
            edits.append(ReplaceText(old, path))
        elif old != new:
            edits.append(replace(make_patch(new, old), file=path))
    left = tuple(path for path in after.overrides if path in before.files)  # removing a file takes it out
    if left != before.overrides:
        edits.append(SetOverrides(before.overrides))
    if not edits:
        return PatchText(())
    return edits[0] if len(edits) == 1 else Several(tuple(edits))

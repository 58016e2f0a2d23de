"""The repeatable SQL: reads the files of `sql/` and says what each makes, and in which order they run.

A file holds one object and is named after it; its first statement says what it is:

    do $$ … creates roles …          -> phase "roles"       (with a line `-- roles: name, name`, and `-- remedy: SQL`
                                                             for what a DBA must run besides creating them)
    create or replace function …     -> phase "functions"   (procedures too; overloads share a file)
    create or replace view …         -> phase "relations"
    create or replace trigger …      -> phase "relations"
    drop policy if exists … create policy …  -> phase "relations"
    grant … / revoke …               -> phase "grants"

Within a phase the order is that of the paths, so the numbered folders come in dependency order; a header line
`-- requires: name, name` puts files before this one. A name is a file's, `schema.name` or `folder/name` where two files
share it. This module only reads files; `migrate` runs them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from trustcart_db.errors import TrustCartError

PHASES = ("roles", "functions", "relations", "grants")
_PHASE_OF = {
    "roles": "roles",
    "function": "functions",
    "view": "relations",
    "trigger": "relations",
    "policy": "relations",
    "grants": "grants",
}

_NAME = r'(?:"[^"]+"|[a-z_][a-z0-9_$]*)'
_QUALIFIED = rf"(?P<schema>{_NAME})\s*\.\s*(?P<name>{_NAME})"
_TABLE = rf"(?P<schema>{_NAME})\s*\.\s*(?P<table>{_NAME})"
_STATEMENTS = (
    ("function", re.compile(rf"create\s+or\s+replace\s+(?:function|procedure)\s+{_QUALIFIED}\s*\(", re.I)),
    ("view", re.compile(rf"create\s+or\s+replace\s+view\s+{_QUALIFIED}", re.I)),
    ("trigger", re.compile(rf"create\s+or\s+replace\s+trigger\s+(?P<name>{_NAME})\s.*?\son\s+{_TABLE}", re.I | re.S)),
    ("policy", re.compile(rf"drop\s+policy\s+if\s+exists\s+(?P<name>{_NAME})\s+on\s+{_TABLE}", re.I)),
    ("grants", re.compile(r"(?:grant|revoke|alter\s+default\s+privileges)\s", re.I)),
    ("roles", re.compile(r"do\s+\$", re.I)),
)
_COMMENT = re.compile(r"\s*(?:--[^\n]*(?:\n|\Z)|/\*.*?\*/)", re.S)
_HEADER = re.compile(r"^--\s*(requires|roles)\s*:(.*)$", re.M)
_REMEDY = re.compile(r"^--\s*remedy\s*:\s*(.*?)\s*;?$", re.M)


class BundleError(TrustCartError):
    """A file of the bundle breaks the rules above; names the file."""


@dataclass(frozen=True)
class BundleObject:
    """One file of `sql/`.

    path (relative to the bundle root, with /), kind ("roles", "function", "view", "trigger", "policy", "grants"),
    schema and name (None for roles and grants), table (of a trigger or policy), requires (names as written), roles and
    remedies (of a roles file), text, sha256 (of the file).
    """

    path: str
    kind: str
    schema: str | None
    name: str | None
    table: str | None
    requires: tuple[str, ...]
    roles: tuple[str, ...]
    remedies: tuple[str, ...]
    text: str
    sha256: str

    @property
    def phase(self) -> str:
        """One of PHASES: when it runs."""
        return _PHASE_OF[self.kind]

    @property
    def identity(self) -> str:
        """The object's name as the catalogue writes it; of a function without the arguments, which only that knows."""
        if self.schema is None:
            return Path(self.path).stem
        if self.table is None:
            return f"{self.schema}.{self.name}"
        return f"{self.name} on {self.schema}.{self.table}"


@dataclass(frozen=True)
class Bundle:
    """All of it: objects (in the order they run), sha256 (of all files), migrations_dir."""

    objects: tuple[BundleObject, ...]
    sha256: str
    migrations_dir: Path

    def phase(self, name: str) -> list[BundleObject]:
        """The objects of one of PHASES, in order."""
        return [one for one in self.objects if one.phase == name]

    @property
    def roles(self) -> tuple[str, ...]:
        """The group roles that the roles files create."""
        return tuple(role for one in self.objects for role in one.roles)


def default_root() -> Path:
    """The folder that holds `sql/` and `migrations/`.

    Result: the installed wheel's copy, else the repository this module stands in (an editable install does not see
    files that the wheel build copies). Raises BundleError when there is neither.
    """
    here = Path(__file__).resolve().parent
    for root in (here / "_bundle", here.parent):
        if (root / "migrations").is_dir():
            return root
    raise BundleError("The package holds no migrations.", "Reinstall trustcart-db.")


def read_bundle(root: Path | None = None) -> Bundle:
    """Read a bundle.

    Argument: the folder with `sql/` and `migrations/` (default: `default_root`). Result: a Bundle, ordered. Raises
    BundleError naming the file that is not as it should be.
    """
    root = Path(root) if root else default_root()
    files = sorted((root / "sql").rglob("*.sql"))
    objects = [_read_object(file, file.relative_to(root).as_posix()) for file in files]
    ordered = tuple(_order(objects))
    whole = hashlib.sha256("".join(f"{one.path} {one.sha256}\n" for one in objects).encode()).hexdigest()
    return Bundle(ordered, whole, root / "migrations")


def _read_object(file: Path, path: str) -> BundleObject:
    text = file.read_text(encoding="utf-8")
    headers: dict[str, list[str]] = {"requires": [], "roles": []}
    for key, names in _HEADER.findall(text):
        headers[key] += [name.strip() for name in names.split(",") if name.strip()]
    code_at = 0
    while comment := _COMMENT.match(text, code_at):
        code_at = comment.end()
    code = text[code_at:].lstrip()
    kind, found = next(((kind, found) for kind, pattern in _STATEMENTS if (found := pattern.match(code))), (None, None))
    if kind is None:
        raise BundleError(
            f"{path}: the first statement is not one that may run again and again.",
            "Begin with create or replace function, procedure, view or trigger, drop policy if exists, grant or do $$, "
            "and write names as schema.name. Tables and indexes belong to migrations.",
        )
    if kind == "roles" and not headers["roles"]:
        raise BundleError(f"{path}: a `do` block creates roles and says which.", "Add a line `-- roles: name, name`.")
    names = {key: value.strip('"') if value else None for key, value in found.groupdict().items()}
    if kind == "function":
        _require_one_function(path, code, names)
    return BundleObject(
        path=path,
        kind=kind,
        schema=names.get("schema"),
        name=names.get("name"),
        table=names.get("table"),
        requires=tuple(headers["requires"]),
        roles=tuple(headers["roles"]),
        remedies=tuple(_REMEDY.findall(text)) if kind == "roles" else (),
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _require_one_function(path: str, code: str, first: dict[str, str | None]) -> None:
    for found in dict(_STATEMENTS)["function"].finditer(code):
        if (found["schema"].strip('"'), found["name"].strip('"')) != (first["schema"], first["name"]):
            raise BundleError(
                f"{path}: holds {first['schema']}.{first['name']} and {found['schema']}.{found['name']}.",
                "One object a file; only overloads of one name share a file.",
            )


def _order(objects: list[BundleObject]) -> list[BundleObject]:
    named: dict[str, list[BundleObject]] = {}
    for one in objects:
        folder, stem = Path(one.path).parent.name, Path(one.path).stem
        for name in {stem, f"{folder}/{stem}", f"{one.schema}.{stem}"}:
            named.setdefault(name, []).append(one)

    def required(one: BundleObject, name: str) -> BundleObject:
        found = named.get(name, [])
        if len(found) != 1:
            problem = "which no file is named" if not found else "which " + " and ".join(f.path for f in found) + " are"
            raise BundleError(
                f"{one.path}: requires {name}, {problem}.",
                "Name a file, or schema.file or folder/file where two share it.",
            )
        if PHASES.index(found[0].phase) > PHASES.index(one.phase):
            raise BundleError(
                f"{one.path}: requires {found[0].path}, which is made later: {found[0].phase} come after {one.phase}."
            )
        return found[0]

    ordered = []
    for phase in PHASES:
        members = [one for one in objects if one.phase == phase]
        sorter = TopologicalSorter({one.path: () for one in members})
        for one in members:
            before = [required(one, name) for name in one.requires]
            sorter.add(one.path, *(other.path for other in before if other.phase == phase))
        by_path = {one.path: one for one in members}
        try:
            sorter.prepare()
        except CycleError as error:
            raise BundleError("These files require each other: " + " -> ".join(error.args[1])) from None
        # Of the files that may come next always the first by path: the order is the same on every machine.
        ready: list[str] = []
        while sorter.is_active():
            ready = sorted([*ready, *sorter.get_ready()])
            path = ready.pop(0)
            ordered.append(by_path[path])
            sorter.done(path)
    return ordered

"""The house rules that pgTAP cannot see: files against objects, released migrations, and what plpgsql_check says."""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path

import pytest

from tests.tools import releases
from trustcart_db.bundle import read_bundle

REPOSITORY = Path(__file__).parents[2]
PGTAP = REPOSITORY / "tests" / "pgtap"
CONTRACT = ("trustcart", "trustcart_api")


def test_every_file_is_named_after_its_object():
    """One home for each object, and its file's name finds it."""
    wrong = [
        f"{one.path} makes {one.identity}"
        for one in read_bundle().objects
        if one.name is not None and Path(one.path).stem != one.name
    ]
    assert wrong == []


def test_every_object_has_one_file():
    """No object is made by two files, of which the last one run would win."""
    homes: dict[str, list[str]] = {}
    for one in read_bundle().objects:
        if one.name is not None:
            homes.setdefault(f"{one.kind} {one.identity}", []).append(one.path)
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def test_every_contract_function_has_its_pgtap_folder():
    """sql/<domain>/f.sql of the contract has tests in tests/pgtap/<domain>/f/."""
    missing = []
    for one in read_bundle().objects:
        if one.kind == "function" and one.schema in CONTRACT:
            folder = PGTAP / Path(one.path).parent.relative_to("sql") / one.name
            if not any(folder.glob("*.sql")):
                missing.append(folder.relative_to(REPOSITORY).as_posix())
    assert missing == []


def test_every_function_of_the_contract_is_in_the_bundle_or_tested(db):
    """Functions made by migrations have a pgTAP folder too."""
    with db.connect() as connection:
        names = connection.execute(
            "select distinct proname from pg_proc where pronamespace::regnamespace::text = any(%s)", [list(CONTRACT)]
        ).fetchall()
    folders = {path.parent.name for path in PGTAP.rglob("*.sql")}
    assert [name for (name,) in names if name not in folders] == []


def test_released_migrations_are_frozen():
    """A released file never changes: databases that ran it would differ from those that run it now."""
    changed = []
    for line in (REPOSITORY / "migrations" / "frozen.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            sha256, name = line.split()
            if hashlib.sha256((REPOSITORY / "migrations" / name).read_bytes()).hexdigest() != sha256:
                changed.append(name)
    assert changed == []


def test_every_frozen_release_is_kept_for_upgrades():
    """frozen.txt and tests/releases tell of the same releases, with the same migrations."""
    frozen = releases.releases(read_bundle())
    assert sorted(set(frozen.values()), key=releases.version_key) == releases.kept()
    for version in releases.kept():
        with tarfile.open(releases.FOLDER / f"{version}.tar.xz") as archive:
            packed = {
                Path(name).stem: archive.extractfile(name).read()
                for name in archive.getnames()
                if name.startswith("migrations/") and name.endswith(".sql")
            }
        for name, text in packed.items():
            assert (REPOSITORY / "migrations" / f"{name}.sql").read_bytes() == text, (
                f"{name} is not as {version} has it"
            )
        assert {name.removesuffix(".rollback") for name in packed} == {
            name for name in frozen if releases.version_key(frozen[name]) <= releases.version_key(version)
        }


@pytest.mark.extension("plpgsql_check")
def test_plpgsql_check_finds_nothing(db):
    """Every PL/pgSQL function and procedure, and every trigger function on each table it serves, transition tables
    included."""
    with db.connect() as connection:
        # In a schema of its own, so that "our functions" stays a question of schemas.
        connection.execute("create schema checker; create extension plpgsql_check schema checker")
        connection.execute("select trustcart_private.make_phone_triggers()")
        checked, found = 0, []
        targets = connection.execute(
            """
            select p.oid, p.oid::regprocedure::text as name, 0::oid as relation, null as old_table, null as new_table
            from pg_proc as p join pg_language as l on l.oid = p.prolang
            where l.lanname = 'plpgsql' and p.prorettype <> 'trigger'::regtype
              and p.pronamespace::regnamespace::text in ('trustcart', 'trustcart_private', 'trustcart_api')
            union all
            -- One function may serve several triggers of a table and see other transition tables in each.
            select p.oid, p.oid::regprocedure || ' on ' || t.tgrelid::regclass, t.tgrelid, max(t.tgoldtable),
                max(t.tgnewtable)
            from pg_trigger as t join pg_proc as p on p.oid = t.tgfoid join pg_language as l on l.oid = p.prolang
            where not t.tgisinternal and l.lanname = 'plpgsql' and t.tgparentid = 0
              and p.pronamespace::regnamespace::text in ('trustcart', 'trustcart_private', 'trustcart_api')
            group by p.oid, t.tgrelid
            order by 2
            """
        ).fetchall()
        for function, name, relation, old_table, new_table in targets:
            rows = connection.execute(
                "select level, lineno, message from checker.plpgsql_check_function_tb(%s::regprocedure,"
                " relid => %s::regclass, oldtable => %s, newtable => %s, fatal_errors => false,"
                " extra_warnings => false, performance_warnings => false)",
                [function, relation, old_table, new_table],
            ).fetchall()
            checked += 1
            found += [f"{name}:{line}: {level}: {message}" for level, line, message in rows]
    assert checked > 0
    assert found == []


@pytest.mark.extension("plpgsql_check")
def test_every_trigger_function_serves_a_trigger(db):
    """A trigger function without a trigger is dead, and the check above would never see it."""
    with db.connect() as connection:
        # Those that are there only while phone numbers are encrypted.
        connection.execute("select trustcart_private.make_phone_triggers()")
        unused = connection.execute(
            "select p.oid::regprocedure::text from pg_proc as p where p.prorettype = 'trigger'::regtype"
            " and p.pronamespace::regnamespace::text in ('trustcart', 'trustcart_private', 'trustcart_api')"
            " and not exists (select from pg_trigger as t where t.tgfoid = p.oid)"
        ).fetchall()
    assert unused == []

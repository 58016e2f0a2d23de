"""The reader of sql/: order, requirements, and clear errors for files that break the rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trustcart_db.bundle import PHASES, BundleError, default_root, read_bundle


def function(name: str, requires: str = "", body: str = "select 1") -> str:
    """The text of a function's file."""
    header = f"-- requires: {requires}\n" if requires else ""
    return f"{header}create or replace function {name}() returns int language sql as '{body}';"


def view(name: str, requires: str = "") -> str:
    """The text of a view's file."""
    return (f"-- requires: {requires}\n" if requires else "") + f"create or replace view {name} as select 1 as a;"


def paths(bundle) -> list[str]:
    """In the order they run."""
    return [one.path.removeprefix("sql/") for one in bundle.objects]


def test_the_real_bundle_reads_and_has_tables():
    bundle = read_bundle()
    assert bundle.objects
    assert bundle.migrations_dir == default_root() / "migrations"
    assert [one.phase for one in bundle.objects] == sorted((one.phase for one in bundle.objects), key=PHASES.index)


def test_without_requirements_the_order_is_that_of_the_paths(make_bundle):
    bundle = make_bundle({f"sql/{n}/{n[-1]}.sql": function(f"s.{n[-1]}") for n in ("20_b", "10_a", "30_c")})
    assert paths(bundle) == ["10_a/a.sql", "20_b/b.sql", "30_c/c.sql"]


def test_a_requirement_comes_first_across_folders(make_bundle):
    bundle = make_bundle(
        {
            "sql/10_a/a.sql": function("s.a", "c, b"),
            "sql/20_b/b.sql": function("s.b"),
            "sql/30_c/c.sql": function("s.c", "b"),
            "sql/30_c/v.sql": view("s.v", "a"),
        }
    )
    assert paths(bundle) == ["20_b/b.sql", "30_c/c.sql", "10_a/a.sql", "30_c/v.sql"]


def test_kinds_and_phases(make_bundle):
    bundle = make_bundle(
        {
            "sql/1/roles.sql": "-- roles: one, two\ndo $$ begin end $$;",
            "sql/1/p.sql": "/* a procedure */\n-- and more\ncreate or replace procedure s.p() language sql as '';",
            "sql/1/v.sql": view("s.v"),
            "sql/1/t.sql": "CREATE OR REPLACE TRIGGER t\nAFTER UPDATE OF a, b\nON s.on_hold\nEXECUTE FUNCTION s.f();",
            "sql/1/y.sql": "drop policy if exists y on s.tab;\ncreate policy y on s.tab using (true);",
            "sql/1/grants.sql": "revoke all on schema s from public;\ngrant usage on schema s to public;",
        }
    )
    seen = {Path(one.path).stem: (one.kind, one.phase, one.identity) for one in bundle.objects}
    assert seen == {
        "roles": ("roles", "roles", "roles"),
        "p": ("function", "functions", "s.p"),
        "v": ("view", "relations", "s.v"),
        "t": ("trigger", "relations", "t on s.on_hold"),
        "y": ("policy", "relations", "y on s.tab"),
        "grants": ("grants", "grants", "grants"),
    }
    assert bundle.roles == ("one", "two")


def test_overloads_share_a_file(make_bundle):
    text = function("s.f") + "\ncreate or replace function s.f(a int) returns int language sql as 'select 1';"
    assert len(make_bundle({"sql/1/f.sql": text}).objects) == 1


def test_a_shared_name_is_told_apart_by_schema_or_folder(make_bundle):
    bundle = make_bundle(
        {
            "sql/10_a/f.sql": function("s.f", "api.f"),
            "sql/90_api/f.sql": function("api.f"),
            "sql/10_a/g.sql": function("s.g", "90_api/f"),
        }
    )
    assert paths(bundle) == ["10_a/g.sql", "90_api/f.sql", "10_a/f.sql"] or paths(bundle)[0] == "90_api/f.sql"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"sql/1/a.sql": function("s.a", "nobody")}, "sql/1/a.sql: requires nobody, which no file is named"),
        ({"sql/1/a.sql": function("s.a", "v"), "sql/1/v.sql": view("s.v")}, "relations come after functions"),
        ({"sql/1/a.sql": function("s.a", "b"), "sql/1/b.sql": function("s.b", "a")}, "require each other"),
        (
            {"sql/1/a.sql": function("s.a", "f"), "sql/1/f.sql": function("s.f"), "sql/2/f.sql": function("x.f")},
            "which sql/1/f.sql and sql/2/f.sql are",
        ),
        ({"sql/1/a.sql": "create table s.a (i int);"}, "sql/1/a.sql: the first statement"),
        ({"sql/1/a.sql": "create or replace view a as select 1;"}, "sql/1/a.sql: the first statement"),
        ({"sql/1/a.sql": "create trigger t after insert on s.a execute function s.f();"}, "the first statement"),
        ({"sql/1/a.sql": "-- nothing\n"}, "the first statement"),
        ({"sql/1/a.sql": "do $$ begin end $$;"}, "creates roles and says which"),
        ({"sql/1/a.sql": function("s.a") + "\n" + function("s.b")}, "holds s.a and s.b"),
    ],
)
def test_a_file_that_breaks_the_rules_is_named(make_bundle, files, message):
    with pytest.raises(BundleError, match=re.escape(message)):
        make_bundle(files)


def test_the_hash_sees_content_and_name(make_bundle):
    first = make_bundle({"sql/1/a.sql": function("s.a")}).sha256
    assert make_bundle({"sql/1/a.sql": function("s.a")}).sha256 == first
    changed = make_bundle({"sql/1/a.sql": function("s.a", body="select 2")}).sha256
    moved = make_bundle({"sql/1/a.sql": None, "sql/2/a.sql": function("s.a")}).sha256
    assert len({first, changed, moved}) == 3

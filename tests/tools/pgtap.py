"""Run the pgTAP tests on a private cluster: `python -m tests.tools.pgtap MAJOR [--from RELEASE] [pg_prove arguments or
files]`; with --from on a database that was migrated to that release and then upgraded.

pg_prove on a folder without tests exits 0, so this also checks that each file ran and had tests.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.tools import releases
from tests.tools.system import find_installation, pgtap_script, program, quick_dir
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate
from trustcart_db.server import THROW_AWAY, PrivateServer

TESTS = Path(__file__).parents[1] / "pgtap"
REPOSITORY = TESTS.parents[1]
#: pgTAP has a schema of its own; tests call it unqualified and ours as trustcart.something.
SEARCH_PATH = "trustcart, tap, public"
#: told(login, statement): what a login role is told, the one value or the SQLSTATE. pgTAP's own functions cannot be
#: called as another role.
_TOLD = """
create function tap.told(p_login text, p_statement text)
returns text language plpgsql as $$
declare
    v_told text;
begin
    execute format('set local session authorization %I', p_login);
    execute p_statement into v_told;
    reset session authorization;
    return coalesce(v_told, 'null');
exception when others then
    return sqlstate;
end;
$$;
"""


def prepare(server: PrivateServer, database: str, release: str | None = None) -> str:
    """Create a migrated database with pgTAP in its schema `tap`.

    Arguments: a running server; the name; a release to come from. Result: the URL. Raises psycopg.Error,
    TrustCartError.
    """
    url = server.create_database(database)
    with server.connect(database) as connection:
        connection.execute("create schema tap")
        known = connection.execute("select count(*) from pg_available_extensions where name = 'pgtap'").fetchone()[0]
        if known:
            connection.execute("create extension pgtap schema tap")
        else:
            # The embedded wheel cannot see Debian's extensions, but pgTAP is plain SQL.
            connection.execute("set search_path to tap, public")
            script = re.sub(r"^\\.*$", "", pgtap_script().read_text(encoding="utf-8"), flags=re.M)
            connection.execute(script.replace("MODULE_PATHNAME", "$libdir/pgtap"))
        connection.execute(_TOLD)
    if release:
        releases.install(url, release)
    migrate(url, read_bundle())
    if release:
        # It holds what the upgrade changed in settings and jobs; the tests count from an empty one.
        with server.connect(database) as connection:
            connection.execute("set session_replication_role to replica; truncate trustcart.audit_logs")
    return url


def run(major: int, arguments: list[str], release: str | None = None) -> int:
    """Run pg_prove on all tests, or on the files given.

    Arguments: the Postgres version, more arguments for pg_prove, a release to come from. Result: 0 when every file ran
    and passed, else 1.
    """
    files = [argument for argument in arguments if not argument.startswith("-")]
    expected = sorted(path.relative_to(REPOSITORY).as_posix() for path in TESTS.rglob("*.sql"))
    # Each file rolls back, so there is nothing to vacuum; and what waits half a second for a lock would lose to it.
    settings = {**THROW_AWAY, "autovacuum": "off"}
    with PrivateServer(find_installation(major), settings=settings, temp_dir=quick_dir()) as server:
        prepare(server, "pgtap", release)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment["PGOPTIONS"] = f"-c search_path={SEARCH_PATH.replace(' ', '')} -c client_min_messages=warning"
        # pg_prove would hand a URL on as PGDATABASE, where psql does not read it as one.
        environment |= {"PGHOST": str(server.socket_dir), "PGPORT": "5432", "PGUSER": server.superuser}
        command = [program("pg_prove"), "--psql-bin", str(server.bin_dir / "psql"), "--dbname", "pgtap"]
        command += ["--ext", ".sql", "--recurse", *arguments]
        if not files:
            command.append(TESTS.relative_to(REPOSITORY).as_posix())
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        output = []
        for line in process.stdout:
            print(line, end="", flush=True)
            output.append(line)
        code = process.wait()
    return code or (0 if files else _check_floor("".join(output), expected))


def _check_floor(output: str, expected: list[str]) -> int:
    missing = [name for name in expected if name not in output]
    summary = re.search(r"^Files=(\d+), Tests=(\d+)", output, re.M)
    if not summary or missing or int(summary.group(1)) != len(expected) or int(summary.group(2)) < len(expected):
        print(f"pg_prove did not run all of the {len(expected)} files: {', '.join(missing) or 'tests are missing'}")
        return 1
    return 0


if __name__ == "__main__":
    _, given_major, *given = sys.argv
    come_from = given[1] if given[:1] == ["--from"] else None
    sys.exit(run(int(given_major), given[2 if come_from else 0 :], come_from))

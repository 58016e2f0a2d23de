"""demo: the sample shop, its day, and that the second time changes nothing."""

from __future__ import annotations

import contextlib
import itertools
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from tests.python.conftest import environment
from tests.tools import web
from trustcart_db import demo
from trustcart_db.cli import cli as command_line
from trustcart_db.sample_shop import make_shop

# All that a run of the demo could change, but for the times of a migrate that changes nothing.
CONTENT = """
    select
        (select md5(string_agg(c::text, ';' order by c.id)) from trustcart.customers as c),
        (select md5(string_agg(o::text, ';' order by o.id)) from trustcart.sales_orders as o),
        (select md5(string_agg(t::text, ';' order by t.id)) from trustcart.crm_call_tasks as t),
        (select md5(string_agg(i::text, ';' order by i.id)) from trustcart.customer_interactions as i),
        (select count(*) from trustcart.job_runs)
"""


def content(database) -> tuple:
    with database.connect() as connection:
        return connection.execute(CONTENT).fetchone()


def test_in_a_database_that_is_given(empty_db, cli):
    done = cli("demo", env={"DATABASE_URL": empty_db.url})
    assert done.returncode == 0, done.stderr
    for told in (
        *("The customer base", "Today's call list", "The agents' load today", "The team in the last four weeks"),
        "One customer in 360°",
        "stake, Tk",
        "orders expected, worth",
    ):
        assert told in done.stdout
    before = content(empty_db)
    started = time.monotonic()
    again = cli("demo", env={"DATABASE_URL": empty_db.url})
    assert again.returncode == 0, again.stderr
    assert time.monotonic() - started < 10
    assert "nothing has changed" in again.stdout
    assert content(empty_db) == before

    with empty_db.connect() as connection:
        for column, expected in (
            ("customer_type", {"new", "repeat", "vip", "inactive", None}),
            ("lifecycle_stage", {"prospect", "new", "active", "at_risk", "churned"}),
            ("priority_level", {"hot", "warm", "cold"}),
        ):
            found = connection.execute(f"select distinct {column} from trustcart.customers").fetchall()
            assert {value for (value,) in found} == expected
        kinds = connection.execute("select distinct task_type from trustcart.crm_call_tasks").fetchall()
        assert {kind for (kind,) in kinds} == {
            *("follow_up", "birthday", "anniversary", "new_customer", "at_risk", "repeat_reminder"),
        }
        assert connection.execute("select count(*) from trustcart.check_customer_state()").fetchone() == (0,)
        # The calls of the past weeks were made then, and each completed one stands in the history once.
        assert connection.execute(
            "select count(*) > 100, count(*) = count(i.id), bool_and(t.completed_at = i.interaction_date),"
            " bool_and((t.completed_at at time zone s.time_zone)::date = t.task_date)"
            " from trustcart.crm_call_tasks as t cross join trustcart.settings as s"
            " left join trustcart.customer_interactions as i on t.id = i.task_id where t.status = 'completed'"
        ).fetchone() == (True, True, True, True)
        assert connection.execute(
            "select count(*) from pg_trigger where tgrelid = 'trustcart.crm_call_tasks'::regclass and tgenabled <> 'O'"
        ).fetchone() == (0,)
        # Who asked not to be called is not on the list.
        assert connection.execute(
            "select count(distinct c.customer_id), count(t.id) from trustcart.customer_consents as c"
            " left join trustcart.crm_call_tasks as t on c.customer_id = t.customer_id and t.status = 'pending'"
        ).fetchone() == (6, 0)
        assert connection.execute("select count(*) from trustcart.sales_order_items").fetchone()[0] > 2000
        # A model a month old is in use: it ranks the list, and what it foretold is compared with what came.
        assert connection.execute(
            "select m.id = 1, m.fitted_on = trustcart.business_date() - 30,"
            " (select count(*) from trustcart.customer_models where is_converged)"
            " from trustcart_private.model_of(trustcart.business_date()) as m"
        ).fetchone() == (True, True, 2)
        assert connection.execute(
            "select count(*), count(i.p_alive), count(f.customer_id) from trustcart.customer_intelligence as i"
            " left join trustcart.customer_rfm as f on i.customer_id = f.customer_id"
            " inner join trustcart.customers as c on i.customer_id = c.id where c.order_count > 0"
        ).fetchone() == (376, 376, 376)
        assert connection.execute(
            "select model_id, as_of = trustcart.business_date() - 29, horizon_days, is_adrift, auc > auc_of_bands"
            " from trustcart.model_reports"
        ).fetchall() == [(1, True, 28, False, True)]
        assert connection.execute("select count(*) > 12 from trustcart.cohort_months").fetchone() == (True,)
        stakes = connection.execute(
            "select p.priority_rank, p.value_at_stake"
            " from trustcart.plan_daily_call_tasks(trustcart.business_date() + 1) as p"
            " inner join trustcart.call_task_types as y on p.task_type = y.task_type"
            " where p.decision = 'kept' and y.can_wait order by p.list_position"
        ).fetchall()
        assert len(stakes) > 10
        assert stakes == sorted(stakes, key=lambda one: (one[0], -one[1]))
    assert cli("verify", url=empty_db.url).returncode == 0


def test_a_shop_of_somebody_elses_is_left_alone(db, cli):
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (first_name) values ('real')")
    done = cli("demo", url=db.url)
    assert done.returncode == 7
    assert "empty database" in done.stderr
    with db.connect() as connection:
        assert connection.execute("select count(*) from trustcart.customers").fetchone() == (1,)
        assert connection.execute("select count(*) from trustcart.users").fetchone() == (0,)


def test_a_server_of_its_own(major, tmp_path, monkeypatch):
    """Started, filled, stopped, and found again."""
    if major != 18:
        pytest.skip("the embedded Postgres is tested in the run on 18")
    base = tmp_path / "state"
    base.mkdir()
    # As root the server runs as another user, who must reach it.
    for folder in (base, *itertools.takewhile(lambda one: one != Path(tempfile.gettempdir()), base.parents)):
        folder.chmod(0o755)
    monkeypatch.setattr(demo, "state_dir", lambda: base)
    for name in list(os.environ):
        if name.startswith("PG") or name in ("DATABASE_URL", "TRUSTCART_DATABASE_URL"):
            monkeypatch.delenv(name)
    first = CliRunner().invoke(command_line, ["demo"])
    assert first.exit_code == 0, first.output
    assert "Its server has stopped" in first.output
    assert not (base / "demo-18" / "postmaster.pid").exists()
    picture = tmp_path / "demo.svg"
    again = CliRunner().invoke(command_line, ["demo", "--picture", str(picture)])
    assert again.exit_code == 0, again.output
    assert "nothing has changed" in again.output
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "call&#160;list" in drawn
    # Nothing is loaded from elsewhere.
    assert not re.findall(r"(?:src|href|url)\W+https?:", drawn)
    assert CliRunner().invoke(command_line, ["demo", "--fresh"]).exit_code == 0
    assert not (base / "demo-18" / "postmaster.pid").exists()


def test_on_a_terminal_it_serves_the_pages(major, tmp_path):
    """With passwords that nobody knew before; until Ctrl-C; and nothing is left running."""
    if major != 18:
        pytest.skip("the embedded Postgres is tested in the run on 18")
    tmp_path.chmod(0o755)
    for folder in itertools.takewhile(lambda one: one != Path(tempfile.gettempdir()), tmp_path.parents):
        folder.chmod(0o755)
    begin = "from pathlib import Path; from trustcart_db import cli, demo, demo_site"
    begin += f"; demo.state_dir = lambda: Path({str(tmp_path)!r})"
    terminal, its_end = pty.openpty()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        # Whatever else runs on this machine, the first port is not to be had.
        port = taken.getsockname()[1]
        begin += f"; demo_site.PORT = {port}"
        process = subprocess.Popen(
            [sys.executable, "-c", f"{begin}; cli.main()", "demo"],
            stdin=its_end,
            stdout=its_end,
            stderr=subprocess.STDOUT,
            env=environment(),
            start_new_session=True,
        )
        os.close(its_end)
        said = ""
        try:
            while "runs until Ctrl-C" not in said:
                said += os.read(terminal, 65536).decode(errors="ignore")
            plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
            assert f"Port {port} is taken" in plain
            url = re.search(r"The pages: +(http://\S+)", plain).group(1)
            password = re.search(r"password, for this time: +(\S+)", plain).group(1)
            site = web.Site(url, process, None)
            with site.browser("manager@example.com", password) as client:
                assert "Rokeya Chowdhury" in client.get("/admin/crm").text
            os.kill(process.pid, signal.SIGINT)
            # A terminal that nobody reads would hold up what writes to it.
            with contextlib.suppress(OSError):
                while os.read(terminal, 65536):
                    pass
            assert process.wait(60) == 0
        finally:
            process.kill()
            os.close(terminal)
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
    assert not (tmp_path / "demo-18" / "postmaster.pid").exists()


def test_fresh_is_for_its_own_server(db, cli):
    done = cli("demo", "--fresh", url=db.url)
    assert done.returncode == 2
    assert "database URL" in done.stderr


def test_the_shop_follows_from_date_and_seed():
    anchor = date(2025, 12, 19)
    assert make_shop(anchor) == make_shop(anchor)
    assert make_shop(anchor) != make_shop(anchor, seed=2)
    shop = make_shop(anchor)
    assert len(shop.customers) == 400
    assert 2000 < len(shop.orders) < 3000
    assert max(order["order_date"] for order in shop.orders) == anchor
    assert all(customer["email"].endswith("@example.com") for customer in shop.customers if customer["email"])


@pytest.mark.parametrize("anchor", [date(2024, 2, 29), date(2025, 3, 1), date(2025, 12, 31), date(2026, 1, 1)])
def test_any_day_will_do(anchor):
    shop = make_shop(anchor)
    assert {row["weekday"] for row in shop.working_hours} == {1, 2, 3, 4, 5, 6, 7}
    assert all(row["first"] > anchor for row in shop.leave)
    assert all(row["holiday_on"] > anchor for row in shop.holidays)
    assert all(row["task_date"] < anchor for row in shop.calls)
    tomorrow = anchor + timedelta(days=1)
    birthdays = [one["date_of_birth"] for one in shop.customers if one["date_of_birth"]]
    assert any(
        (day.month, day.day) in {(anchor.month, anchor.day), (tomorrow.month, tomorrow.day)} for day in birthdays
    )

"""`deliver` against real servers on this machine: nothing lost, nothing under two keys, whoever is killed when."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from tests.python.conftest import REPOSITORY, Database, environment
from tests.tools.provider import Gate, Provider, fill
from tests.tools.sessions import wait_for
from trustcart_db.bundle import read_bundle
from trustcart_db.delivery.message import Message, Outcome
from trustcart_db.delivery.worker import ChannelWorker, Stop
from trustcart_db.migrate import migrate

SECRETS = {"OUTBOX_SECRET": "s3cret", "SMS_TOKEN": "t0ken"}


# A worker that waits for work.
IDLE = (
    "select exists (select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    " and query ~ 'next_delivery' and state = 'idle')"
)


@pytest.fixture
def provider(http: HTTPServer) -> Provider:
    """A provider behind it."""
    return Provider(http)


def statuses(db: Database) -> dict[str, int]:
    """How many messages there are of each status."""
    with db.connect() as connection:
        return dict(
            connection.execute("select status, count(*) from trustcart.campaign_messages group by 1").fetchall()
        )


def outcomes(db: Database) -> dict[str | None, int]:
    """How many attempts there are of each outcome."""
    with db.connect() as connection:
        return dict(
            connection.execute(
                "select outcome, count(*) from trustcart.campaign_delivery_attempts group by 1"
            ).fetchall()
        )


def everything_is_in_order(db: Database) -> None:
    """Raises AssertionError unless attempts and messages agree."""
    with db.connect() as connection:
        wrong = connection.execute(
            "select m.id, m.status, m.attempts, a.attempts, a.accepted from trustcart.campaign_messages as m"
            " left join (select message_id, max(attempt) as attempts, count(*) as rows,"
            " count(*) filter (where outcome = 'accepted') as accepted, count(*) filter (where outcome is null) as open"
            " from trustcart.campaign_delivery_attempts group by message_id) as a on m.id = a.message_id"
            " where m.attempts <> coalesce(a.attempts, 0) or m.attempts <> coalesce(a.rows, 0)"
            " or (m.status = 'sent') <> coalesce(a.accepted > 0, false)"
            " or (m.status = 'sending') <> coalesce(a.open > 0, false)"
        ).fetchall()
        assert wrong == []


@pytest.fixture
def config(tmp_path: Path) -> Callable[..., Path]:
    """Write a configuration: config(push=url, …)."""

    def write(**urls: str) -> Path:
        path = tmp_path / "delivery.toml"
        path.write_text(
            "".join(
                f'[{channel}]\ntransport = "outbox"\nurl = "{url}"\nsecret_env = "OUTBOX_SECRET"\n'
                "concurrency = 4\ntimeout = 20\n"
                for channel, url in urls.items()
            ),
            encoding="utf-8",
        )
        return path

    return write


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `deliver` in a process of its own: start(url, "--config", …); killed after the test if it still runs."""
    running: list[subprocess.Popen[str]] = []

    def run(url: str, *arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "trustcart_db", "--database-url", url, "deliver", *map(str, arguments)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment() | SECRETS
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


# -- the command ---------------------------------------------------------------------------------------------------


def test_once_sends_what_is_due_and_ends(db, cli, config, provider):
    with db.connect() as connection:
        fill(connection, 50)
        connection.execute(
            "update trustcart.campaign_messages set not_before = now() + interval '1 hour' where id <= 5"
        )
    done = cli("deliver", "--once", "--config", config(push=provider.url), "--format", "json", url=db.url, env=SECRETS)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        {"channel": "push", "sent": 45, "retried": 0, "failed": 0, "returned": 0, "stopped_by": None}
    ]
    assert statuses(db) == {"sent": 45, "queued": 5}
    provider.saw_everybody_under_one_key(45)
    everything_is_in_order(db)


def test_several_processes_share_the_work(db, cli, config, provider):
    with db.connect() as connection:
        fill(connection, 200, campaigns=2)
    arguments = ("--once", "--workers", "3", "--batch", "7", "--config", config(push=provider.url))
    done = cli("deliver", *arguments, "--format", "json", url=db.url, env=SECRETS)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["sent"] == 400
    assert statuses(db) == {"sent": 400}
    assert set(provider.calls.values()) == {1}
    everything_is_in_order(db)


def test_a_failing_provider_is_tried_again_until_given_up(db, cli, config, provider):
    with db.connect() as connection:
        fill(connection, 4)
        connection.execute("update trustcart.delivery_channels set max_attempts = 3")
    tried: Counter[str] = Counter()

    def answer(posted: dict) -> Response:
        tried[posted["address"]] += 1
        if posted["address"] == "customer:1":
            return Response("", 500)
        if posted["address"] == "customer:2":
            return Response("", 400)
        if posted["address"] == "customer:3" and tried["customer:3"] < 3:
            return Response("", 429, {"Retry-After": "0"})
        return Response("{}", 200)

    provider.answer = answer

    def all_closed() -> bool:
        # What waits for its next attempt is not due: the command ends without it.
        done = cli("deliver", "--once", "--config", config(push=provider.url), url=db.url, env=SECRETS)
        assert done.returncode == 0, done.stderr
        return statuses(db) == {"failed": 2, "sent": 2}

    wait_for(all_closed)
    with db.connect() as connection:
        rows = connection.execute(
            "select customer_id, status, attempts, close_reason from trustcart.campaign_messages order by 1"
        ).fetchall()
    assert rows == [
        (1, "failed", 3, "gave up: 3 attempts: 500"),
        (2, "failed", 1, "refused: 400"),
        (3, "sent", 3, None),
        (4, "sent", 1, None),
    ]
    everything_is_in_order(db)


def test_wrong_credentials_stop_the_channel_and_cost_no_message_an_attempt(db, cli, config, provider):
    with db.connect() as connection:
        fill(connection, 30)
    provider.answer = lambda _: Response("", 401)
    done = cli("deliver", "--once", "--config", config(push=provider.url), url=db.url, env=SECRETS)
    assert done.returncode == 9
    assert "Error: The webhook answers 401: it refuses the credentials." in done.stderr
    assert "Traceback" not in done.stderr
    assert statuses(db) == {"queued": 30}
    assert outcomes(db) == {}
    everything_is_in_order(db)


def test_a_provider_that_is_down_costs_few_messages_an_attempt(db, cli, config, provider):
    with db.connect() as connection:
        fill(connection, 300)
        connection.execute("update trustcart.delivery_channels set retry_after = '1 hour'")
    provider.answer = lambda _: Response("", 503)
    done = cli("deliver", "--once", "--config", config(push=provider.url), url=db.url, env=SECRETS)
    assert done.returncode == 9
    assert "keeps failing (503)" in done.stderr
    assert statuses(db) == {"queued": 300}
    assert set(outcomes(db)) == {"temporary"}
    assert outcomes(db)["temporary"] < 60
    everything_is_in_order(db)


def test_once_says_what_keeps_failing_and_when_more_is_due(db, cli, config):
    with db.connect() as connection:
        fill(connection, 25)
        connection.execute("update trustcart.delivery_channels set retry_after = '3 hours'")
    command = ("deliver", "--once", "--config", config(push="http://127.0.0.1:9/"))
    done = cli(*command, url=db.url, env=SECRETS)
    assert done.returncode == 9
    assert "The provider of push keeps failing (no connection)." in done.stderr
    assert "None" not in done.stderr
    with db.connect() as connection:
        connection.execute("update trustcart.campaign_messages set not_before = now() + interval '3 hours'")
    done = cli(*command, url=db.url, env=SECRETS)
    assert done.returncode == 0
    assert "nothing is due for 3 hours" in done.stderr


def test_nothing_secret_is_said_or_kept(db, cli, config, provider):
    with db.connect() as connection:
        fill(connection, 3, channel="email")
        connection.execute("update trustcart.campaign_messages set address = 'who' || customer_id || '@example.com'")
    provider.answer = lambda posted: Response(f"no {posted['address']}: {posted['body']}", 400)
    done = cli("deliver", "--once", "--config", config(email=provider.url), url=db.url, env=SECRETS)
    assert done.returncode == 0
    with db.connect() as connection:
        kept = str(connection.execute("select * from trustcart.campaign_delivery_attempts").fetchall())
        kept += str(connection.execute("select close_reason from trustcart.campaign_messages").fetchall())
    for text in (done.stdout, done.stderr, kept):
        for secret in ("who", "example.com", "Hello", *SECRETS.values()):
            assert secret not in text
    assert statuses(db) == {"failed": 3}


def test_a_channel_without_a_transport(db, cli, config, provider):
    done = cli("deliver", "--once", "--channel", "sms", "--config", config(push=provider.url), url=db.url, env=SECRETS)
    assert done.returncode == 2
    assert "No transport is configured for sms" in done.stderr
    assert "[sms]" in done.stderr
    assert cli("deliver", "--once", url=db.url).returncode == 2


def test_a_dry_run_shows_the_first_ten_and_changes_nothing(db, cli):
    with db.connect() as connection:
        fill(connection, 12)
        fill(connection, 12, channel="sms")
        connection.execute(
            "update trustcart.campaign_messages set address = '+88017112233' || customer_id where channel = 'sms'"
        )
        connection.execute("update trustcart.delivery_channels set per_second = 1, burst = 100, tokens = 100")
        tables = ("campaign_messages", "campaign_delivery_attempts", "delivery_channels")
        before = [connection.execute(f"select * from trustcart.{one} order by 1").fetchall() for one in tables]
        done = cli("deliver", "--dry-run", "--format", "json", url=db.url)
        after = [connection.execute(f"select * from trustcart.{one} order by 1").fetchall() for one in tables]
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert Counter(row["channel"] for row in rows) == {"push": 10, "sms": 10}
    assert "Hello C1" in {row["body"] for row in rows}
    assert "+88017112233" not in done.stdout
    assert before == after


def test_a_dry_run_says_why_there_is_nothing(db, cli):
    with db.connect() as connection:
        for channel in ("push", "whatsapp", "sms"):
            fill(connection, 2, channel=channel)
        connection.execute(
            "update trustcart.campaign_messages set not_before = '2199-12-31 06:00+00' where channel = 'push'"
        )
        connection.execute(
            "update trustcart.delivery_channels set per_second = 0.001, tokens = 0, refilled_at = now()"
            " where channel = 'sms'"
        )
        connection.execute("update trustcart.delivery_channels set is_enabled = false where channel = 'whatsapp'")
    done = cli("deliver", "--dry-run", url=db.url)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "sms: the rate limit leaves no room just now.",
        "whatsapp: disabled in trustcart.delivery_channels.",
        "email: nothing is queued.",
        "push: nothing is due before 2199-12-31 12:00 in the business time zone.",
    ]


def test_it_waits_for_work_and_ends_when_told(db, config, provider, start):
    process = start(db.url, "--config", config(push=provider.url))
    with db.connect() as connection:
        wait_for(lambda: connection.execute(IDLE).fetchone()[0])
        fill(connection, 5)
        # As freezing an audience does at its end.
        connection.execute("select pg_notify('trustcart_messages', 'push')")
        wait_for(lambda: statuses(db) == {"sent": 5})
        fill(connection, 5)
        connection.execute("select pg_notify('trustcart_messages', 'push')")
        wait_for(lambda: statuses(db) == {"sent": 10})
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert "sent=10" in errors


def test_told_to_stop_it_finishes_what_is_in_hand(db, config, provider, start):
    with db.connect() as connection:
        fill(connection, 100)
    provider.answer = gate = Gate(10)
    process = start(db.url, "--config", config(push=provider.url), "--batch", 20)
    assert gate.held.wait(60)
    process.send_signal(signal.SIGTERM)
    gate.opened.set()
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    found = statuses(db)
    assert set(found) == {"sent", "queued"}
    assert found["sent"] == len(provider.calls)
    everything_is_in_order(db)


def test_a_provider_that_hangs_holds_up_no_other_channel(db, config, provider, http, start):
    with db.connect() as connection:
        fill(connection, 10)
        fill(connection, 10, channel="email")
    gate = Gate(0)
    http.expect_request("/hangs").respond_with_handler(gate)
    process = start(db.url, "--config", config(push=http.url_for("/hangs"), email=provider.url))
    assert gate.held.wait(60)
    with db.connect() as connection:
        count = "select count(*) from trustcart.campaign_messages where status = 'sent' and channel = 'email'"
        wait_for(lambda: connection.execute(count).fetchone() == (10,))
    gate.opened.set()
    wait_for(lambda: statuses(db) == {"sent": 20})
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0


# -- killed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("passes", [0, 1, 13, 39])
def test_a_killed_worker_leaves_nothing_unsent(db, cli, config, provider, start, passes):
    number = 40
    with db.connect() as connection:
        fill(connection, number)
    provider.answer = gate = Gate(passes)
    arguments = ("--config", config(push=provider.url), "--batch", 20)
    process = start(db.url, *arguments)
    assert gate.held.wait(60)
    process.kill()
    process.communicate()
    gate.opened.set()
    assert statuses(db)["sending"] >= 1
    # The server notices that the client is gone when it next looks.
    alive = "select exists (select from pg_locks where locktype = 'advisory' and objsubid = 2 and database ="
    alive += " (select oid from pg_database where datname = current_database()))"
    with db.connect() as connection:
        wait_for(lambda: not connection.execute(alive).fetchone()[0])
    done = cli("deliver", "--once", *map(str, arguments), url=db.url, env=SECRETS)
    assert done.returncode == 0, done.stderr
    assert statuses(db) == {"sent": number}
    assert outcomes(db)["unknown"] >= 1
    provider.saw_everybody_under_one_key(number)
    everything_is_in_order(db)


def test_workers_killed_again_and_again_while_others_work(db, cli, config, provider, start):
    import random

    number = 300
    with db.connect() as connection:
        fill(connection, number)
    chance = random.Random(5)
    arguments = ("--config", config(push=provider.url), "--batch", 10)
    for _ in range(4):
        provider.answer = gate = Gate(chance.randrange(5, 40))
        pair = [start(db.url, *arguments) for _ in range(2)]
        assert gate.held.wait(60)
        pair[0].kill()
        gate.opened.set()
        pair[1].kill()
        for one in pair:
            one.communicate()
    provider.answer = lambda _: Response("{}", 202)

    def all_sent() -> bool:
        done = cli("deliver", "--once", *map(str, arguments), url=db.url, env=SECRETS)
        assert done.returncode == 0, done.stderr
        return statuses(db) == {"sent": number}

    wait_for(all_sent)
    provider.saw_everybody_under_one_key(number)
    everything_is_in_order(db)


def test_who_has_nothing_to_do_takes_over_from_who_dies(db, config, provider, start):
    with db.connect() as connection:
        fill(connection, 8)
    provider.answer = gate = Gate(0)
    first = start(db.url, "--config", config(push=provider.url))
    assert gate.held.wait(60)
    second = start(db.url, "--config", config(push=provider.url))
    with db.connect() as connection:
        wait_for(lambda: connection.execute(IDLE).fetchone()[0])
    first.kill()
    gate.opened.set()
    # Nobody notifies it of that.
    wait_for(lambda: statuses(db) == {"sent": 8})
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
    provider.saw_everybody_under_one_key(8)
    everything_is_in_order(db)


def test_killed_processes_are_replaced_by_the_first(db, config, provider, start):
    with db.connect() as connection:
        fill(connection, 60)
    provider.answer = gate = Gate(5)
    process = start(db.url, "--config", config(push=provider.url), "--batch", 10, "--workers", 2)
    assert gate.held.wait(60)
    listed = subprocess.run(["ps", "-wweo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    children = [
        int(line.split()[0])
        for line in listed.splitlines()
        if int(line.split()[1]) == process.pid and "spawn_main" in line
    ]
    assert len(children) == 2
    for child in children:
        os.kill(child, signal.SIGKILL)
    gate.opened.set()
    wait_for(lambda: statuses(db) == {"sent": 60})
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert errors.count("starting another") == 2
    provider.saw_everybody_under_one_key(60)
    everything_is_in_order(db)


@pytest.mark.parametrize("passes", [0, 25])
def test_the_database_dies_in_the_middle_of_a_batch(make_server, config, provider, start, passes):
    server = make_server({"synchronous_commit": "on"})
    url = server.create_database("shop")
    migrate(url, read_bundle())
    shop = Database(server, "shop", url)
    number = 60
    with shop.connect() as connection:
        fill(connection, number)
    provider.answer = gate = Gate(passes)
    process = start(url, "--config", config(push=provider.url), "--batch", 20)
    assert gate.held.wait(60)
    server.kill9()
    gate.opened.set()
    server.restart()
    wait_for(lambda: statuses(shop) == {"sent": number})
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert "lost the database" in errors
    assert "is back" in errors
    provider.saw_everybody_under_one_key(number)
    # It knew what had become of those in its hands: none went out twice.
    assert set(provider.calls.values()) == {1}
    everything_is_in_order(shop)


def test_its_session_is_ended_and_it_comes_back(db, config, provider, start):
    with db.connect() as connection:
        fill(connection, 60)
        provider.answer = gate = Gate(5)
        process = start(db.url, "--config", config(push=provider.url), "--batch", 20)
        assert gate.held.wait(60)
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and application_name = 'trustcart-db'"
        )
    gate.opened.set()
    wait_for(lambda: statuses(db) == {"sent": 60})
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert set(provider.calls.values()) == {1}
    assert set(outcomes(db)) == {"accepted"}


# -- several at once -----------------------------------------------------------------------------------------------


def test_ten_workers_together_keep_the_rate(db):
    with db.connect() as connection:
        fill(connection, 200)
        # In a year one more message would fit in.
        connection.execute(
            "update trustcart.delivery_channels set per_second = 0.001, burst = 25, tokens = 25, refilled_at = now()"
        )
    at_once = threading.Barrier(10)

    def claim(worker: int) -> list[int]:
        with db.connect() as connection:
            at_once.wait()
            return [
                row[0]
                for _ in range(5)
                for row in connection.execute("select * from trustcart.claim_messages('push', %s, 4)", [worker])
            ]

    with ThreadPoolExecutor(10) as pool:
        claimed = [one for some in pool.map(claim, range(1, 11)) for one in some]
    assert len(claimed) == len(set(claimed)) == 25
    assert statuses(db) == {"sending": 25, "queued": 175}


def test_claims_at_once_hand_out_each_message_once_and_keep_the_cap(db):
    with db.connect() as connection:
        fill(connection, 60, campaigns=4)
        connection.execute("update trustcart.settings set contacts_per_week = 2")
    at_once = threading.Barrier(6)

    def claim(worker: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        with db.connect() as connection:
            at_once.wait()
            while True:
                rows = connection.execute("select * from trustcart.claim_messages('push', %s, 9)", [worker]).fetchall()
                found += [(row[0], row[-1]) for row in rows]
                if (
                    not rows
                    and not connection.execute(
                        "select exists (select from trustcart.campaign_messages where status = 'queued')"
                    ).fetchone()[0]
                ):
                    return found

    with ThreadPoolExecutor(6) as pool:
        claimed = [one for some in pool.map(claim, range(1, 7)) for one in some]
    assert len({message for message, _ in claimed}) == len(claimed) == 120
    assert set(Counter(customer for _, customer in claimed).values()) == {2}
    assert statuses(db) == {"sending": 120, "cancelled": 120}
    everything_is_in_order(db)


def test_a_customer_who_is_locked_is_passed_over_and_not_waited_for(db):
    with db.connect() as connection, db.connect() as order:
        fill(connection, 3)
        with order.transaction():
            order.execute("select id from trustcart.customers where id = 2 for no key update")
            connection.execute("set lock_timeout = '5s'")
            first = connection.execute("select customer_id from trustcart.claim_messages('push', 1, 10)").fetchall()
        second = connection.execute("select customer_id from trustcart.claim_messages('push', 1, 10)").fetchall()
    assert (sorted(first), second) == ([(1,), (3,)], [(2,)])


# -- a worker with a transport of the test's own -------------------------------------------------------------------


class Scripted:
    """Answers as told, without a network."""

    concurrency = 2

    def __init__(self, answer: Callable[[Message], Outcome]) -> None:
        self.send = answer

    def close(self) -> None:
        """Nothing was opened."""


def test_an_error_of_the_transport_itself_loses_nothing(db):
    with db.connect() as connection:
        fill(connection, 5)
        connection.execute("update trustcart.delivery_channels set retry_after = '1 hour'")

    def broken(message: Message) -> Outcome:
        raise RuntimeError(f"bug with {message.address}")

    worker = ChannelWorker(db.url, "push", Scripted(broken), Stop(), once=True)
    worker.run()
    assert worker.tally.error is None
    with db.connect() as connection:
        rows = connection.execute("select outcome, error from trustcart.campaign_delivery_attempts").fetchall()
    assert rows == [("temporary", "RuntimeError")] * 5
    everything_is_in_order(db)


def test_what_no_database_takes_is_recorded_all_the_same(db):
    with db.connect() as connection:
        fill(connection, 3)
        numbers = [n for (n,) in connection.execute("select id from trustcart.campaign_messages order by id")]
        connection.execute("update trustcart.delivery_channels set retry_after = '1 hour'")
    answers = {
        numbers[0]: Outcome("accepted", "\x00provider\ud800", "2\x0000"),
        numbers[1]: Outcome("temporary", None, "4\ud80029", "slow\x00down"),
        numbers[2]: Outcome("accepted", "".join(map(str, range(5000))), "200"),
    }
    worker = ChannelWorker(db.url, "push", Scripted(lambda message: answers[message.id]), Stop(), once=True)
    worker.run()
    assert worker.tally.error is None
    with db.connect() as connection:
        rows = connection.execute(
            "select m.status, m.provider_message_id, a.provider_status, a.error from trustcart.campaign_messages as m"
            " inner join trustcart.campaign_delivery_attempts as a on m.id = a.message_id order by m.id"
        ).fetchall()
    assert rows == [
        ("sent", "provider?", "200", None),
        ("queued", None, "4?29", "slowdown"),
        ("sent", None, "200", None),
    ]
    everything_is_in_order(db)


def test_a_database_that_is_not_there(db):
    worker = ChannelWorker(f"{db.url}&connect_timeout=2&dbname=nowhere", "push", Scripted(None), Stop(), once=True)
    worker.run()
    assert worker.tally.error.exit_code == 3


def test_a_worker_stays_small(db, cli, config, provider):
    with db.connect() as connection:
        fill(connection, 300)
    command = [sys.executable, "-m", "trustcart_db", "--database-url", db.url, "deliver", "--once", "--config"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.tools.memory", *command, str(config(push=provider.url))],
        env=environment() | SECRETS,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stderr.split()[-1]) < 120e6

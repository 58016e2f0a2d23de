"""A request sent again with its Idempotency-Key is carried out once and answered alike: sent twice, at once, with other
words, by somebody else, after a failure, and after a kill -9. What was answered lies there unreadable."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from cryptography.exceptions import InvalidTag

from tests.python.conftest import Database
from tests.tools.sessions import wait_until
from tests.tools.web import GATEWAY, Site, people, serving
from trustcart_db.web.idempotency import once

AGENT, OTHER, MANAGER = 1, 2, 4
PATH = "/cdm/family-member"
BODY = {"customerId": 1, "name": "Quxname", "relationship": "spouse", "phone": "01711223344", "notes": "Quxnote"}
FAMILY = "select count(*) from trustcart.customer_family_members"
#: Locks that sessions of the server wait for.
WAITING = (
    "from pg_locks where not granted"
    f" and pid in (select pid from pg_stat_activity where usename = '{GATEWAY}' and datname = current_database())"
)
ANSWERED = "select count(*) from trustcart_private.answered_requests"


@pytest.fixture(scope="module")
def _shop(server, _template) -> Iterator[Database]:
    url = server.create_database("idempotent_shop", _template)
    with server.connect("idempotent_shop") as connection:
        people(connection)
        connection.execute("insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'A', 1)")
    yield Database(server, "idempotent_shop", url)
    server.drop_database("idempotent_shop")


@pytest.fixture
def shop(_shop: Database) -> Iterator[Database]:
    """Customer 1 without a family, and no request yet."""
    yield _shop
    with _shop.connect() as connection:
        connection.execute(
            "delete from trustcart.customer_family_members; delete from trustcart_private.answered_requests"
        )


@pytest.fixture(scope="module")
def site(_shop: Database) -> Iterator[Site]:
    with serving(_shop.url) as running:
        yield running


def count(shop: Database, query: str) -> int:
    with shop.connect() as connection:
        return connection.execute(query).fetchone()[0]


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def is_replay(answer: httpx.Response) -> bool:
    return answer.headers.get("Idempotency-Replayed") == "true"


def test_sent_again_it_is_answered_alike_and_not_done_again(shop: Database, site: Site) -> None:
    with site.api(MANAGER, "crm_manager") as client:
        one = key()
        first = client.post(PATH, json=BODY, headers=one)
        again = client.post(
            PATH, content=str(BODY).replace("'", '"'), headers={**one, "Content-Type": "application/json"}
        )
        assert (first.status_code, is_replay(first)) == (201, False)
        assert (again.status_code, again.content, is_replay(again)) == (201, first.content, True)
        assert count(shop, FAMILY) == 1
        # Without a key, or under another one, it is another request.
        assert client.post(PATH, json=BODY).status_code == 201
        assert client.post(PATH, json=BODY, headers=key()).status_code == 201
        assert count(shop, FAMILY) == 3


def test_a_put_too_and_what_it_changed_since_does_not_matter(shop: Database, site: Site) -> None:
    with shop.connect() as connection, site.api(MANAGER, "crm_manager") as client:
        connection.execute(
            "insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date)"
            " values (1, 1, 1, 'other', trustcart.business_date())"
        )
        path, body, one = "/crm-automation/call-task/1/status", {"status": "completed", "outcome": "successful"}, key()
        first = client.put(path, json=body, headers=one)
        connection.execute("update trustcart.crm_call_tasks set notes = 'later' where id = 1")
        again = client.put(path, json=body, headers=one)
        assert (first.status_code, again.status_code, is_replay(again)) == (200, 200, True)
        assert again.content == first.content
        # Without the key the call is closed already.
        assert client.put(path, json=body).status_code == 409


def test_a_key_is_of_one_request(shop: Database, site: Site) -> None:
    with site.api(MANAGER, "crm_manager") as client:
        one = key()
        assert client.post(PATH, json=BODY, headers=one).status_code == 201
        for path, body in (
            (PATH, {**BODY, "name": "Another"}),
            ("/crm-automation/engagement", {"customerId": 1, "engagementType": "x"}),
        ):
            refused = client.post(path, json=body, headers=one)
            assert (refused.status_code, refused.json()["code"]) == (409, "TC106")
            assert "Quxname" not in refused.text
        assert count(shop, FAMILY) == 1


def test_a_key_is_of_one_user(shop: Database, site: Site) -> None:
    one = key()
    with site.api(MANAGER, "crm_manager") as manager, site.api(AGENT) as agent, site.api(OTHER) as other:
        first = manager.post(PATH, json=BODY, headers=one)
        second = agent.post(PATH, json=BODY, headers=one)
        assert (second.status_code, is_replay(second)) == (201, False)
        assert second.json()["id"] != first.json()["id"]
        # Who may not do it gets no answer of somebody who did.
        assert other.post(PATH, json=BODY, headers=one).status_code == 403
    assert count(shop, FAMILY) == 2


def test_what_failed_left_no_trace_and_may_be_sent_again(shop: Database, site: Site) -> None:
    with shop.connect() as connection, site.api(MANAGER, "crm_manager") as client:
        one, body = key(), {**BODY, "customerId": 2}
        assert client.post(PATH, json=body, headers=one).status_code == 404
        assert client.post(PATH, json={**body, "name": " "}, headers=one).status_code == 400
        assert count(shop, ANSWERED) == 0
        connection.execute("insert into trustcart.customers (id) values (2)")
        answer = client.post(PATH, json=body, headers=one)
        assert (answer.status_code, is_replay(answer)) == (201, False)
        assert is_replay(client.post(PATH, json=body, headers=one))


def test_of_two_at_once_the_second_waits_for_the_first(shop: Database, site: Site) -> None:
    one = key()
    with shop.connect() as holding, site.api(MANAGER, "crm_manager") as client, ThreadPoolExecutor(2) as pool:
        with holding.transaction():
            # The function waits for the customer; the other request of the key for the function's transaction.
            holding.execute("select from trustcart.customers where id = 1 for update")
            both = [pool.submit(client.post, PATH, json=BODY, headers=one) for _ in range(2)]
            wait_until(
                shop,
                f"select count(*) = 2 and bool_or(locktype = 'advisory') {WAITING}",
            )
            assert not any(answer.done() for answer in both)
        answers = [answer.result() for answer in both]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert sorted(is_replay(answer) for answer in answers) == [False, True]
    assert answers[0].content == answers[1].content
    assert count(shop, FAMILY) == 1


def test_of_two_at_once_the_second_takes_the_place_of_one_that_failed(shop: Database, site: Site) -> None:
    one = key()
    with shop.connect() as holding, site.api(MANAGER, "crm_manager") as client, ThreadPoolExecutor(2) as pool:
        with holding.transaction():
            holding.execute("select from trustcart.customers where id = 1 for update")
            both = [pool.submit(client.post, PATH, json=BODY, headers=one) for _ in range(2)]
            wait_until(
                shop,
                f"select count(*) = 2 {WAITING}",
            )
            with shop.connect() as other:
                # The one in front, which waits for the row, is ended.
                other.execute(f"select pg_cancel_backend(pid) {WAITING} and locktype <> 'advisory'")
            wait_until(
                shop,
                f"select count(*) = 1 and bool_and(locktype <> 'advisory') {WAITING}",
            )
        answers = sorted((answer.result() for answer in both), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [201, 504]
    assert not is_replay(answers[0])
    assert count(shop, FAMILY) == 1


def test_killed_between_it_is_carried_out_once(shop: Database) -> None:
    one = key()
    with serving(shop.url) as site, shop.connect() as holding, ThreadPoolExecutor(1) as pool:
        with holding.transaction(), site.api(MANAGER, "crm_manager") as client:
            holding.execute("select from trustcart.customers where id = 1 for update")
            cut_off = pool.submit(client.post, PATH, json=BODY, headers=one)
            wait_until(
                shop,
                f"select count(*) = 1 {WAITING}",
            )
            site.process.kill()
            with pytest.raises(httpx.TransportError):
                cut_off.result()
        # Its session finds nobody to answer, and undoes what it did.
        wait_until(shop, f"select count(*) = 0 from pg_stat_activity where usename = '{GATEWAY}' and state <> 'idle'")
    assert (count(shop, FAMILY), count(shop, ANSWERED)) == (0, 0)
    with serving(shop.url) as site, site.api(MANAGER, "crm_manager") as client:
        first = client.post(PATH, json=BODY, headers=one)
        assert (first.status_code, is_replay(first)) == (201, False)
        site.process.kill()
    # Whoever did not get that answer gets it from the next server, which has another secret.
    with serving(shop.url) as site, site.api(MANAGER, "crm_manager") as client:
        again = client.post(PATH, json=BODY, headers=one)
        assert (again.status_code, again.content, is_replay(again)) == (201, first.content, True)
    assert count(shop, FAMILY) == 1


def test_nothing_of_it_can_be_read_in_the_database(shop: Database, site: Site) -> None:
    one = key()
    with site.api(MANAGER, "crm_manager") as client:
        answer = client.post(PATH, json=BODY, headers=one)
    with shop.connect() as connection:
        (row,) = connection.execute("select r::text from trustcart_private.answered_requests as r").fetchone()
        kept = connection.execute("select * from trustcart_private.answered_requests").fetchone()
    for secret in ("Quxname", "Quxnote", "01711223344", "1711223344", one["Idempotency-Key"]):
        assert secret not in row
        assert secret.encode().hex() not in row
    # Whoever knows the key, and asks for the same, can open it; nobody else.
    arguments = {
        "customer_id": 1,
        "name": "Quxname",
        "relationship": "spouse",
        "phone": "01711223344",
        "notes": "Quxnote",
    }
    request = once(one["Idempotency-Key"], MANAGER, f"POST {PATH}", "add_family_member", arguments)
    assert (request.key_digest, request.fingerprint) == (kept[1], kept[3])
    assert request.unseal(kept[5]) == answer.content
    for other in (
        once(str(uuid.uuid4()), MANAGER, f"POST {PATH}", "add_family_member", arguments),
        once(one["Idempotency-Key"], OTHER, f"POST {PATH}", "add_family_member", arguments),
        once(one["Idempotency-Key"], MANAGER, "POST /another", "add_family_member", arguments),
    ):
        with pytest.raises(InvalidTag):
            other.unseal(kept[5])


def test_a_key_that_could_be_guessed_is_refused(shop: Database, site: Site) -> None:
    with site.api(MANAGER, "crm_manager") as client:
        for value in ("", "1", "x" * 15, "x" * 201, "x" * 15 + " y"):
            answer = client.post(PATH, json=BODY, headers={"Idempotency-Key": value})
            assert (answer.status_code, answer.json()["field"]) == (400, "Idempotency-Key"), value
        twice = [("Idempotency-Key", "x" * 20), ("Idempotency-Key", "y" * 20)]
        assert client.post(PATH, json=BODY, headers=twice).status_code == 400
    assert count(shop, FAMILY) == 0

"""Bad input of all kinds: each is answered with a problem (RFC 9457) that names the field, none with a 500, and nothing
is half-done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.python.conftest import Database
from tests.tools.web import Site, people, serving
from trustcart_db.auth import tokens

AGENT, MANAGER = 1, 4
FAMILY = {"customerId": 1, "name": "Jane", "relationship": "spouse"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def shop(server, _template) -> Iterator[Database]:
    url = server.create_database("error_shop", _template)
    with server.connect("error_shop") as connection:
        people(connection)
        connection.execute("insert into trustcart.customers (id, assigned_agent_id) values (1, 1), (2, 6)")
        connection.execute(
            "insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date)"
            " values (1, 1, 1, 'other', trustcart.business_date()), (2, 2, 6, 'other', trustcart.business_date())"
        )
    yield Database(server, "error_shop", url)
    server.drop_database("error_shop")


@pytest.fixture(scope="module")
def site(shop: Database) -> Iterator[Site]:
    with serving(shop.url) as running:
        yield running


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[httpx.Client]:
    with site.api(MANAGER, "crm_manager") as one:
        yield one


def refused(answer: httpx.Response, status: int, field: str | None = None, code: str | None = None) -> dict:
    """The problem that an answer is, checked."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (status, "about:blank")
    assert problem["title"] and problem["detail"]
    assert "Traceback" not in answer.text and "psycopg" not in answer.text
    assert problem.get("field") == field, problem
    if code is not None:
        assert problem["code"] == code
    return problem


def count(shop: Database, table: str) -> int:
    with shop.connect() as connection:
        return connection.execute(f"select count(*) from trustcart.{table}").fetchone()[0]


def raw(name: str) -> bytes:
    return json.dumps({**FAMILY, "name": "@"}).replace('"@"', name).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", None),
        (b"", None),
        (b"null", None),
        (b"[]", None),
        (b'"text"', None),
        (b"{}", "customerId"),
        (b'{"customerId": 1, "customerId": 2}', "customerId"),
        (raw("NaN"), None),
        (raw("-Infinity"), None),
        (raw("1e999999999999999999999"), None),
        (raw("9" * 5000), None),
        (raw("5"), "name"),
        (raw("null"), "name"),
        (raw('""'), "name"),
        (raw('"   "'), "name"),
        (raw(r'"a\u0000b"'), "name"),
        (raw(r'"a\ud800b"'), "name"),
        (raw('"a\ud800b"'), None),
        (b"\xff\xfe{}", None),
        (raw("[" * 1000 + "]" * 1000), None),
        (raw("[" * 100_000 + "]" * 100_000), None),
        (raw('{"a":' * 30 + "1" + "}" * 30), "name"),
        (raw('"' + "x" * 501 + '"'), "name"),
        (json.dumps({**FAMILY, "customerId": "1"}).encode(), "customerId"),
        (json.dumps({**FAMILY, "customerId": True}).encode(), "customerId"),
        (json.dumps({**FAMILY, "customerId": 1.5}).encode(), "customerId"),
        (json.dumps({**FAMILY, "customerId": 0}).encode(), "customerId"),
        (json.dumps({**FAMILY, "customerId": 2**63}).encode(), "customerId"),
        (json.dumps({**FAMILY, "customerId": 10**400}).encode(), "customerId"),
        (json.dumps({**FAMILY, "customer_id": 1}).encode(), "customer_id"),
        (json.dumps({**FAMILY, "x\0y": 1}).encode(), None),
        (json.dumps({**FAMILY, "dateOfBirth": "15-03-1995"}).encode(), "dateOfBirth"),
        (json.dumps({**FAMILY, "dateOfBirth": "1995-02-30"}).encode(), "dateOfBirth"),
        (json.dumps({**FAMILY, "dateOfBirth": "১৯৯৫-০৩-১৫"}).encode(), "dateOfBirth"),
        (json.dumps({**FAMILY, "dateOfBirth": 19950315}).encode(), "dateOfBirth"),
        (json.dumps({**FAMILY, "phone": {"number": 1}}).encode(), "phone"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_400_that_names_the_field(
    shop: Database, client: httpx.Client, body: bytes, field: str | None
) -> None:
    before = count(shop, "customer_family_members")
    answer = client.post("/cdm/family-member", content=body, headers=JSON)
    if field is None and answer.json().get("field"):
        field = answer.json()["field"]
        assert field.isascii() and "\0" not in field
    refused(answer, 400, field)
    assert count(shop, "customer_family_members") == before


@pytest.mark.parametrize(
    ("method", "target", "body", "field"),
    [
        ("GET", "/cdm/customer360/abc", None, "customerId"),
        ("GET", "/cdm/customer360/0", None, "customerId"),
        ("GET", "/cdm/customer360/-1", None, "customerId"),
        ("GET", "/cdm/customer360/1_0", None, "customerId"),
        ("GET", "/cdm/customer360/1.0", None, "customerId"),
        ("GET", "/cdm/customer360/%00", None, "customerId"),
        ("GET", "/cdm/customer360/9223372036854775808", None, "customerId"),
        ("GET", "/cdm/customer360/" + "9" * 3000, None, "customerId"),
        ("GET", "/cdm/customer360?limit=0", None, "limit"),
        ("GET", "/cdm/customer360?limit=501", None, "limit"),
        ("GET", "/cdm/customer360?limit=", None, "limit"),
        ("GET", "/cdm/customer360?limit=50&limit=60", None, "limit"),
        ("GET", "/cdm/customer360?offset=-1", None, "offset"),
        ("GET", "/cdm/customer360?offset=99999999999999999999", None, "offset"),
        ("GET", "/cdm/customer360?customertype=vip", None, "customertype"),
        ("GET", "/cdm/customer360?temperature=%00", None, "temperature"),
        ("GET", "/cdm/customer360?%00=1", None, "\\x00"),
        ("GET", "/cdm/customer360?temperature=" + "x" * 101, None, "temperature"),
        ("GET", "/cdm/customer360/1?limit=1", None, "limit"),
        ("GET", "/cdm/upcoming-events?days=367", None, "days"),
        ("GET", "/crm-automation/call-tasks/today?status=done", None, "status"),
        ("GET", "/crm-automation/call-tasks/today?date=tomorrow", None, "date"),
        ("GET", "/crm-automation/campaigns?status=x", None, "status"),
        ("GET", "/crm-automation/agent-performance?startDate=2025-13-01", None, "startDate"),
        ("PUT", "/crm-automation/call-task/1/status", {"status": "done"}, "status"),
        ("PUT", "/crm-automation/call-task/1/status", {"status": "pending", "dueAt": "noon"}, "dueAt"),
        ("PUT", "/crm-automation/call-task/x/status", {"status": "completed"}, "taskId"),
        ("POST", "/cdm/interaction", {"customerId": 1, "interactionType": "fax"}, "interactionType"),
        ("POST", "/cdm/interaction", {"customerId": 1, "interactionType": "call", "direction": "up"}, "direction"),
        ("POST", "/crm-automation/engagement", {"customerId": 1, "engagementType": "two words"}, "engagementType"),
        ("POST", "/crm-automation/engagement", {"customerId": 1, "engagementType": "x", "channel": "!"}, "channel"),
        ("POST", "/crm-automation/campaign", {"campaignName": "x", "campaignType": "sms"}, "targetSegment"),
        ("POST", "/crm-automation/generate-call-tasks", {"taskDate": ""}, "taskDate"),
        ("POST", "/crm-automation/campaign/1/send", {"now": True}, "now"),
    ],
)
def test_a_parameter_or_field_that_is_none_is_a_400_that_names_it(
    client: httpx.Client, method: str, target: str, body: dict | None, field: str
) -> None:
    refused(client.request(method, target, **({"json": body} if body is not None else {})), 400, field)


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "code"),
    [
        ("GET", "/cdm/customer360?temperature=lukewarm", None, 400, "TC002"),
        ("GET", "/cdm/customer360?after=nonsense", None, 400, "TC005"),
        ("GET", "/cdm/customer360/77", None, 404, "TC004"),
        ("POST", "/cdm/family-member", {**FAMILY, "customerId": 77}, 404, "TC004"),
        ("PUT", "/crm-automation/call-task/77/status", {"status": "skipped"}, 404, "TC004"),
        ("POST", "/crm-automation/campaign/77/send", None, 404, "TC004"),
        (
            "PUT",
            "/crm-automation/call-task/2/status",
            {"status": "completed", "outcome": "ok", "agentId": 77},
            404,
            "TC004",
        ),
        (
            "POST",
            "/cdm/interaction",
            {"customerId": 1, "interactionType": "call", "followUpDate": "2020-01-01"},
            422,
            "TC204",
        ),
        (
            "POST",
            "/crm-automation/campaign",
            {"campaignName": "x", "campaignType": "sms", "targetSegment": "all", "messageTemplate": "{{ nobody }}"},
            400,
            "TC006",
        ),
    ],
)
def test_what_the_database_refuses_has_its_code(
    client: httpx.Client, method: str, target: str, body: dict | None, status: int, code: str
) -> None:
    answer = client.request(method, target, **({"json": body} if body is not None else {}))
    assert answer.status_code == status, answer.text
    assert (answer.json()["code"], bool(answer.json()["hint"])) == (code, True)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_closed_call_is_a_409(shop: Database, client: httpx.Client) -> None:
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date)"
            " values (3, 1, 1, 'other', trustcart.business_date())"
        )
    path, body = "/crm-automation/call-task/3/status", {"status": "completed", "outcome": "successful"}
    assert client.put(path, json=body).status_code == 200
    refused(client.put(path, json=body), 409, code="TC101")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Type": ""}, 415),
        ({}, 415),
        ({"Content-Type": "application/json; charset=utf-8"}, 201),
        ({"Content-Type": "Application/JSON"}, 201),
        ({"Content-Type": "application/vnd.shop+json"}, 201),
    ],
)
def test_only_json_is_read(client: httpx.Client, headers: dict, status: int) -> None:
    answer = client.post("/cdm/family-member", content=json.dumps(FAMILY).encode(), headers=headers)
    assert answer.status_code == status, answer.text
    if status == 415:
        refused(answer, 415)


def test_a_body_where_none_is_taken(client: httpx.Client) -> None:
    refused(client.request("GET", "/cdm/customer360/1", json={"a": 1}), 400)


def test_a_body_too_large_is_a_413(client: httpx.Client) -> None:
    refused(client.post("/cdm/family-member", content=b" " * 1_100_000, headers=JSON), 413)
    refused(client.post("/cdm/family-member", content=(b" " * 10_000 for _ in range(110)), headers=JSON), 413)


def test_an_address_or_method_that_is_none(client: httpx.Client) -> None:
    refused(client.get("/cdm/nothing"), 404)
    refused(client.get("/cdm"), 404)
    refused(client.get("/cdm/customer360/"), 404)
    for method, allowed in (("POST", "GET"), ("DELETE", "GET"), ("OPTIONS", "GET")):
        answer = client.request(method, "/cdm/customer360/1")
        refused(answer, 405)
        assert answer.headers["Allow"] == allowed


def test_who_may_not_learns_nothing(site: Site) -> None:
    with site.api(AGENT) as agent:
        assert "Agent" not in refused(agent.get("/cdm/customer360/2"), 403, code="TC403")["detail"]
        refused(agent.put("/crm-automation/call-task/2/status", json={"status": "skipped"}), 403, code="TC403")
        for path in ("/crm-automation/generate-call-tasks", "/crm-automation/campaign/1/send"):
            refused(agent.post(path), 403, code="42501")


def test_every_endpoint_asks_who_it_is_before_all_else(site: Site, client: httpx.Client) -> None:
    now = datetime.now(timezone.utc)
    other_keys = tokens.read_keys({"TRUSTCART_JWT_SECRET": "another secret, but as long as any"})
    given = {
        "no token": None,
        "no bearer": "Basic YTpi",
        "nonsense": "Bearer nonsense",
        "forged": f"Bearer {tokens.issue(other_keys, MANAGER, 'crm_manager', now)}",
        "expired": f"Bearer {site.token(MANAGER, 'crm_manager', now - timedelta(days=60))}",
        "nobody": f"Bearer {site.token(77, 'admin')}",
    }
    paths = client.get("/openapi.json").json()["paths"]
    assert len(paths) == 18
    with httpx.Client(base_url=site.url) as stranger:
        for path, methods in paths.items():
            for method in methods:
                target = path.replace("{customerId}", "x").replace("{taskId}", "x").replace("{campaignId}", "x")
                for name, header in given.items():
                    if name == "nobody":
                        continue
                    headers = {"Authorization": header} if header else {}
                    answer = stranger.request(method, f"{target}?nonsense=1", content=b"{", headers=headers)
                    refused(answer, 401, code="TC402")
                    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
                    assert ("invalid_token" in answer.headers["WWW-Authenticate"]) == (
                        name in ("nonsense", "forged", "expired")
                    )
        refused(stranger.get("/cdm/customer360", headers={"Authorization": given["nobody"]}), 401, code="TC402")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
_POSTS = {
    "/cdm/family-member": ("customerId", "name", "relationship", "dateOfBirth", "phone", "address", "notes"),
    "/cdm/interaction": ("customerId", "interactionType", "direction", "subject", "outcome", "agentId", "followUpDate"),
    "/crm-automation/engagement": ("customerId", "engagementType", "channel", "content", "response"),
    "/crm-automation/campaign": (
        "campaignName", "campaignType", "targetSegment", "messageTemplate", "holdoutPercentage", "noticeDays",
        "variants",
    ),
    "/crm-automation/generate-call-tasks": ("taskDate",),
}  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_sent_is_never_our_fault(client: httpx.Client, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(_POSTS)))
    body = data.draw(st.dictionaries(st.sampled_from(_POSTS[path]), _json | st.just(1), max_size=7))
    answer = client.post(path, content=json.dumps(body).encode("utf-8", "surrogatepass"), headers=JSON)
    assert answer.status_code in (201, 400, 404, 409, 422), (body, answer.text)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.text(max_size=30), query=st.dictionaries(st.text(max_size=8), st.text(max_size=12), max_size=3))
def test_whatever_is_asked_for_is_never_our_fault(client: httpx.Client, path: str, query: dict[str, str]) -> None:
    for prefix in ("/cdm/customer360/", "/cdm/interactions/", "/crm-automation/"):
        try:
            target = httpx.URL(str(client.base_url)).copy_with(
                path=prefix + path.encode("utf-8", "ignore").decode(),
                query=str(
                    httpx.QueryParams(
                        {k.encode("utf-8", "ignore"): v.encode("utf-8", "ignore") for k, v in query.items()}
                    )
                ).encode(),
            )
        except httpx.InvalidURL:
            continue
        if not urlsplit(str(target)).path.startswith(prefix):
            continue
        answer = client.get(target)
        assert answer.status_code in (200, 400, 404, 405), (str(target), answer.text)

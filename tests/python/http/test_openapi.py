"""/openapi.json is right and complete: what it says, and what the server does when it is taken at its word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.python.conftest import Database
from tests.tools.guide_api import printed, unnamed
from tests.tools.web import Site, people, serving
from trustcart_db.auth import tokens
from trustcart_db.web.app import make_app
from trustcart_db.web.config import Config

MANAGER = 4


def described() -> dict:
    """/openapi.json, without a server."""
    keys = tokens.read_keys({"TRUSTCART_JWT_SECRET": "of no use, but as long as one must be"})
    return make_app(Config(conninfo="", keys=keys, secret=b"")).openapi()


DESCRIPTION = described()
schema = schemathesis.openapi.from_dict(DESCRIPTION)
# Which no text in the database can have, and no schema need say: test_http_errors.py sends it.
schema.config.generation.update(allow_x00=False)


@pytest.fixture(scope="module")
def shop(server, _template) -> Iterator[Database]:
    url = server.create_database("openapi_shop", _template)
    with server.connect("openapi_shop") as connection:
        people(connection)
        connection.execute(
            """
            insert into trustcart.customers (id, first_name, email, phone, date_of_birth, assigned_agent_id)
            select g, 'C' || g, g || '@example.com', '017' || 10000000 + g, trustcart.business_date() - 10000 + g, 1
            from generate_series(1, 30) as g;
            insert into trustcart.sales_orders (customer_id, order_date, total_amount)
            select g, trustcart.business_date() - 10 * g, 1000 * g from generate_series(1, 20) as g;
            insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date)
            select g, g, 1, 'other', trustcart.business_date() from generate_series(1, 20) as g;
            select trustcart.detect_dropoffs();
            select trustcart.refresh_customer_behavior();
            """
        )
    yield Database(server, "openapi_shop", url)
    server.drop_database("openapi_shop")


@pytest.fixture(scope="module")
def site(shop: Database) -> Iterator[Site]:
    with serving(shop.url) as running:
        yield running


def refused_by_the_database_alone(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """What is well-formed by /openapi.json and is refused all the same, the database refused: it says why, by its code.
    Rules among fields, the shop's own days and words are not told by a schema."""
    is_well_formed = case.meta is None or case.meta.generation.mode.is_positive
    if is_well_formed and response.status_code == 400:
        problem = json.loads(response.content)
        assert problem.get("code", "").startswith("TC"), problem


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_keeps_its_word(case: schemathesis.Case, site: Site) -> None:
    """No 5xx, no status that is not documented, answers of their schema, what is malformed refused, and no token, no
    answer."""
    case.call_and_validate(
        base_url=site.url,
        headers={"Authorization": f"Bearer {site.token(MANAGER, 'crm_manager')}"},
        additional_checks=[refused_by_the_database_alone],
        excluded_checks=[positive_data_acceptance],
    )


def test_the_examples_are_the_guides() -> None:
    if not printed():
        pytest.skip("the guide is not beside the checkout")
    components = DESCRIPTION["components"]["schemas"]
    for one in printed():
        (path,) = (path for path in DESCRIPTION["paths"] if unnamed(path) == unnamed(one.path))
        operation = DESCRIPTION["paths"][path][one.method.lower()]
        status = "201" if one.method == "POST" else "200"
        if one.answer is not None:
            expected = one.answer[0] if isinstance(one.answer, list) else one.answer
            assert _example(operation["responses"][status], components) == expected, one.name
        if one.body is not None:
            assert _example(operation["requestBody"], components) == one.body, one.name
        for name in dict(pair.split("=") for pair in one.query.split("&") if pair):
            assert name in [parameter["name"] for parameter in operation["parameters"]], one.name


def test_the_examples_are_of_their_schemas() -> None:
    for name, component in DESCRIPTION["components"]["schemas"].items():
        for example in component.get("examples", ()):
            whole = {"$ref": f"#/components/schemas/{name}", "components": DESCRIPTION["components"]}
            jsonschema_rs.validate(whole, example)


def test_every_operation_says_who_may_ask_and_what_may_come_back() -> None:
    for path, methods in DESCRIPTION["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["security"] == [{"bearer": []}], where
            assert operation["description"], where
            statuses = set(operation["responses"])
            assert {"400", "401", "403", "500", "503", "504"} <= statuses, where
            assert (method == "get") != ({"409", "413", "415", "422"} <= statuses), where
            assert (method == "get") != ("Idempotency-Key" in [one["name"] for one in operation["parameters"]]), where
            for parameter in operation.get("parameters", ()):
                kind = parameter["schema"]
                bounded = {"integer": {"minimum", "maximum"}, "string": {"maxLength", "format", "enum"}}[kind["type"]]
                assert bounded & set(kind), (where, parameter)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/cdm/customer360", "customerType"),
        ("/cdm/customer360", "lifecycleStage"),
        ("/cdm/customer360", "temperature"),
        ("/cdm/customer360", "sort"),
        ("/cdm/dropoff", "riskLevel"),
        ("/crm-automation/call-tasks/today", "status"),
        ("/crm-automation/campaigns", "status"),
    ],
)
def test_its_words_are_those_that_the_database_knows(site: Site, path: str, name: str) -> None:
    (words,) = (one["schema"]["enum"] for one in DESCRIPTION["paths"][path]["get"]["parameters"] if one["name"] == name)
    with site.api(MANAGER, "crm_manager") as client:
        for word in words:
            assert client.get(path, params={name: word}).status_code == 200, word
        refused = client.get(path, params={name: "another"}).json()
        assert refused["code"] == "TC002"
        # The hint lists them all, and no other.
        assert set(words) == set(re.findall(r"\w+", refused["hint"])) - {"Known", "are", "and", "One", "of"}


def test_the_page_for_people_has_all_it_needs(site: Site) -> None:
    page = httpx.get(f"{site.url}/docs")
    assert page.status_code == 200
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(files) >= 4
    for file in files:
        assert file.startswith("/")
        assert httpx.get(site.url + file).status_code == 200


def _example(entry: dict, components: dict) -> dict:
    kind = entry["content"]["application/json"]["schema"]
    while "$ref" not in kind:
        kind = kind["items"] if "items" in kind else kind["anyOf"][0]
    (example,) = components[kind["$ref"].rpartition("/")[2]]["examples"]
    return example

"""campaign, segment, consent on the command line."""

from __future__ import annotations

import json
import re

import pytest

from trustcart_db.campaigns import COLUMNS, parse_rule, parse_variant
from trustcart_db.errors import UsageError


@pytest.fixture
def shop(db):
    """Three customers: of Dhaka, of Sylhet, and one without an address."""
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id, first_name, phone, district) values"
            " (1, 'Rahima', '01711000001', 'Dhaka'), (2, 'Karim', '01711000002', 'Sylhet'), (3, 'Ali', null, 'Dhaka')"
        )
    return db


@pytest.fixture
def run(shop, cli):
    """Run a command that must succeed. Result: what it printed."""

    def done(*arguments: str, **options: object) -> str:
        result = cli(*arguments, url=shop.url, **options)
        assert (result.returncode, result.stderr) == (0, "")
        return re.sub(" {2,}", " ", result.stdout)

    return done


@pytest.fixture
def refused(shop, cli):
    """Run a command that must fail. Result: its exit code and what it said."""

    def failed(*arguments: str) -> tuple[int, str]:
        result = cli(*arguments, url=shop.url)
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        return result.returncode, result.stderr

    return failed


_CREATE = ("campaign", "create", "--name", "Eid", "--type", "sms", "--segment", "all")


def test_a_campaign_from_creation_to_sending(run):
    out = run(*_CREATE, "--message", "Hi {{ first_name }}", "--discount-code", "EID20", "--end", "2199-12-31")
    assert out == "Campaign 1 made. To see whom it goes to: campaign preview 1\n"

    preview = run("campaign", "preview", "1", "--limit", "1")
    assert "get a message 2" in preview
    assert "left out: no_address 1" in preview
    assert "To customer 1, +88017***01, 9 characters, 1 SMS, GSM-7\nHi Rahima\n" in preview
    assert "Karim" not in preview
    (found,) = json.loads(run("campaign", "preview", "1", "--format", "json"))
    assert [message["body"] for message in found["messages"]] == ["Hi Rahima", "Hi Karim"]

    sent = run("campaign", "send", "1")
    assert sent.startswith("Campaign sent to 2 customers.\n")
    assert "no_address 1" in sent
    assert run("campaign", "send", "1") == "Campaign was already sent to 2 customers.\n"
    (again,) = json.loads(run("campaign", "send", "1", "--format", "json"))
    assert (again["sent_count"], again["already_sent"]) == (0, 2)

    shown = run("campaign", "show", "1")
    assert "queued 2" in shown
    assert "no_address 1" in shown
    assert "Performance" in shown
    (found,) = json.loads(run("campaign", "show", "1", "--format", "json"))
    assert found["performance"][0]["campaign_id"] == 1
    assert found["exclusions"] == [{"reason": "no_address", "customers": 1}]

    listed = run("campaign", "list", "--status", "active", "--format", "csv").splitlines()
    assert len(listed) == 2
    assert run("campaign", "list", "--status", "ended").endswith("(no rows)\n")
    assert "It cannot be sent now: campaign 1 was sent already." in run("campaign", "preview", "1")


def test_variants_and_a_message_from_a_file(run, tmp_path):
    text = tmp_path / "message.txt"
    text.write_text("Dear {{ name }},\n50% off.\n", encoding="utf-8")
    run(*_CREATE, "--message-file", str(text))
    run(*_CREATE, "--message-file", "-", input="From {{ shop_name }}\n")
    run(*_CREATE, "--variant", "A:3=Hi = {{ name }}", "--variant", "B=Hello", "--start", "2199-01-01")
    one, two, three = json.loads(run("campaign", "list", "--format", "json"))[::-1]
    assert one["message_template"] == "Dear {{ name }},\n50% off."
    assert two["message_template"] == "From {{ shop_name }}"
    assert (three["status"], three["start_date"]) == ("scheduled", "2199-01-01")
    (shown,) = json.loads(run("campaign", "show", "3", "--format", "json"))
    assert [(v["variant"], v["weight"], v["message_template"]) for v in shown["variants"]] == [
        ("A", 3, "Hi = {{ name }}"),
        ("B", 1, "Hello"),
    ]
    (preview,) = json.loads(run("campaign", "preview", "3", "--format", "json"))
    assert sum(preview["variants"].values()) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((*_CREATE, "--message", "Hi {{ nam }}"), 7, "{{ nam }} at position 4 is not known"),
        ((*_CREATE, "--message", "Hi", "--start", "2026-03-30", "--end", "2026-03-29"), 7, "is before start_date"),
        ((*_CREATE[:-1], "rich", "--message", "Hi"), 7, "there is no segment 'rich'"),
        ((*_CREATE,), 2, "Give --message, --message-file, or --variant"),
        ((*_CREATE, "--message", " "), 2, "Give --message, --message-file, or --variant"),
        ((*_CREATE, "--message", "Hi", "--variant", "A=Hi"), 2, "Give one --message, or several --variant"),
        ((*_CREATE, "--message", "Hi", "--event", "rain"), 7, "is not a trigger event"),
        ((*_CREATE, "--message", "Hi", "--holdout", "95"), 7, "holdout_percentage"),
        ((*_CREATE, "--message", "Hi", "--variant", "A"), 2, "is not NAME=TEXT"),
        ((*_CREATE, "--message", "Hi", "--start", "tomorrow"), 2, "is not a date"),
        (("campaign", "send", "9"), 7, "there is no campaign 9"),
        (("campaign", "show", "9"), 7, "there is no campaign 9"),
        (("campaign", "preview", "9"), 7, "there is no campaign 9"),
        (("campaign", "list", "--status", "sent"), 7, "is not a status of campaigns"),
        (("segment", "count", "rich"), 7, "there is no segment 'rich'"),
        (("segment", "show", "rich"), 7, "there is no segment 'rich'"),
        (("segment", "create", "x"), 7, "rules is required"),
        (("segment", "create", "all", "--where", "has_children"), 7, "is no name for a segment"),
        (("segment", "create", "x", "--where", "shoe_size>=40"), 7, "is nothing a segment can ask about"),
        (("segment", "create", "x", "--where", "total_spend>=much"), 2, "is not a rule"),
        (("segment", "create", "x", "--where", "gender=5"), 7, "rule 1 (gender): at_least: of no use for words"),
        (("consent", "show", "9"), 7, "there is no customer 9"),
        (("consent", "record", "1", "fax", "--granted"), 7, "is not a channel"),
        (("consent", "record", "1", "sms"), 2, "Give --granted or --refused"),
    ],
)
def test_what_is_wrong_is_said(refused, arguments, code, said):
    found, text = refused(*arguments)
    assert found == code
    assert said in text


def test_a_created_campaign_that_will_not_do_what_it_says(shop, cli):
    done = cli(*_CREATE, "--message", "Hi", "--end", "2020-01-01", "--subject", "News", url=shop.url)
    assert done.returncode == 0
    assert "it ended on 2020-01-01" in done.stderr
    assert "an SMS has no subject" in done.stderr
    cli(*_CREATE, "--message", "Use {{ discount_code }}", url=shop.url)
    done = cli("campaign", "send", "2", url=shop.url)
    assert (done.returncode, done.stdout) == (7, "")
    assert "campaign 2 (Eid) has no discount_code" in done.stderr


def test_the_columns_of_a_campaign_keep_their_order(shop, run):
    run(*_CREATE, "--message", "Hi", "--start", "2026-01-01", "--end", "2199-12-31")
    run(*_CREATE, "--message", "Hi", "--event", "at_risk")
    header, *rows = run("campaign", "list", "--format", "csv").splitlines()
    assert header.split(",") == list(COLUMNS)
    assert len(rows) == 2
    for arguments in (("list",), ("show", "1")):
        assert list(json.loads(run("campaign", *arguments, "--format", "json"))[0])[: len(COLUMNS)] == list(COLUMNS)
    listed = run("campaign", "list")
    assert "1 Eid sms all active, not sent 2026-01-01 to 2199-12-31 0 0" in listed
    assert "2 Eid sms all active, by event 0 0" in listed
    assert "the provider when they are due" in run("campaign", "send", "1")
    assert "1 Eid sms all active, audience fixed" in run("campaign", "list")
    # Nothing was sent, so there is nothing to compare with the holdout.
    shown = run("campaign", "show", "1")
    assert "audience fixed at" in shown
    assert "lift" not in shown
    with shop.connect() as connection:
        connection.execute("update trustcart.campaign_messages set status = 'sent', sent_at = now()")
    assert "revenue, Tk 0" in run("campaign", "show", "1")


def test_a_campaign_is_changed_and_stopped(run, refused):
    run(*_CREATE, "--message", "Hi", "--start", "2026-03-01", "--end", "2199-03-31")
    out = run("campaign", "change", "1", "--end", "2199-12-31", "--message", "Use {{ discount_code }}")
    assert out.startswith("Campaign 1 changed\n")
    assert "1 Eid sms all active, not sent 2026-03-01 to 2199-12-31 0 0" in out
    run("campaign", "change", "1", "--discount-code", "EID20", "--name", "Eid 2026")
    run("campaign", "send", "1")
    (stopped,) = json.loads(run("campaign", "change", "1", "--inactive", "--format", "json"))
    assert (stopped["status"], stopped["campaign_name"], stopped["discount_code"]) == ("inactive", "Eid 2026", "EID20")
    assert "active" in run("campaign", "change", "1", "--active")
    for arguments, code, said in (
        (("1",), 2, "What is to be changed?"),
        (("9", "--active"), 7, "there is no campaign 9"),
        (("1", "--message", "{{ nam }}"), 7, "{{ nam }} at position 1 is not known"),
        (("1", "--end", "2026-02-01"), 7, "is before start_date"),
    ):
        assert refused("campaign", "change", *arguments)[0] == code
        assert said in refused("campaign", "change", *arguments)[1]


def test_segments(run):
    out = run("segment", "create", "Capital", "--where", "district=dhaka,Gazipur", "--without", "total_spend>=5000.5")
    assert out == "Segment capital saved. It has 2 customers now.\n"
    assert run("segment", "count", "capital") == "2\n"
    (shown,) = json.loads(run("segment", "show", "capital", "--format", "json"))
    assert shown["rules"] == "district=dhaka,Gazipur; not total_spend>=5000.5"
    assert shown["customers"] == 2
    run("segment", "create", "capital", "--where", "order_count=0..3", "--replace", "--description", "Few orders")
    rows = json.loads(run("segment", "list", "--format", "json"))
    assert [row["name"] for row in rows] == ["all", "new", "repeat", "vip", "inactive", "capital"]
    assert (rows[-1]["rules"], rows[-1]["description"]) == ("order_count=0..3", "Few orders")
    assert "customers 3" in run("segment", "show", "all")
    assert "has_children" in run("segment", "list", "--attributes")


def test_consent(run):
    assert run("consent", "record", "1", "SMS", "--refused", "--source", "by phone") == (
        "Recorded: customer 1 refuses sms.\n"
    )
    rows = {row["channel"]: row for row in json.loads(run("consent", "show", "1", "--format", "json"))}
    assert (rows["sms"]["granted"], rows["sms"]["source"], rows["sms"]["is_default"]) == (False, "by phone", False)
    assert (rows["email"]["granted"], rows["email"]["is_default"]) == (True, True)
    run(*_CREATE, "--message", "Hi")
    assert "left out: no_consent 1" in run("campaign", "preview", "1")
    run("consent", "record", "1", "sms", "--granted")
    assert "no_consent" not in run("campaign", "preview", "1")


def test_the_due_job_runs(shop, run):
    run(*_CREATE, "--message", "Hi", "--start", "2020-01-01", "--scheduled")
    out = run("run", "send_due_campaigns", "--format", "json")
    assert json.loads(out)[0]["result"]["sent_count"] == 2
    assert json.loads(run("run", "send_due_campaigns", "--format", "json"))[0]["result"]["sent_count"] == 0


def test_rules_as_they_are_written():
    assert parse_rule("has_children") == {"attribute": "has_children"}
    assert parse_rule("district = Dhaka, Cox's Bazar", exclude=True) == {
        "attribute": "district",
        "exclude": True,
        "words": ["Dhaka", "Cox's Bazar"],
    }
    assert parse_rule("total_spend>=5000") == {"attribute": "total_spend", "at_least": 5000}
    assert parse_rule("total_spend<=99.5") == {"attribute": "total_spend", "at_most": 99.5}
    assert parse_rule("order_count=2..5") == {"attribute": "order_count", "at_least": 2, "at_most": 5}
    assert parse_rule("order_count=0") == {"attribute": "order_count", "at_least": 0, "at_most": 0}
    for wrong in ("", "total spend>=5", "total_spend>=", "total_spend>5"):
        with pytest.raises(UsageError):
            parse_rule(wrong)


def test_variants_as_they_are_written():
    assert parse_variant("A=x=y") == {"variant": "A", "weight": 1, "message_template": "x=y"}
    assert parse_variant("A:2=Hi\nthere") == {"variant": "A", "weight": 2, "message_template": "Hi\nthere"}
    with pytest.raises(UsageError):
        parse_variant("A")

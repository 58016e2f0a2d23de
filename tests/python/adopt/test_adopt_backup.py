"""A backup of an adopted database, restored beside the ERP as it is now: adopt and repair bring it up to date."""

from __future__ import annotations

from tests.python.adopt.conftest import assert_in_step


def test_a_restored_adoption_goes_on(adopted, host, cli, tmp_path):
    file = tmp_path / "adopted.dump"
    assert cli("backup", str(file), url=adopted.url).returncode == 0
    refused = cli("restore", str(file), "--replace", "--yes", url=adopted.url)
    assert (refused.returncode, "adopt --remove" in refused.stderr) == (7, True)

    # The same ERP, which went on without us.
    done = cli("restore", str(file), "--replace", "--yes", url=host.url)
    assert done.returncode == 0, done.stdout + done.stderr
    with host.connect() as connection:
        connection.execute(
            "insert into public.sales_orders (sales_order_number, customer_id, order_date, status, total_amount)"
            " select 'SO-after', min(id), date '2025-12-19', 'delivered', 500 from public.customers"
        )
        connection.execute("delete from public.order_items where id = (select max(id) from public.order_items)")
    for arguments in (["--mapping", "trustcart_erp"], ["--repair"]):
        again = cli("adopt", *arguments, url=host.url)
        # 1: both are equal, and the ERP has faulty rows.
        assert again.returncode in (0, 1), again.stderr
    assert_in_step(host)

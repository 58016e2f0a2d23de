"""The Customer 360° dashboard: /admin/customers/cdm."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from trustcart_db.web.pages.answers import show

router = APIRouter(include_in_schema=False)

PATH = "/admin/customers/cdm"
#: The part of the page that filters and searches change.
LIST = "customers"
#: What the address may say, as the guide names it → the argument of page_customers.
_ARGUMENTS = {
    "search": "search",
    "customerType": "customer_type",
    "lifecycleStage": "lifecycle_stage",
    "temperature": "temperature",
    "sort": "sort",
    "after": "after",
}


@router.get("/admin/customers")
async def customers_home() -> Response:
    """Where somebody who shortens the address goes."""
    return RedirectResponse(PATH, 303)


@router.get(PATH)
async def customers(request: Request) -> Response:
    """The page: a list by the filters, search and order of the address, which is the whole state of the page."""
    given = {name: value for name in _ARGUMENTS if (value := request.query_params.get(name, "").strip())}
    address = address_with(given)
    response = await show(
        request,
        "customers.html",
        "page_customers",
        {_ARGUMENTS[name]: value for name, value in given.items()},
        address=address,
    )
    if request.headers.get("HX-Target") == LIST:
        # The form sends all its fields; in the address stand those that say something.
        response.headers["HX-Replace-Url"] = address()
    return response


def address_with(given: dict[str, str]) -> Callable[..., str]:
    """The addresses that a page leads to. Argument: what is asked for now. Result: a function that gives the address
    with some of it changed, by name; None takes something away. Another filter begins at the top of the list."""

    def address(**changed: str | None) -> str:
        wanted = {name: value for name, value in {**given, **changed}.items() if value}
        if changed and "after" not in changed:
            wanted.pop("after", None)
        return f"{PATH}?{urlencode(wanted)}" if wanted else PATH

    return address

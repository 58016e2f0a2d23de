"""The README's pictures of the pages: `python -m tests.tools.screenshots` writes docs/pages/*.png from the sample shop.

`--all DIR` writes every page instead, as agent and manager, in every size and both languages, to look through; with
paths behind it, those alone.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.tools import web
from tests.tools.browser import PAGES, Shop, Visit, chromium, fill_with_passwords, open_context, settle
from tests.tools.system import install_for_pages
from trustcart_db.server import THROW_AWAY, PrivateServer, embedded_installation

FOLDER = Path(__file__).parents[2] / "docs" / "pages"
#: Bytes of a picture in the repository.
MOST_BYTES = 150_000
#: Name, who looks, size, language, page.
PICTURES = (
    ("customers", "manager", "desktop", "en", "customers"),
    ("customer", "manager", "desktop", "en", "/admin/customers/{customer}/360"),
    ("crm", "manager", "desktop", "en", "crm"),
    ("agent", "agent", "desktop", "en", "agent"),
    ("agent-phone", "agent", "phone", "en", "agent"),
    ("agent-bangla", "agent", "desktop", "bn", "agent"),
    ("team", "manager", "desktop", "en", "team"),
    ("automation", "manager", "desktop", "en", "automation"),
    ("campaign", "manager", "desktop", "en", "/admin/crm/automation/campaigns/1"),
    ("model", "manager", "desktop", "en", "/admin/crm/automation/model"),
)


@contextlib.contextmanager
def sample_shop() -> Iterator[tuple[Shop, Browser]]:
    """The sample shop, served by a server of its own, and a browser."""
    with PrivateServer(embedded_installation(), settings=THROW_AWAY) as server:
        url = server.create_database("shop")
        fill_with_passwords(url)
        with web.serving(url) as site, chromium() as browser:
            yield Shop(server, "shop", site), browser


def take_up_a_call(browser: Browser, shop: Shop) -> None:
    """Put a call into the agent's hand, at any hour, so that there is something to see."""
    with shop.connect() as connection:
        connection.execute("update trustcart.settings set quiet_from = null, quiet_until = null")
    context = open_context(browser, shop, "agent", "desktop", "en")
    page = Visit(context, shop).open("agent")
    page.click("form[action$='/next'] button")
    page.wait_for_selector("article.call")
    context.close()


def take(
    browser: Browser, shop: Shop, who: str | None, size: str, language: str, path: str, *, whole: bool
) -> tuple[bytes, list[str]]:
    """Take a picture. Arguments: as of open_context, an address or one of PAGES, whether the page's whole length.
    Result: PNG and what the browser complained about."""
    context = open_context(browser, shop, who, size, language)
    visit = Visit(context, shop).refused(403, 404)
    page: Page = visit.open(path.replace("{customer}", str(shop.customer)))
    settle(page)
    png = page.screenshot(full_page=whole)
    context.close()
    return png, visit.faults


def shrink(png: bytes) -> bytes:
    """Fewer colours, as many as fit into MOST_BYTES. Argument and result: PNG. Raises ValueError if none fits."""
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        file = io.BytesIO()
        # Without dithering: it makes noise of flat colours, which then do not compress.
        picture.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if file.tell() < MOST_BYTES:
            return file.getvalue()
    raise ValueError("The picture is too large.")


def main(arguments: list[str]) -> int:
    """Write the pictures. Argument: the command line's. Result: 0, or 1 when a page complained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR", dest="folder")
    parser.add_argument("--who", nargs="*", default=["agent", "manager"])
    parser.add_argument("--sizes", nargs="*", default=["desktop", "phone"])
    parser.add_argument("--languages", nargs="*", default=["en", "bn"])
    parser.add_argument("paths", nargs="*", default=list(PAGES))
    options = parser.parse_args(arguments)
    install_for_pages()
    complaints: list[str] = []
    folder = options.folder or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    shots = PICTURES
    if options.folder:
        shots = [
            (
                f"{path.strip('/').replace('/', '-').replace('?', '-')}.{who}.{size}.{language}",
                who,
                size,
                language,
                path,
            )
            for path in options.paths
            for who in options.who
            for size in options.sizes
            for language in options.languages
        ]
    with sample_shop() as (shop, browser):
        if not options.folder:
            take_up_a_call(browser, shop)
        for name, who, size, language, path in shots:
            png, faults = take(browser, shop, who, size, language, path, whole=options.folder is not None)
            (folder / f"{name}.png").write_bytes(png if options.folder else shrink(png))
            print(folder / f"{name}.png", *faults, sep="\n    ")
            complaints += faults
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

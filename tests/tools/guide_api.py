"""The HTTP API as the guide prints it: every request and every answer, read from its text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from tests.tools.shared_data import guide


@dataclass(frozen=True)
class Printed:
    """A request of the guide: method, path (with :names), query ("limit=20", or ""), body and answer (None: not
    printed)."""

    method: str
    path: str
    query: str
    body: dict | None
    answer: dict | list | None

    @property
    def name(self) -> str:
        """As the guide's quick reference calls it, but for the names of ids."""
        return f"{self.method} {self.path}"


def printed() -> list[Printed]:
    """Every ```http block of the guide, in its order; none where the guide is absent."""
    found = []
    for block in re.findall(r"```http\n(.*?)```", guide(), re.S):
        method, target = block.split("\n", 1)[0].split()
        path, _, query = target.partition("?")
        found.append(Printed(method, path, query, _json(block, "Body"), _json(block, "Response")))
    return found


def quick_reference() -> set[str]:
    """The endpoints of the guide's quick reference: "GET /cdm/customer360/:" without the names of ids."""
    text = guide().partition("## Quick Reference")[2]
    return {f"{method} {unnamed(path)}" for method, path in re.findall(r"^(GET|POST|PUT) +(\S+) +- ", text, re.M)}


def unnamed(path: str) -> str:
    """A path without the names of ids: /x/:id and /x/{id} are /x/:."""
    return re.sub(r":\w+|\{\w+\}", ":", path)


def _json(block: str, title: str) -> dict | list | None:
    found = re.search(rf"^{title}:\n(.*?)(?=^\w+:$|\Z)", block, re.S | re.M)
    return json.loads(found.group(1)) if found else None

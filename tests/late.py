"""A page as a browser shows it a moment later: with the boxes it asks for once it is there."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client

LATE = re.compile(r'hx-get="([^"]+)" hx-trigger="load"')


def whole(client: Client, path: str) -> str:
    page = client.get(path).content.decode()
    boxes = [client.get(unescape(url)) for url in LATE.findall(page)]
    assert all(box.status_code == 200 for box in boxes), [box for box in boxes if box.status_code != 200]
    return "\n".join([page, *(box.content.decode() for box in boxes)])

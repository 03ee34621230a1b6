"""Talking to the server: one client, the token from its file, and the three endpoints of :mod:`opspact.probes.wire`."""

import ssl
from pathlib import Path

import httpx
from pydantic import BaseModel

from opspact.collector.log import say
from opspact.probes.wire import pack

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


class Server:
    """The server of one collector. Proxy variables of the environment are not read, redirects are not followed: the
    token goes to the named server only."""

    def __init__(self, url: str, token_file: Path, verify: ssl.SSLContext | bool) -> None:
        """Raises ``OSError`` when the token can't be read."""
        self._token_file = token_file
        self._token = read_token(token_file)
        self._client = httpx.AsyncClient(base_url=url, verify=verify, trust_env=False, timeout=_TIMEOUT)

    async def get(self, path: str, *, etag: str | None = None) -> httpx.Response:
        """GET; 304 when the server still has what ``etag`` names. Raises ``httpx.HTTPError``."""
        return await self._client.get(path, headers=self._headers() | ({"If-None-Match": etag} if etag else {}))

    async def post(self, path: str, message: BaseModel) -> httpx.Response:
        """POST a message. Raises ``httpx.HTTPError``."""
        headers = self._headers() | {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        return await self._client.post(path, content=pack(message), headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def reload_token(self) -> bool:
        """Read the token again; whether it is another one."""
        try:
            token = read_token(self._token_file)
        except (OSError, ValueError) as error:
            say("token-unreadable", level="error", file=str(self._token_file), error=str(error))
            return False
        changed, self._token = token != self._token, token
        return changed

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def read_token(file: Path) -> str:
    """The token, the first line of its file. Raises ``OSError``, and ``ValueError`` when it can't be a token."""
    token = file.read_text(encoding="utf-8").strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError(f"{file} holds no token")
    return token

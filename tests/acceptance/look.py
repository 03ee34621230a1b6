"""Pages in a real browser, at the sizes, languages and colours every page is checked at.

    with Look(base_url, session_key) as look:
        look.shoot("/c/self/", folder)

gives one PNG per size, language and theme, and fails on what no picture shows: a message on the console (a breach of
the Content-Security-Policy among them) or a page wider than its window.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
SIZES = {"1366": (1366, 768), "1920": (1920, 1080), "390": (390, 844)}


@dataclass(frozen=True)
class Fault:
    """Something a page did that it must not."""

    path: str
    screen: str
    what: str


class Look:
    """A browser signed in by a session's key. `faults` collects what was wrong; a test asserts that it is empty."""

    def __init__(self, base_url: str, session_key: str = "", *, session_cookie: str = "opspact_session") -> None:
        self.base_url = base_url.rstrip("/")
        self.cookies = {session_cookie: session_key} if session_key else {}
        self.faults: list[Fault] = []

    def __enter__(self) -> Look:
        self._playwright = sync_playwright().start()
        self.browser: Browser = self._playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.browser.close()
        self._playwright.stop()

    def page(self, size: str = "1366", *, language: str = "zh-hans", theme: str = "light") -> Page:
        """A fresh page in its own context."""
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, timezone_id="Asia/Shanghai", ignore_https_errors=True
        )
        wanted = self.cookies | {"opspact_language": language, "opspact_theme": theme}
        domain = urlsplit(self.base_url).hostname or "127.0.0.1"
        context.add_cookies([{"name": n, "value": v, "domain": domain, "path": "/"} for n, v in wanted.items()])
        return context.new_page()

    def shoot(
        self,
        path: str,
        folder: Path,
        *,
        sizes: Iterable[str] = SIZES,
        languages: Iterable[str] = ("zh-hans", "en"),
        themes: Iterable[str] = ("light", "dark"),
        full: bool = False,
    ) -> list[Path]:
        """One picture each; `full` shows the whole page instead of the window."""
        folder.mkdir(parents=True, exist_ok=True)
        name = path.strip("/").replace("/", "-").replace("?", "-") or "start"
        shots = []
        for size in sizes:
            for language in languages:
                for theme in themes:
                    shot = folder / f"{name}-{size}-{language}-{theme}.png"
                    self._shoot(path, shot, f"{size} {language} {theme}", size, language, theme, full)
                    shots.append(shot)
        return shots

    def _shoot(self, path: str, shot: Path, screen: str, size: str, language: str, theme: str, full: bool) -> None:
        page = self.page(size, language=language, theme=theme)
        self.listen(page, path, screen)
        page.goto(self.base_url + path, wait_until="networkidle")
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if too_wide > 0:
            self.faults.append(Fault(path, screen, f"{too_wide} px wider than the window"))
        page.screenshot(path=shot, full_page=full)
        page.context.close()

    def listen(self, page: Page, path: str, screen: str) -> None:
        """Note what the page complains about from now on."""
        page.on("console", lambda message: self._heard(path, screen, message.type, message.text))
        page.on("pageerror", lambda error: self._heard(path, screen, "error", str(error)))

    def _heard(self, path: str, screen: str, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.faults.append(Fault(path, screen, text))

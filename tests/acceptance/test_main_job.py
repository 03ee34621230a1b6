"""The main job on real input, in a browser, on the program itself: import, outage, alert, incident, figure, report."""

from __future__ import annotations

import http.server
import io
import json
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pypdf
import pytest
from docx import Document
from playwright.sync_api import Page, expect
from tests.acceptance.demo import Demo, free_port, wait_for
from tests.acceptance.look import Look
from tests.needs import needs

pytestmark = pytest.mark.timeout(600)
INTERVAL_S = 10


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    needs("chromium", package="chromium")
    with tempfile.TemporaryDirectory(prefix="opspact-demo-") as folder:
        Path(folder).chmod(0o755)  # the parts run unprivileged, and pytest's own folders are private
        running = Demo(Path(folder))
        running.start()
        yield running
        running.stop()


@pytest.fixture
def page(demo: Demo) -> Iterator[Page]:
    with Look(demo.url) as look:
        page = look.page()
        page.set_default_timeout(15_000)
        sign_in(page, demo, "manager")
        yield page
        assert look.faults == []


def sign_in(page: Page, demo: Demo, name: str) -> None:
    page.goto(f"{demo.url}/sign-in/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", demo.password)
    page.press("input[name=password]", "Enter")
    expect(page.locator(".op-top")).to_be_visible()


class Listener:
    """A TCP service that can be stopped and started again on its port; stopped for good at the end of the block."""

    def __init__(self) -> None:
        self.port = free_port()

    def __enter__(self) -> Listener:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", self.port), backlog=64)

    def close(self) -> None:
        self.socket.close()


@contextmanager
def web_server() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    server.RequestHandlerClass.log_message = lambda *_: None  # type: ignore[method-assign,assignment]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def test_an_outage_of_an_imported_target_ends_up_in_the_figure_and_in_the_report(
    demo: Demo, page: Page, tmp_path: Path
) -> None:
    with Listener() as listener, web_server() as http_port:
        import_targets(page, demo, tmp_path, listener.port, http_port)
        for code in ("CORE-TCP", "CORE-WEB"):
            wait_for(lambda code=code: is_up(page, demo, code), 90, f"{code} to be up", on_failure=demo.story)

        listener.close()
        stopped = time.monotonic()
        wait_for(lambda: "CORE-TCP" in text_of(page, demo, "/c/self/outages/"), 60, "the outage", on_failure=demo.story)
        # Three failures, one an interval; the rest is the way from the collector to the page and a busy machine.
        assert time.monotonic() - stopped <= 3 * INTERVAL_S + 15
        assert "CORE-TCP" in text_of(page, demo, "/c/self/alerts/")
        number = re.search(r"INC-\d{4}-\d{6}", text_of(page, demo, "/c/self/incidents/"))
        assert number is not None

        close_incident(page, demo, number.group(), listener)
        assert_it_is_in_the_figure(page, demo, number.group())
        assert_it_is_in_the_report(page, demo, number.group())


def import_targets(page: Page, demo: Demo, folder: Path, tcp_port: int, http_port: int) -> None:
    page.goto(f"{demo.url}/c/self/targets/import/")
    with page.expect_download() as download:
        page.click("a[href$='/template/']")
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    sheet = book.worksheets[0]
    columns = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[1]}
    rows = [
        {"编号": "CORE-TCP", "名称": "核心服务端口", "地址": f"127.0.0.1:{tcp_port}", "检查方式": "tcp"},
        {"编号": "CORE-WEB", "名称": "核心网页", "地址": f"http://127.0.0.1:{http_port}/", "检查方式": "http"},
    ]
    for number, row in enumerate(rows, 2):
        for name, value in {**row, "业务系统": "IMPORTED", "间隔（秒）": INTERVAL_S}.items():
            sheet.cell(number, columns[name], value)
    filled = folder / "targets.xlsx"
    book.save(filled)
    page.set_input_files("input[type=file]", filled)
    page.locator("main form button[type=submit], main form .btn-primary").last.click()
    expect(page.locator("main")).to_contain_text("CORE-WEB")
    page.fill("input[name=authorised_by]", "甲方主管")
    page.fill("input[name=reference]", "验收测试授权")
    page.locator("main form .btn-primary").last.click()
    expect(page.locator("main")).to_contain_text("CORE-TCP")


def text_of(page: Page, demo: Demo, path: str) -> str:
    page.goto(demo.url + path)
    return page.locator("main").inner_text()


def is_up(page: Page, demo: Demo, code: str) -> bool:
    page.goto(f"{demo.url}/c/self/target/{code}/")
    return page.locator("main h1 .op-state-up").count() > 0


def close_incident(page: Page, demo: Demo, number: str, listener: Listener) -> None:
    address = f"{demo.url}/c/self/incidents/{number}/"
    page.goto(address)
    page.click("form[action$='/take/'] button")
    listener.open()
    wait_for(lambda: has_proposal(page, address), 60, "the proposal to resolve", on_failure=demo.story)
    page.goto(f"{address}accept/")
    page.fill("textarea[name=cause]", "测试中停止了服务")
    page.fill("textarea[name=resolution]", "重新启动服务")
    page.select_option("select[name=cause_domain]", "vendor")
    page.locator("main form .btn-primary").last.click()
    page.goto(f"{address}close/")
    page.locator("main form .btn-primary").last.click()
    expect(page.locator("main")).to_contain_text("已关闭")


def has_proposal(page: Page, address: str) -> bool:
    page.goto(address)
    return page.locator("a[href$='/accept/']").count() > 0


def assert_it_is_in_the_figure(page: Page, demo: Demo, number: str) -> None:
    """From the indicator's card to the system, its outage, and the incident; the export recomputes to the same."""
    page.goto(f"{demo.url}/c/self/kpi/availability/")
    page.click("a[href*='/systems/IMPORTED/']")
    expect(page.locator("main")).to_contain_text(number)
    page.goto(f"{demo.url}/c/self/kpi/availability/")
    with page.expect_download() as download:
        page.click("a[href*='export.json']")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "opspact.cli", "calc", "availability", str(download.value.path())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)


def assert_it_is_in_the_report(page: Page, demo: Demo, number: str) -> None:
    page.goto(f"{demo.url}/c/self/reports/draft/")
    page.fill("input[name=day]", datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat())
    page.locator("main form .btn-primary").last.click()
    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator("main")).to_contain_text("CORE-TCP")
    address = page.url
    words = {form: document_text(page, address, form) for form in ("docx", "pdf")}
    for text in words.values():
        assert number in text
        assert "运维周报" in text


def document_text(page: Page, address: str, form: str) -> str:
    content = page.request.get(f"{address}report.{form}").body()
    if form == "pdf":
        return "".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(content)).pages)
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_command_line_says_what_is_wrong_with_a_contract_and_changes_nothing(demo: Demo, tmp_path: Path) -> None:
    source = (Path(__file__).parents[2] / "examples/beijing-2022/contract.yaml").read_text()
    broken = tmp_path / "contract.yaml"
    broken.write_text(source.replace("贰佰叁拾肆万柒仟元整", "贰佰叁拾肆万陆仟元整", 1))
    done = demo.run("contract", "load", str(broken))
    assert done.returncode == 1
    assert re.search(r"第 ?\d+ ?行", done.stderr)
    assert "Traceback" not in done.stderr


def test_a_second_demo_on_the_same_data_is_refused_in_one_sentence(demo: Demo) -> None:
    done = demo.run("demo", "--port", str(free_port()))
    assert done.returncode == 1
    assert "already runs" in done.stderr
    assert "Traceback" not in done.stderr

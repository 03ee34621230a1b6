"""Use the demo as a stranger would: start it, see live results, kill each part once, see them again, stop it.

Standard library only. Prints what it saw; exits 1 with a sentence when something is not as promised.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
PORT = 18600


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="opspact-smoke-"))
    folder.chmod(0o755)
    data = folder / "data"
    log = folder / "terminal.log"
    process = start(data, log)
    try:
        wait_for("the page and live results", lambda: is_live(since=0), 240)
        for name in ("web", "worker", "collector", "postgres"):
            kill_part(process.pid, data, name)
            moment = time.time()
            wait_for(f"live results after kill -9 of {name}", lambda since=moment: is_live(since), 90)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        print("killed the parent; starting again", flush=True)
        moment = time.time()
        process = start(data, log)
        wait_for("live results after kill -9 of the parent", lambda: is_live(moment), 120)
        stopped = time.monotonic()
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=20)
        seconds = time.monotonic() - stopped
        expect(code == 0, f"stopped with exit code {code}")
        expect(seconds <= 10, f"stopped in {seconds:.1f} s")
        left = processes_on(data)
        expect(not left, f"processes left behind: {left}")
    except BaseException:
        print(log.read_text(errors="replace")[-5000:], file=sys.stderr)
        for part in sorted((data / "logs").glob("*.log")):
            print(f"--- {part.name}\n{part.read_text(errors='replace')[-2000:]}", file=sys.stderr)
        raise
    finally:
        if process.poll() is None:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)
    print("smoke: as promised")


def start(data: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(HERE / "opspact"), "demo", "--data", str(data), "--port", str(PORT)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def health() -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))
    except (OSError, ValueError):
        return {}


def is_live(since: float) -> bool:
    """Whether all is well and a probe's result from after `since` (Unix seconds) has arrived."""
    state = health()
    return state.get("status") == "ok" and (state.get("last_live_result_unix") or 0) > since


def wait_for(what: str, condition: Any, seconds: float) -> None:
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if condition():
            print(f"{what}: after {time.monotonic() - started:.1f} s", flush=True)
            return
        time.sleep(0.5)
    sys.exit(f"smoke: {what} did not come within {seconds:.0f} s; last state: {health()}")


def expect(holds: bool, what: str) -> None:
    print(f"{what}", flush=True)
    if not holds:
        sys.exit(f"smoke: not as promised: {what}")


def kill_part(parent: int, data: Path, name: str) -> None:
    marks = {
        "web": "granian",
        "worker": "opspact.cli",
        "collector": "opspact.collector",
        "postgres": str(data / "postgres"),
    }
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        if marks[name] in command and (name != "worker" or " worker" in command):
            os.kill(int(pid), signal.SIGKILL)
            print(f"killed {name} ({pid})", flush=True)
            return
    sys.exit(f"smoke: no process found for {name}")


def processes_on(data: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                environment = (entry / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if int(entry.name) != os.getpid() and (str(data) in command or f"OPSPACT_DATA={data}\0" in environment):
                found.append(command[:80])
    return found


if __name__ == "__main__":
    main()

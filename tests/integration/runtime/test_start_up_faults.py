"""What stands in the way of a start is one clear sentence in both languages and an exit code that is not 0."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.needs import needs_root

ROOT = Path(__file__).parents[3]
NOBODY = 65534
_OURS = ("OPSPACT_DATA", "OPSPACT_DATABASE_URL", "DJANGO_SETTINGS_MODULE")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are private to us."""
    with tempfile.TemporaryDirectory(prefix="opspact-faults-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def environment(**more: str) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if name not in _OURS}, **more}


def up(data: Path, *arguments: str, user: int | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "opspact.cli", "up", "--data", str(data), *arguments]
    return subprocess.run(
        command, env=environment(), capture_output=True, text=True, timeout=60, check=False, user=user, cwd="/"
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    said = done.stderr.strip().splitlines()
    assert len(said) == 1, done.stderr
    for word in words:
        assert word in said[0]


def test_a_taken_port(open_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_one_sentence(up(open_folder / "data", "--port", str(port)), "已被占用", str(port), "--port")


def test_a_data_directory_that_may_not_be_written(open_folder: Path) -> None:
    needs_root()
    (open_folder / "locked").mkdir(mode=0o755)
    done = up(open_folder / "locked" / "data", user=NOBODY)
    assert_one_sentence(done, "权限", "No permission to write", "--data")


def test_as_root_a_data_directory_that_the_parts_could_not_reach(open_folder: Path) -> None:
    needs_root()
    private = open_folder / "private"
    private.mkdir(mode=0o700)
    assert_one_sentence(up(private / "data"), "cannot reach", "/var/lib/opspact")
    assert private.stat().st_mode & 0o777 == 0o700


def test_a_full_disk(open_folder: Path) -> None:
    needs_root()
    disk = open_folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", str(disk)], check=True)
    try:
        assert_one_sentence(up(disk / "data"), "磁盘已满", "The disk that holds")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_demo_directory_is_no_real_installation_and_the_other_way_round(open_folder: Path) -> None:
    data = open_folder / "data"
    data.mkdir()
    (data / "demo").touch()
    assert_one_sentence(up(data), "演示数据目录", "./opspact demo")


def launcher(path: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "opspact"), *arguments],
        env=environment(PATH=path, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_python_that_is_too_old(open_folder: Path) -> None:
    """A stand-in that answers as Python 3.9 would: it refuses the version question."""
    old = open_folder / "python-old"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert_one_sentence(launcher("/usr/bin:/bin", "--version", OPSPACT_PYTHON=str(old)), "3.11", "python3")


def test_a_python_without_venv(open_folder: Path) -> None:
    """As on Debian without python3-venv, where the standard library comes without ensurepip."""
    lacking = open_folder / "lacking"
    lacking.mkdir()
    (lacking / "ensurepip.py").write_text("raise ImportError('no ensurepip')\n")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "bootstrap.py"), "--version"],
        env=environment(PYTHONPATH=str(lacking), OPSPACT_ENV=str(open_folder / "env")),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_an_unknown_extra_names_the_known_ones(open_folder: Path) -> None:
    more = {"OPSPACT_EXTRAS": "rooster", "OPSPACT_ENV": str(open_folder / "env")}
    assert_one_sentence(launcher(os.environ["PATH"], "--version", **more), "rooster", "roster")


def test_an_unknown_command_names_the_known_ones() -> None:
    command = [sys.executable, "-P", "-m", "opspact.cli", "strat"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "demo" in done.stderr

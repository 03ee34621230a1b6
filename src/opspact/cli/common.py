"""What several commands share: the data directory option, and Django inside an installation."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from opspact.runtime.faults import Fault
from opspact.runtime.installation import Installation
from opspact.runtime.paths import default_data_directory


def add_data_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data", type=Path, default=None, metavar="DIR", help="数据目录（默认 OPSPACT_DATA 或系统惯例位置）"
    )


def installation(options: argparse.Namespace) -> Installation:
    return Installation.at(options.data or default_data_directory())


@contextmanager
def django_in(place: Installation) -> Iterator[None]:
    """Django set up on the installation's database, as the person and the database role the program runs as."""
    if place.uses_embedded_database and not (place.data.secrets / "postgres.json").exists():
        raise Fault(
            f"{place.data.root} 中还没有数据：请先运行 ./opspact up 或 ./opspact demo。",
            f"There is no data in {place.data.root} yet: run ./opspact up or ./opspact demo first.",
        )
    with place.database():
        os.environ.update(place.environment())
        # Only the effective ids: the database, if we started it, is ours to stop afterwards.
        os.setegid(place.person.gid)
        os.seteuid(place.person.uid)
        try:
            import django

            django.setup()
            yield
        finally:
            from django.db import connections

            connections.close_all()
            os.seteuid(os.getuid())
            os.setegid(os.getgid())


def progress(chinese: str, english: str) -> None:
    print(f"  {chinese} · {english}", file=sys.stderr, flush=True)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A file that the person named, to write. Raises Fault when it can't be written there."""
    try:
        target = path.open("wb")
    except OSError as error:
        raise Fault(f"无法写入 {path}：{error.strerror}。", f"Cannot write {path}: {error.strerror}.") from error
    with target:
        yield target


def read_file(path: Path) -> bytes:
    """A file the user named. Raises Fault when it is not there or not readable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Fault(f"无法读取 {path}：{error.strerror}。", f"Cannot read {path}: {error.strerror}.") from error

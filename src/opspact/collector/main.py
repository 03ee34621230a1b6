"""Starting the collector: one clear sentence and an exit code of 2 when it can't."""

import asyncio
import fcntl
import os
import resource
import sqlite3
import sys
from pathlib import Path

from opspact.collector.config import ConfigError, Options, parse
from opspact.collector.daemon import run
from opspact.collector.server import read_token


def main(arguments: list[str] | None = None) -> int:
    """Run the collector. 0: stopped by a signal; 1: a task failed; 2: it could not start."""
    try:
        options = parse(arguments)
        _check_token(options)
        lock = _lock(options.spool)
    except ConfigError as error:
        sys.stderr.write(f"opspact collector: {error}\n")
        return 2
    _allow_many_sockets()
    # Not asyncio.run: it joins threads that wait for a dead name server, and stopping would take half a minute.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(run(options))
    except (OSError, sqlite3.OperationalError) as error:
        sys.stderr.write(f"opspact collector: the spool {options.spool} can't be used: {error}.\n")
        return 2
    finally:
        os.close(lock)


def _check_token(options: Options) -> None:
    try:
        read_token(options.token_file)
    except OSError as error:
        raise ConfigError(f"The token file can't be read: {error}.") from error
    except ValueError as error:
        raise ConfigError(f"{error}.") from error


def _lock(folder: Path) -> int:
    """Make the spool's folder and hold it against a second collector; the kernel lets go when this one dies."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigError(f"The spool {folder} can't be written: {error}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise ConfigError(f"Another collector is using the spool {folder}.") from error
    return lock


def _allow_many_sockets() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

"""Real parts a test needs: a skip names the package that would run it, and with ``CI=true`` it is a failure."""

import os
import shutil

import pytest


def needs(program: str, *, package: str) -> str:
    """The path of a program; skips the test without it, or fails it when ``CI`` is ``true``."""
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is not None:
        return found
    return missing(f"{program} is not installed; this runs it: sudo apt install {package}")


def needs_root() -> None:
    """Skips the test for ordinary users, or fails it when ``CI`` is ``true``."""
    if os.geteuid() != 0:
        missing("this needs root")


def missing(reason: str) -> str:
    """Skip with a reason, or fail with it when ``CI`` is ``true``."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)

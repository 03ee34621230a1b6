"""`opspact test` and `opspact bench`: run from a checkout, with the packages of requirements-test.lock."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from opspact.runtime.faults import Fault


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    test = commands.add_parser("test", help="运行测试 · run the tests")
    test.add_argument("--deep", action="store_true", help="长时间的性质与故障测试 · long property and chaos runs")
    test.set_defaults(run=run_tests, passes_arguments_on=True)
    bench = commands.add_parser("bench", help="运行基准测试 · run a benchmark")
    bench.add_argument("name", nargs="?", help="例如 spine")
    bench.set_defaults(run=run_bench, passes_arguments_on=True)


def checkout() -> Path:
    """The checkout that holds tests/ and bench/. Raises Fault outside of one."""
    given = os.environ.get("OPSPACT_CHECKOUT")
    if not given or not (Path(given) / "tests").is_dir():
        raise Fault("测试需在源码目录中用 ./opspact 运行。", "Run this with ./opspact in a checkout of the source.")
    return Path(given)


def run_tests(options: argparse.Namespace) -> int:
    """pytest on two processes; pytest's closing lines name what was skipped and which package would run it.

    Deep: core's properties first, each at 20,000 examples and written down (`tools/deep.py`), then everything else as
    usual with the long runs. Deep with arguments: those tests alone, at depth, and nothing is written down.
    """
    where = checkout()
    environment = dict(os.environ)
    command = [sys.executable, "-m", "pytest"]
    properties = 0
    if options.deep:
        environment["OPSPACT_DEEP"] = "1"
        command += ["-o", "timeout=14400"]
    if options.deep and not options.rest:
        properties = subprocess.run([sys.executable, "-m", "tools.deep"], cwd=where, check=False).returncode
        environment["OPSPACT_EXAMPLES"] = "500"
    if not options.rest:
        command += ["-n", "2", "--dist", "loadfile"]
    return subprocess.run([*command, *options.rest], cwd=where, env=environment, check=False).returncode or properties


def run_bench(options: argparse.Namespace) -> int:
    where = checkout() / "bench"
    known = sorted(path.stem for path in where.glob("*.py") if "\ndef main()" in path.read_text(encoding="utf-8"))
    if options.name not in known:
        raise Fault(f"可运行的基准：{'、'.join(known)}。", f"Benchmarks: {', '.join(known)}.")
    return subprocess.run(
        [sys.executable, "-m", f"bench.{options.name}", *options.rest], cwd=where.parent, check=False
    ).returncode

"""`opspact COMMAND`: the parser. Each group of commands lives in a module of its own and adds itself here."""

from __future__ import annotations

import argparse
import sys

from opspact import __version__
from opspact.cli import calc, checks, data, ipam, ledgers, manage, parts, prepare, serve
from opspact.runtime.faults import Fault


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="opspact", description="守约 OpsPact：履行、证明并考核一份运维合同")
    root.add_argument("--version", action="version", version=f"OpsPact {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in (serve, parts, data, checks, prepare, manage, calc, ledgers, ipam):
        group.add_commands(commands)
    return root


def main(arguments: list[str] | None = None) -> None:
    """Run one command. A Fault is one sentence on standard error and exit code 1."""
    options, rest = parser().parse_known_args(arguments)
    if rest and not getattr(options, "passes_arguments_on", False):
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    try:
        code = options.run(options)
    except Fault as fault:
        sys.exit(str(fault))
    except BrokenPipeError:
        sys.exit(141)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code or 0)

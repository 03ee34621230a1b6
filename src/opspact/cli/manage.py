"""`opspact manage …`: Django's own commands inside the environment that a part is given; for maintenance."""

from __future__ import annotations

import argparse


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("manage", help="Django 管理命令（维护用）", add_help=False)
    command.set_defaults(run=manage, passes_arguments_on=True)


def manage(options: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["opspact manage", *options.rest])
    return 0

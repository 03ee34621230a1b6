"""Every write about people: users, passwords, second factors, grants, sessions, tokens."""

from opspact.accounts.actions.credentials import (
    end_other_sessions,
    reset_password,
    reset_second_factor,
    set_password,
    unlock,
)
from opspact.accounts.actions.grants import grant, revoke
from opspact.accounts.actions.tokens import create_token, revoke_token
from opspact.accounts.actions.users import activate, create_user, deactivate, edit_user

__all__ = [
    "activate",
    "create_token",
    "create_user",
    "deactivate",
    "edit_user",
    "end_other_sessions",
    "grant",
    "reset_password",
    "reset_second_factor",
    "revoke",
    "revoke_token",
    "set_password",
    "unlock",
]

"""What is wrong with something a person typed: typed, translatable, and the same for page, Excel and contract file."""

from collections.abc import Mapping


class InputError(ValueError):
    """Input that can't be taken.

    ``code`` is stable for programs, ``message`` an English msgid with ``%(name)s`` places, ``params`` their values.
    """

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.code = code
        self.message = message
        self.params: Mapping[str, object] = params


class AddressError(InputError):
    """Text that is no address of the kind it was given for."""


class SettingsError(InputError):
    """A setting that the kind does not know or can't take; ``key`` names it, empty when the text can't be read."""

    def __init__(self, code: str, message: str, *, key: str = "", **params: object) -> None:
        super().__init__(code, message, key=key, **params)
        self.key = key

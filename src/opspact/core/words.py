"""Marking the English texts that pages translate."""


def N_(msgid: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark `msgid` for `tools/messages.py`; `%(name)s` parameters are filled in after translation."""
    return msgid

"""What an action answers when it can't be done now."""

from django.core.exceptions import ValidationError


class NotPossibleNow(ValidationError):
    """The incident is not in a state that allows this, or somebody else was faster. The text is for the reader."""

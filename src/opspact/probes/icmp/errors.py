"""Why an echo request could not be sent; both mean unknown, never down."""


class Unavailable(Exception):
    """This process may not send ICMP at all; the text is the command that mends it."""


class Overloaded(Exception):
    """Too many probes were in flight to send within the time limit."""

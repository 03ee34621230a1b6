"""Digital certificates: reading them from files and ports, and saying what is weak, missing or about to end.

No Django here. Private keys that come along in a file are dropped while it is read and reach nothing else.
"""

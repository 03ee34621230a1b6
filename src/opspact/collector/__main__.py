"""``python -m opspact.collector``."""

import os
import sys

from opspact.collector.main import main

code = main()
sys.stderr.flush()
# Threads that wait for a dead name server can't be cancelled, and a plain exit would join them for half a minute.
os._exit(code)

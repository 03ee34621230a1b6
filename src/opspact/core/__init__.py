"""Pure calculation, no Django, no input or output: `now`, calendars and zones are arguments."""

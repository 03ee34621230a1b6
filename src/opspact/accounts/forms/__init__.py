"""The forms of the room, by page."""

"""The shell's way in: the same actions and queries as the pages, and the commands that run the parts."""

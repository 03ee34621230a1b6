"""Sign-in, second factor, roles and the three administrators (三员), and the pages on which they are kept."""

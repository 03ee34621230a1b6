"""Word templates, and the script that made them."""

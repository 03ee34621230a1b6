"""Look-ups, by subject. They hand core what it calculates with: instants in µs, cut to the period in SQL."""

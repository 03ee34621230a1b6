"""Address space: what is free, how full prefixes are, what contradicts itself, and what was seen beside what is written."""

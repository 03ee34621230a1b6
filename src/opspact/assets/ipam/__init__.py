"""Address space: what is free, how full it is, what contradicts itself, what was seen beside what is written."""

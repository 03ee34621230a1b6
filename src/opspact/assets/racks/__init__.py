"""Racks, rooms and cables: free space and budgets, drawings, moving what stands there, tracing a cable to its end."""

"""The service desk: incidents, their events and clocks, and what the team is told about them."""

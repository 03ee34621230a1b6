"""What reaches into the client's networks: collectors with their tokens, and the client's authorisation to probe."""

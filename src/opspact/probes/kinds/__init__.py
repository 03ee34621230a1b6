"""The kinds of checks, one file each; ``opspact.probes.registry`` lists them."""

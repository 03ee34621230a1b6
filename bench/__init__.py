"""Benchmarks: ratios against a peer or the limit in the same run. Run with `./opspact bench NAME`; never in a test."""

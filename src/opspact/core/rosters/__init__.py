"""Who serves when: rotations, changes, proofs of coverage, rules and fairness. `docs/why/rosters.md`."""

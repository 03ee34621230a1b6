"""Stocktaking (盘点): planning over a scope, counting by scan, by hand and on paper, reporting, adjusting the ledger.

`scope` says which assets; `leading` starts, ends and cancels; `counting` takes scans; `marking` what people say without
one; `deciding` and `adjusting` bring the ledger to what was found; `queries` and `words` tell how it stands.
"""

"""Stocktaking (盘点): planning over a scope, counting by scan, by hand and on paper, reporting, adjusting the ledger.

`scope` says which assets; `leading` starts, ends and cancels; `counting` takes scans; `marking` what people say without
one; `deciding` says what follows, `reporting` puts it to the client, `adjusting` brings the ledger to what they
approved; `queries` and `words` tell how it stands.
"""

"""A NetBox API export into the ledgers: `rows_of` says what each object becomes, `workbooks` brings it in as Excel does.

An export is a folder or a zip of JSON files as the API gives them (`devices.json`, `prefixes.json`, `ip-addresses.json`,
`vlans.json`, `circuits.json`, `racks.json` …), each a list or an object with `results`.
"""

"""A NetBox API export into the ledgers: `mapping` says what objects become, `importing` brings them in as Excel does.

An export is a folder or a zip of JSON files as the API gives them (`devices.json`, `prefixes.json`, `circuits.json`,
`ip-addresses.json`, `vlans.json`, `racks.json` …), each a list or an object with `results`.
"""

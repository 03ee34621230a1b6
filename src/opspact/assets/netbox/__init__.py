"""A NetBox API export into the ledgers: `mapping` says what objects become, `importing` brings them in as Excel does.

An export is a folder, a zip or one JSON file of what NetBox's REST API answers, of version 3 or 4: pages with
`results`, lists of objects or of pages, under any name, since objects say themselves what they are (`url`). Whatever is
not brought in is said (`leftovers`).
"""

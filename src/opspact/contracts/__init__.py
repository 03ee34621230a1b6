"""The register of contracts: parties, terms, price, indicators, business systems, sites, calendars."""

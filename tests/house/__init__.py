"""The rules of the house, as tests: layers, foreign keys, migrations, translations, style and types."""

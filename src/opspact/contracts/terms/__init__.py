"""A contract's terms as data: read from YAML, checked against the schema, every problem named with its line.

>>> terms = load_terms(path.read_bytes(), source=path.name)
"""

from opspact.contracts.terms.loader import load_terms
from opspact.contracts.terms.problems import Problem, TermsError
from opspact.contracts.terms.schema import Terms, json_schema

__all__ = ["Problem", "Terms", "TermsError", "json_schema", "load_terms"]

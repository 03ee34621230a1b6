"""From the text of a contract file to its terms, or to all that is wrong with it."""

from functools import lru_cache

from pydantic import ValidationError

from opspact.contracts.terms.explain import problems_of
from opspact.contracts.terms.problems import Problem, TermsError
from opspact.contracts.terms.references import check_references
from opspact.contracts.terms.schema import Terms
from opspact.contracts.terms.sums import check_sums
from opspact.contracts.terms.yamltree import Tree, read
from opspact.core.words import N_


@lru_cache(maxsize=32)
def load_terms(text: str | bytes, source: str) -> Terms:
    """The terms that `text` (YAML, UTF-8) states; `source` names the file in messages.

    Raises TermsError with every problem in the file. The result is immutable; a text read before costs nothing.
    """
    tree = read(text)
    if tree.data is None and tree.problems:
        raise TermsError(source, tree.problems)
    if not isinstance(tree.data, dict):
        raise TermsError(source, [tree.problem((), N_("the file must begin with keys such as code and name"))])
    terms, problems = _validated(tree)
    unread = {(problem.line, problem.column) for problem in tree.problems}
    problems = [problem for problem in problems if (problem.line, problem.column) not in unread]
    problems = [*tree.problems, *problems, *check_references(tree), *check_sums(tree)]
    if problems or terms is None:
        raise TermsError(source, problems)
    return terms


def _validated(tree: Tree) -> tuple[Terms | None, list[Problem]]:
    try:
        return Terms.model_validate(tree.data), []
    except ValidationError as error:
        return None, list(problems_of(error, tree, Terms))

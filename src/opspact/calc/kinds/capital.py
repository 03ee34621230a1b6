"""`opspact calc capital`: amounts in capital numerals (大写), and capitals read back."""

from decimal import Decimal

from opspact.calc.language import Explained
from opspact.calc.running import Context, Kind, at
from opspact.calc.values import Amount, Name, Part
from opspact.core.explain import Explanation, Step
from opspact.core.inputs import Wrong
from opspact.core.money import capital, parse_capital
from opspact.core.words import N_


class Input(Part):
    """Amounts to write in capitals, and capitals to read; at least one of either."""

    amounts: tuple[Amount, ...] = ()
    """Yuan, with at most two decimals."""
    capitals: tuple[Name, ...] = ()
    """Such as 贰佰叁拾肆万柒仟元整; 人民币 in front is read too."""


class Pair(Part):
    """One amount both ways."""

    amount: Amount
    capital: str


class Output(Part):
    """The pairs, amounts first, in the order they were given."""

    pairs: list[Pair]
    explain: list[Explained]


def run(document: Input, context: Context) -> Output:
    """Both lists, each element checked by turning the answer back."""
    if not document.amounts and not document.capitals:
        raise Wrong(N_("give amounts or capitals"))
    pairs = [_pair(f"amounts[{i}]", amount) for i, amount in enumerate(document.amounts)]
    pairs += [_read(f"capitals[{i}]", text) for i, text in enumerate(document.capitals)]
    return Output(pairs=pairs, explain=[_explained(pair, context) for pair in pairs])


def _pair(path: str, amount: Decimal) -> Pair:
    with at(path):
        return Pair(amount=amount, capital=capital(amount))


def _read(path: str, text: str) -> Pair:
    with at(path):
        amount = parse_capital(text)
        return Pair(amount=amount, capital=capital(amount))


def _explained(pair: Pair, context: Context) -> Explained:
    return context.words.explained(
        Explanation(
            rule=N_("Rules for filling in payment instruments, annex 1 of the Measures for Payment and Settlement"),
            clause="",
            inputs={"amount": str(pair.amount)},
            steps=(Step(N_("%(amount)s yuan is %(capital)s."), {"amount": str(pair.amount), "capital": pair.capital}),),
        ),
        about=str(pair.amount),
    )


KIND = Kind("capital", N_("amounts in capital numerals, both ways"), Input, Output, run)

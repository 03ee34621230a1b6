"""Amounts in Chinese capital numerals (大写), both ways, by the rules for filling in payment instruments.

正确填写票据和结算凭证的基本规定 (支付结算办法, annex 1): 整 after 元, none needed after 角 and none after 分;
one 零 for zeros between digits, none for zeros at the end. Worked table: `docs/why/money.md`.
"""

from collections.abc import Callable
from decimal import Decimal

from opspact.core.errors import AmountTooLarge, BadCapital
from opspact.core.money.amounts import LIMIT, exact, whole_cents

DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SAME = str.maketrans("圆正貮貳陸萬億參", "元整贰贰陆万亿叁")


def capital(amount: Decimal) -> str:
    """`amount` in capitals, such as 贰佰叁拾肆万柒仟元整. Raises NotAnAmount, AmountTooFine, AmountTooLarge."""
    if abs(exact(amount)) >= LIMIT:
        raise AmountTooLarge(value=str(amount))
    yuan, cents = divmod(abs(whole_cents(amount)), 100)
    jiao, fen = divmod(cents, 10)
    text = "负" if amount < 0 else ""
    if yuan or not cents:
        text += (_whole(yuan) or DIGITS[0]) + "元"
    if not cents:
        return text + "整"
    if jiao:
        text += DIGITS[jiao] + "角"
    elif yuan:
        text += DIGITS[0]
    return text + (DIGITS[fen] + "分" if fen else "")


def parse_capital(text: str) -> Decimal:
    """The amount that capitals spell, with two decimals. Raises BadCapital with the first wrong character.

    Positions count from 1; an end that comes too early is one past the last character. Read as well: 人民币 in front,
    圆 for 元, 正 for 整, no 壹 before a leading 拾, and a 零 left out or put in where the rules leave the choice.
    """
    return _Reader(text).amount()


def _whole(number: int) -> str:
    return _joined(number, 10**8, "亿", _below_yi)


def _below_yi(number: int) -> str:
    return _joined(number, 10**4, "万", _section)


def _joined(number: int, size: int, unit: str, spell: Callable[[int], str]) -> str:
    """What stands above `unit`, the unit, and what stands below it, with 零 where the highest place below is empty."""
    above, below = divmod(number, size)
    if not above:
        return spell(below)
    zero = DIGITS[0] if 0 < below < size // 10 else ""
    return spell(above) + unit + zero + spell(below)


def _section(value: int) -> str:
    text = ""
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            text += DIGITS[digit] + _PLACES[place]
        elif text and not text.endswith(DIGITS[0]) and value % 10**place:
            text += DIGITS[0]
    return text


class _Reader:
    """Reads from left to right; every unit must be smaller than the one before it in its section."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = text.translate(_SAME)
        self.at = self.number_at = 0

    def amount(self) -> Decimal:
        self._skip("人民币")
        sign = -1 if self._skip("负") else 1
        self.number_at = self.at
        yuan = self._yuan()
        cents = 0
        has_yuan = self._skip("元")
        if not has_yuan:
            if "元" in self.plain:
                self._fail()
            yuan, self.at = 0, self.number_at
        if not self._skip("整"):
            cents = self._cents(after_yuan=has_yuan)
        if self.at < len(self.plain):
            self._fail()
        return Decimal(sign * (yuan * 100 + cents)).scaleb(-2)

    def _yuan(self) -> int:
        """The number before 元; 万 and 亿 multiply what stands before them."""
        start = self.at
        value = self._below_yi()
        if value and self._skip("亿"):
            value = value * 10**8 + self._below_yi()
        if self.at == start:
            self._fail()
        return value

    def _below_yi(self) -> int:
        value = self._below_wan()
        if value and self._skip("万"):
            value = value * 10**4 + self._below_wan()
        return value

    def _below_wan(self) -> int:
        value, limit = 0, 10_000
        begin = self.at
        while True:
            zero = self._skip(DIGITS[0])
            digit = self._digit()
            if digit is None and self.at == begin and self._next("拾"):
                digit = 1
            if digit is None:
                if zero and (value or begin != self.number_at):
                    self.at -= 1
                    self._fail()
                return value
            mark = self.at
            unit = next((10**place for place in (3, 2, 1) if self._skip(_PLACES[place])), 1)
            if unit >= limit:
                self.at = mark if unit > 1 else mark - 1
                self._fail()
            value += digit * unit
            limit = unit

    def _cents(self, *, after_yuan: bool) -> int:
        zero = self._skip(DIGITS[0])
        cents, digit = 0, self._digit()
        if digit is not None and self._skip("角"):
            cents = digit * 10
            if self._skip("整"):
                return cents
            digit = self._digit()
        if digit is not None:
            if not self._skip("分"):
                self._fail()
            return cents + digit
        if not cents and (zero or not after_yuan):
            self._fail()
        return cents

    def _digit(self) -> int | None:
        if self.at < len(self.plain) and (value := DIGITS.find(self.plain[self.at], 1)) > 0:
            self.at += 1
            return value
        return None

    def _next(self, word: str) -> bool:
        return self.plain.startswith(word, self.at)

    def _skip(self, word: str) -> bool:
        if not self._next(word):
            return False
        self.at += len(word)
        return True

    def _fail(self) -> None:
        raise BadCapital(position=self.at + 1, character=self.text[self.at : self.at + 1])

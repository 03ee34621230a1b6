"""PostgreSQL's own types for addresses: they sort as numbers and answer "contained in" from an index."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


class InetField(models.Field):
    """One IPv4 or IPv6 address, as text in Python."""

    def db_type(self, connection: Any) -> str:
        return "inet"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else str(value).split("/")[0]

    def to_python(self, value: Any) -> str | None:
        try:
            return None if value in (None, "") else str(ipaddress.ip_address(str(value).split("/")[0]))
        except ValueError:
            raise ValidationError(_("“%(found)s” is no IP address") % {"found": value}) from None

    def get_prep_value(self, value: Any) -> str | None:
        return self.to_python(value)


class CidrField(models.Field):
    """A prefix without host bits, as text in Python."""

    def db_type(self, connection: Any) -> str:
        return "cidr"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else str(value)

    def to_python(self, value: Any) -> str | None:
        try:
            return None if value in (None, "") else str(ipaddress.ip_network(str(value)))
        except ValueError:
            raise ValidationError(_("“%(found)s” is no prefix; write it like 10.1.2.0/24") % {"found": value}) from None

    def get_prep_value(self, value: Any) -> str | None:
        return self.to_python(value)


@InetField.register_lookup
@CidrField.register_lookup
class ContainedBy(models.Lookup):  # type: ignore[type-arg]
    """`<<=`: in the prefix, or the prefix itself."""

    lookup_name = "within"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} <<= {right}::inet", [*left_params, *right_params]


@CidrField.register_lookup
class Contains(models.Lookup):  # type: ignore[type-arg]
    """`>>=`: has the address or prefix in it."""

    lookup_name = "covers"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} >>= {right}::inet", [*left_params, *right_params]


class Place(models.Func):  # type: ignore[type-arg]
    """Where a prefix stands in the tree of its contract, as text that sorts: by routing domain, the common one first,
    then by address, parents before what lies in them. `Place("vrf", "prefix")`; never NULL, an index may hold it."""

    is_nullable = False
    output_field = models.CharField(max_length=60)

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:
        (vrf, first), (prefix, second) = (compiler.compile(each) for each in self.get_source_expressions())
        # What inet_send gives is four bytes of head, and then the address, most significant byte first.
        address = f"encode(substring(inet_send({prefix}::inet) FROM 5), 'hex')"
        length = f"lpad(masklen({prefix})::text, 3, '0')"
        domain = f"lpad(coalesce({vrf}, 0)::text, 19, '0')"
        text = f'({domain} || family({prefix})::text || {address} || {length}) COLLATE "C"'
        return f"({text})", [*first, *second, *second, *second]

"""The ledgers' records, by subject."""

from opspact.assets.models.asset import (
    Asset,
    Category,
    CategoryField,
    CodeCounter,
    CodeRule,
    Face,
    Lifecycle,
    MakeModel,
    Zone,
)
from opspact.assets.models.circuits import Carrier, Circuit
from opspact.assets.models.discovery import DiscoveryRun, Fact, Proposal
from opspact.assets.models.ipam import AddressRange, AddressRelease, IpAddress, Prefix, Sighting, Vlan, Vrf
from opspact.assets.models.places import Rack, Room
from opspact.assets.models.relations import Cable, Relation, RelationKind
from opspact.assets.models.software import Certificate, CloudResource, Database, Installation, Licence, Mailbox
from opspact.assets.models.spares import SpareMovement, SparePart
from opspact.assets.models.stocktaking import Stocktaking, StocktakingItem, StocktakingScan
from opspact.assets.models.terminals import AddressBook, Loan, Terminal, TerminalRepair

__all__ = [
    "AddressBook",
    "AddressRange",
    "AddressRelease",
    "Asset",
    "Cable",
    "Carrier",
    "Category",
    "CategoryField",
    "Certificate",
    "Circuit",
    "CloudResource",
    "CodeCounter",
    "CodeRule",
    "Database",
    "DiscoveryRun",
    "Face",
    "Fact",
    "Installation",
    "IpAddress",
    "Licence",
    "Lifecycle",
    "Loan",
    "Mailbox",
    "MakeModel",
    "Prefix",
    "Proposal",
    "Rack",
    "Relation",
    "RelationKind",
    "Room",
    "Sighting",
    "SpareMovement",
    "SparePart",
    "Stocktaking",
    "StocktakingItem",
    "StocktakingScan",
    "Terminal",
    "TerminalRepair",
    "Vlan",
    "Vrf",
    "Zone",
]

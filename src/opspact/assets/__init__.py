"""What the systems stand on: assets, addresses, circuits, terminals, machine rooms, software, spare parts."""

"""Sending ICMP echo requests (RFC 792, RFC 4443) as this machine allows: raw socket, ping socket, fping."""

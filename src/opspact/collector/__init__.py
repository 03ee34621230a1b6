"""The daemon that runs probes, keeps what it saw on disk, and ships it to the server. Nobody imports it."""

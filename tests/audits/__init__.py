"""Audits that need packages or services from the network. Run by `make audits`."""

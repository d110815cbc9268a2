"""The record for other tools: data packages, databases, exchange formats."""

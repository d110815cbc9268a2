"""Types of option values, as Typer understands them."""

from __future__ import annotations

IntOption = int | None
TextOption = str
Repeated = list[str]

"""The parts of Typer's own copy of Click that evcli needs: the one module that reaches for them.

Typer brings Click along as a private package since 0.26 and exports little of it. Checked with
Typer 0.27 and 0.28 (``pyproject.toml`` allows no other); a new release is tried here first.
"""

from __future__ import annotations

from typer._click import Command as Command
from typer._click import Context as Context
from typer._click import HelpFormatter as HelpFormatter
from typer._click import Parameter as Parameter
from typer._click.exceptions import ClickException as ClickException
from typer._click.exceptions import NoArgsIsHelpError as NoArgsIsHelpError
from typer._click.exceptions import NoSuchOption as NoSuchOption

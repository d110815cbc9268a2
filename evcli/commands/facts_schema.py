"""``evcli facts schema``."""

from __future__ import annotations

from evcli.commands.making import command
from evcli.schema.fact_files import fact_file_schema_text


@command("schema", examples=("evcli facts schema > my-facts/facts.schema.json",))
def schema() -> None:
    """The JSON Schema of fact files, by which editors complete and check while one types.

    Keep it beside your fact files: those that evcli facts new writes begin with the line by which
    an editor with a YAML language server finds it.
    """
    from evcli.render.output import Output

    Output().write([fact_file_schema_text()])

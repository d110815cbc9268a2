"""``evcli mcp``: the questions of evcli for agents, by the Model Context Protocol on stdio.

What is offered stands in ``mcp.toml``. A call is a command line, answered as by
:mod:`evcli.commands.inside`, whose words stand behind ``--``: none of them is an option, so that
nothing that an agent says names a file.
"""

import json
import shlex
import signal
import sys
import threading
import tomllib
from _thread import interrupt_main
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcli.commands.app import COMMANDS
from evcli.commands.factory import command
from evcli.commands.inside import allowed, error_object, object_of, run_inside
from evcli.commands.options import Output, Packs, as_typed
from evcli.commands.session import Taken, keeping_open, kept_open, opened
from evcli.diagnostics import Diagnostics
from evcli.errors import UsageError
from evcli.render import Options, render
from evcli.render.machine import Json, object_line
from evcli.terminal import is_terminal
from evcli.text.lists import counted
from evcli.version import __version__

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

MOST_ROWS, LARGEST, LONGEST = 100, 100_000, 8_000  # signs of a reply as data, and as text
SECONDS = 20
_SENTENCES = 3
# which nobody else waits for; Windows lacks the first
_ALARM = signal.Signals[next(e for e in ("SIGALRM", "SIGBREAK") if hasattr(signal, e))]
_ANSWERS = (0, 1, 4)  # exit codes: a refusal is an answer, too


@command(refuses=("vintage", "include_deprecated"))
def mcp(*, packs: Packs) -> None:
    """Answer agents by the Model Context Protocol, on standard input and output."""
    with keeping_open():
        server = _server(packs)
        if is_terminal(sys.stdin):
            hint = "this waits for a program that speaks MCP; add the command to your assistant"
            Diagnostics().hint(f"{hint} (Ctrl-C ends)")
        server.run("stdio")


def _server(packs: Packs) -> "MCPServer":
    """The server with its tools and resources, once the fact files could be read."""
    try:
        from jsonschema import Draft202012Validator
        from mcp import MCPError, types
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.resources import Resource, TextResource
    except ImportError:
        raise UsageError(
            "evcli mcp needs the SDK of the protocol", 'pip install "evcli[mcp]"'
        ) from None
    from evcli.publish.contents import definitions_of
    from evcli.publish.references import RIGHTS
    from evcli.store.history import record_name

    with opened(packs, Output(quiet=True).settled()) as source:
        record = record_name(source.store)
        about = object_line({"evcli": __version__, "record": record, "terms": RIGHTS})
        texts = {"record": about, "definitions": object_line(definitions_of(source.words))}
    offer = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    tools = {
        name: types.Tool(
            name=name,
            description=tool["description"],
            input_schema={
                "type": "object",
                "properties": {each: offer["arguments"][each] for each in tool["takes"]},
                "required": [] if tool.get("optional") else tool["takes"][:1],
                "additionalProperties": False,
            },
            output_schema=offer["reply"],
            annotations=types.ToolAnnotations(read_only_hint=True, open_world_hint=False),
        )
        for name, tool in offer["tools"].items()
    }

    class Desk(MCPServer):
        async def list_tools(self) -> list[types.Tool]:
            return [*tools.values()]

        async def call_tool(
            self, name: str, arguments: dict[str, Any], context: object = None
        ) -> types.CallToolResult:
            if name not in tools:
                raise MCPError(types.INVALID_PARAMS, f"there is no tool {name!r}")
            for wrong in Draft202012Validator(tools[name].input_schema).iter_errors(arguments):
                limit = f"{wrong.json_path}: {wrong.validator} is {wrong.validator_value}"
                raise MCPError(types.INVALID_PARAMS, limit)
            words, *options = offer["tools"][name]["takes"]
            given = {each: arguments[each] for each in options if each in arguments}
            command = offer["tools"][name].get("command", name)
            asked = command, arguments.get(words, ""), given, as_typed(packs)
            reply, text = answered(*asked, record)
            return types.CallToolResult(
                content=[types.TextContent(type="text", text=text)],
                structured_content=reply,
                is_error=reply["exit"] not in _ANSWERS,
            )

    said, kind = offer["resources"], "application/json"
    resources: list[Resource] = [
        TextResource(uri=f"evcli://{e}", name=e, description=said[e], text=text, mime_type=kind)
        for e, text in texts.items()
    ]
    instructions = offer["instructions"].strip()
    return Desk("evcli", instructions=instructions, version=__version__, resources=resources)


def answered(
    name: str, words: str, given: Mapping[str, Any], packs: Sequence[str], record: str
) -> tuple[dict[str, Any], str]:
    """What ``evcli NAME WORDS`` answers with the options *given*, as data and as people read it."""
    one = [words] if name == "claim" else words.strip(" ?!？").split()
    if name == "ask" and one and one[0] in COMMANDS:
        name, *one = one
    options = [
        f"--{option}" if value is True else f"--{option}={value}"
        for option, each in given.items()
        if (value := ",".join(each) if isinstance(each, list) else each)
    ]
    asked = shlex.join(["evcli", name, *options, *one])
    about: dict[str, Json] = {"asked": asked, "record": record}
    try:
        with _at_most(SECONDS):
            taken, code = run_inside([_allowed(name), *packs, *options, "--", *one])
            about["summary"] = said = _summary(taken)
            most = MOST_ROWS
            while len(line := object_line(about | object_of(taken, code, most))) > LARGEST and most:
                most //= 2
            table = "".join(render(taken.answer, Options(notes=True, sources=True, width=100)))
    except Exception as error:
        members = error_object(error)
        said = "; ".join(str(each) for each in (members["error"], members.get("hint")) if each)
        return json.loads(object_line(about | members | {"summary": said})), said
    text = "\n".join([said, *map("caution: {}".format, taken.answer.warnings), table])
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition("\n")[0] + "\n... and more, in the rows"
    return json.loads(line), text


def _allowed(name: str) -> str:
    if name not in allowed()["commands"]:
        hint = "ask for figures by name and period"
        raise UsageError(f"{name} is no question that agents may ask", hint)
    return name


def _summary(taken: Taken) -> str:
    """The answer in a line: a sentence for each of a few figures, else what it is about."""
    from evcli.publish.sentences import told

    answer, _, source = taken
    few = answer.rows if len(answer.rows) <= _SENTENCES else ()
    figures = list(filter(None, map(answer.figure, few)))
    if source and few and len(figures) == len(few):
        return " ".join(told(source, figures))
    rows = counted(len(answer.rows), "row") if answer.rows else answer.hint
    held = " ".join(str(row["wording"]) for row in few if row.get("wording"))  # of a claim
    return f"{answer.title}: {held or rows}".removeprefix(": ")


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Within it, in the main thread, a UsageError once it has taken longer."""

    def late(*_: object) -> None:
        (kept_open.get() or {}).clear()  # what is half read with them
        hint = "ask for fewer series, or for one period"
        raise UsageError(f"there was no answer within {seconds:g} seconds", hint)

    signal.signal(_ALARM, late)
    timer = threading.Timer(seconds, interrupt_main, [_ALARM])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(_ALARM, signal.SIG_IGN)

"""Makes docs/cli.md of the commands themselves: ``python docs/reference.py``.

What an option is called, takes and means is what ``--help`` prints of it. Options that commands
share are described once; a command names those it takes. A test holds the page to this.
"""

# annotations are real objects here: commands are made of them (see _shared)
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from evcli.commands.factory import Command, Context, Parameter

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cli.md"
INTRODUCTION = """\
# The command line

Every command, as `evcli COMMAND --help` prints it. This page is made from the commands by
`python docs/reference.py`, and a test holds it to them.

In a usage line CAPITALS stand for what you write, [brackets] for what can be left out, and `...`
for what can be repeated. The [shared options](#shared-options) mean the same for every command
that takes them; each command below lists only its own.
"""
OWN = ("Arguments", "Options")  # all other panels are groups of shared options


class Described(NamedTuple):
    """An argument or option as its help describes it."""

    panel: str
    name: str
    text: str

    @property
    def option(self) -> str:
        """Its long form alone.

        >>> [Described("", name, "").option for name in ("-q, --quiet", "--on DATE")]
        ['--quiet', '--on']
        """
        return self.name.split(", ")[-1].split()[0]


class Entry(NamedTuple):
    """A command, with the words that call it."""

    words: tuple[str, ...]
    command: "Command"
    context: "Context"

    @property
    def name(self) -> str:
        """How it is called: ``evcli facts lint``."""
        return " ".join(("evcli", *self.words))

    @property
    def _line(self) -> tuple[str, str, str]:
        parent = self.context.parent
        assert parent is not None
        return parent.command.table[self.words[-1]]  # type: ignore[attr-defined, no-any-return]

    @property
    def summary(self) -> str:
        """Its line in the overview."""
        return self._line[2]

    @property
    def heading(self) -> str:
        """The group in which the overview lists it."""
        return self._line[1]


def page() -> str:
    """All of docs/cli.md."""
    from evcli.commands.app import build

    root = build()
    top = Entry((), root, root.make_context("evcli", [], resilient_parsing=True))
    entries = list(_below(top))
    shared = _shared()
    return "\n".join(
        [
            INTRODUCTION,
            *_contents(entries),
            *_evcli(top),
            *_shared_sections(shared),
            *_commands(entries, shared),
            *_topics(),
        ]
    )


def _below(entry: Entry) -> Iterator[Entry]:
    """The commands of a group and, behind each that is a group, its own."""
    group: Any = entry.command
    for name in getattr(group, "list_commands", lambda _: ())(entry.context):
        found = group.get_command(entry.context, name)
        context = found.make_context(name, [], parent=entry.context, resilient_parsing=True)
        if not found.hidden:
            here = Entry((*entry.words, name), found, context)
            yield here
            yield from _below(here)


def _described(entry: Entry) -> list[Described]:
    """What a command takes, in the order of its help; --help, which all take, is left out."""
    found = []
    for parameter in entry.command.get_params(entry.context):
        record = parameter.get_help_record(entry.context)
        if record is not None and parameter.name != "help":
            panel = getattr(parameter, "rich_help_panel", None) or _plain_panel(parameter)
            found.append(Described(panel, record[0], record[1] + _repeated(parameter, record[1])))
    return found


def _plain_panel(parameter: "Parameter") -> str:
    return OWN[parameter.param_type_name != "argument"]


def _repeated(parameter: "Parameter", text: str) -> str:
    many = getattr(parameter, "multiple", False) and "repeated" not in text
    return " May be repeated." if many else ""


def _shared() -> Mapping[str, list[Described]]:
    """The shared options by group: those of a command that takes every group and refuses none."""
    from evcli.commands.factory import command
    from evcli.commands.options import Output, Packs, Select

    @command()
    def every(*, select: Select, output: Output, packs: Packs) -> None:
        """Takes all shared options."""

    context = every("every").make_context("every", [], resilient_parsing=True)
    groups: dict[str, list[Described]] = {}
    for each in _described(Entry(("every",), context.command, context)):
        groups.setdefault(each.panel, []).append(each)
    return groups


def _contents(entries: Sequence[Entry]) -> Iterator[str]:
    yield "## Commands\n"
    for heading, members in _by_heading(entries).items():
        yield f"**{heading}**\n"
        for entry in members:
            inner = "  " * (len(entry.words) - 1)
            yield f"{inner}- {_link(entry.name)}: {_prose(entry.summary)}"
        yield ""


def _by_heading(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Commands under the headings of the overview; a group's own stay beside it."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        heading = entry.heading if len(entry.words) == 1 else next(reversed(groups))
        groups.setdefault(heading, []).append(entry)
    return groups


def _evcli(top: Entry) -> Iterator[str]:
    yield "## evcli itself\n"
    yield _prose(top.command.help or "") + "\n"
    yield "Without a command it shows questions that can be asked, and the command for each.\n"
    yield from _examples(top)
    yield from _table("option", _described(top))
    yield "Every command also takes `-h`, `--help`: examples first, then what stands here.\n"


def _shared_sections(shared: Mapping[str, list[Described]]) -> Iterator[str]:
    yield "## Shared options\n"
    for group, options in shared.items():
        yield f"### {group}\n"
        yield from _table("option", options)


def _commands(entries: Sequence[Entry], shared: Mapping[str, list[Described]]) -> Iterator[str]:
    for heading, members in _by_heading(entries).items():
        yield f"## {heading}\n"
        for entry in members:
            yield from _section(entry, shared)


def _section(entry: Entry, shared: Mapping[str, list[Described]]) -> Iterator[str]:
    described = _described(entry)
    common = {each for group in shared.values() for each in group}
    own = [each for each in described if each not in common]
    yield f"{'#' * (len(entry.words) + 2)} {entry.name}\n"
    usage = " ".join((entry.name, *entry.command.collect_usage_pieces(entry.context)))
    yield f"```text\n{usage}\n```\n"
    yield _prose(entry.command.help or "") + "\n"
    yield from _examples(entry)
    yield from _table("argument", [each for each in own if each.panel == "Arguments"])
    yield from _table("option", [each for each in own if each.panel != "Arguments"])
    yield from _takes(described, own, shared)
    codes = sorted(set(re.findall(r"\(exit (\d+)\)", " ".join(_said(entry, own)))), key=int)
    if codes:
        yield f"[Exit codes](#exit-codes) of its own, as described above: {', '.join(codes)}.\n"


def _said(entry: Entry, own: Sequence[Described]) -> list[str]:
    return [entry.command.help or "", *(each.text for each in own)]


def _takes(
    described: Sequence[Described], own: Sequence[Described], shared: Mapping[str, list[Described]]
) -> Iterator[str]:
    """One line per group of shared options: all of it, all but a few, or a few."""
    groups = []
    redefined = {each.option for each in own}
    for group, options in shared.items():
        taken = [each for each in options if each in described]
        lacking = [
            each for each in options if each not in described and each.option not in redefined
        ]
        if taken:
            link = _link(group)
            if not lacking:
                groups.append(link)
            elif len(lacking) < len(taken):
                groups.append(f"{link} without {_listed(lacking)}")
            else:
                groups.append(f"of {link} {_listed(taken)}")
    if groups:
        yield f"Shared options: {'; '.join(groups)}.\n"


def _listed(options: Sequence[Described]) -> str:
    names = [f"`{each.option}`" for each in options]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _examples(entry: Entry) -> Iterator[str]:
    from evcli.commands.factory import lines_on

    examples = map(str.strip, lines_on(entry.name).splitlines())
    yield "\n".join(["```sh", *examples, "```\n"])


def _table(head: str, rows: Sequence[Described]) -> Iterator[str]:
    if rows:
        yield f"| {head} | |"
        yield "| --- | --- |"
        for row in rows:
            yield f"| {_cell(f'`{row.name}`')} | {_cell(_prose(row.text))} |"
        yield ""


def _topics() -> Iterator[str]:
    from evcli.commands.help import TOPICS, topic_text

    yield "## Topics\n"
    yield "What all commands share, as `evcli help TOPIC` prints it.\n"
    for topic in TOPICS:
        title, _, text = topic_text(topic).partition("\n")
        yield f"### {topic.replace('-', ' ').capitalize()}\n"
        yield _prose(title.partition(": ")[2].capitalize()) + ":\n"
        yield "```text\n" + text.strip("\n") + "\n```\n"


def _link(name: str) -> str:
    return f"[{name}](#{_anchor(name)})"


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _cell(text: str) -> str:
    r"""*text* in one cell of a table.

    >>> _cell("`--base PERIOD|SERIES@PERIOD`")
    '`--base PERIOD\\|SERIES@PERIOD`'
    """
    return re.sub(r"\s+", " ", text).replace("|", r"\|").strip()


def _prose(text: str) -> str:
    r"""Plain text as Markdown: options and variables as code, nothing read as markup.

    >>> _prose("With --strict, * and <angle brackets> (also EVCLI_FACTS)")
    'With `--strict`, \\* and &lt;angle brackets> (also `EVCLI_FACTS`)'
    """
    text = re.sub(r"([*\[\]])", r"\\\1", text).replace("<", "&lt;")
    return re.sub(r"(?<![\w-])(--[a-z][a-z-]*|EVCLI_[A-Z]+)", r"`\1`", text)


def main() -> int:
    """Write the page anew; its name on stdout if it has changed."""
    sys.path.insert(0, str(ROOT))
    new = page()
    if not PAGE.exists() or PAGE.read_text("utf-8") != new:
        PAGE.write_text(new, "utf-8", newline="\n")
        sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

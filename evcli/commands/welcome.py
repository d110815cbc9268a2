"""``evcli --version``, which is answered before anything of Typer is imported."""


def version_text() -> str:
    """The version, and a line on the record, left out where the packs cannot be read."""
    import os
    from contextlib import suppress

    from evcli.errors import EvcliError
    from evcli.store import open_store, pack_choice
    from evcli.store.history import record_name
    from evcli.version import __version__

    lines = [f"evcli {__version__}"]
    choice = pack_choice((), False, os.environ)
    with suppress(EvcliError), open_store(choice, environ=os.environ) as store:
        newest = f", newest figure {store.newest_figure}" if store.newest_figure else ""
        lines.append(f"{record_name(store)}{newest}")
    return "".join(f"{line}\n" for line in lines)

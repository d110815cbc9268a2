"""The whole record as a package, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from evcli.publish.contents import Contents, contents
from evcli.publish.formats import FORMATS
from evcli.publish.package import write_package
from evcli.query.figures import FigureSource
from evcli.query.selection import Wanted
from evcli.store import open_store, pack_choice
from evcli.store.reader import Store


@pytest.fixture(scope="session")
def record() -> Store:
    """The built-in record."""
    return open_store(pack_choice([], False, {}))


def everything(store: Store) -> Contents:
    """All that a store holds."""
    series = store.series(store.all_series_ids())
    return contents(FigureSource(store), series, Wanted(), selection="")


@pytest.fixture(scope="session")
def whole(record: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the package of the whole record, in every format."""
    pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("packages") / "whole"
    write_package(folder, everything(record), record.vocabulary, FORMATS)
    return folder

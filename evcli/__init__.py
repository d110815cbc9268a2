"""evcli: figures on China's vehicle exports that you can defend.

>>> import evcli
>>> with evcli.open() as data:
...     data.get("cn.exports.nev.caam", period="2025-05")[0].bounds
Bounds(211500, 212500)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evcli.version import __version__

if TYPE_CHECKING:
    from evcli.dataset import Dataset
    from evcli.dataset import open_dataset as open

__all__ = ["Dataset", "__version__", "open"]


if not TYPE_CHECKING:  # a type checker knows the names above, and should know no others

    def __getattr__(name: str) -> Any:
        # a command that prints one number must not pay for the whole API
        if name in ("Dataset", "open"):
            from evcli import dataset

            return dataset.Dataset if name == "Dataset" else dataset.open_dataset
        raise AttributeError(f"module 'evcli' has no attribute {name!r}")

"""Lists of codes: countries (ISO 3166-1), currencies (ISO 4217), continents (UN M49).

>>> len(COUNTRIES), COUNTRIES["HU"]
(249, 'Hungary')

They say which countries a plain ``europe`` or ``asia`` means where places are listed. Figures are
never compared or added up by them: what a publisher calls Europe is its own, and often another.

>>> "HU" in CONTINENTS["europe"], "RU" in CONTINENTS["europe"], "TR" in CONTINENTS["asia"]
(True, True, True)
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

_CODES = tomllib.loads((Path(__file__).parent / "codes.toml").read_text("utf-8"))
COUNTRIES: Final = {
    each[:2]: each[3:] for each in " ".join(_CODES["countries"].split()).rstrip(";").split("; ")
}
CURRENCIES: Final = frozenset(_CODES["currencies"].split())
CONTINENTS: Final = {name: frozenset(codes.split()) for name, codes in _CODES["continents"].items()}

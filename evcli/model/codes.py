"""Lists of codes: countries (ISO 3166-1, and Kosovo), currencies (ISO 4217), continents (UN M49).

>>> len(COUNTRIES), COUNTRIES["HU"]
(250, 'Hungary')

They say which countries a plain ``europe`` or ``asia`` means where places are listed. Figures are
never compared or added up by them: what a publisher calls Europe is its own, and often another.

>>> "HU" in CONTINENTS["europe"], "RU" in CONTINENTS["europe"], "TR" in CONTINENTS["asia"]
(True, True, True)
"""

import tomllib
from pathlib import Path
from typing import Final

_CODES = tomllib.loads((Path(__file__).parent / "codes.toml").read_text("utf-8"))


def _by_code(text: str) -> dict[str, str]:
    return {each[:2]: each[3:] for each in " ".join(text.split()).rstrip(";").split("; ")}


COUNTRIES: Final = _by_code(_CODES["countries"])
# how else people call them: Chinese names, usual short ones, abbreviations
_OTHERS = _by_code(_CODES["other_names"])
OTHER_NAMES: Final = {code: tuple(names.split(", ")) for code, names in _OTHERS.items()}
ALPHA3: Final = {three: code for code, three in _by_code(_CODES["alpha3"]).items()}
CURRENCIES: Final = frozenset(_CODES["currencies"].split())
BORDERS: Final[dict[str, str]] = _CODES["borders"]  # what surprises about those of continents
CONTINENTS: Final = {name: frozenset(codes.split()) for name, codes in _CODES["continents"].items()}

"""Continents as the United Nations draw them (M49), by ISO 3166-1 alpha-2 code.

They say which countries a plain ``europe`` or ``asia`` means where places are listed. Figures are
never compared or added up by them: what a publisher calls Europe is its own, and often another.

>>> "HU" in CONTINENTS["europe"], "RU" in CONTINENTS["europe"], "TR" in CONTINENTS["asia"]
(True, True, True)
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_CODES = {
    "africa": """
        AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA
        MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW
        """,
    "americas": """
        AG AI AR AW BB BL BM BO BQ BR BS BV BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GS GT GY
        HN HT JM KN KY LC MF MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI
        """,
    "asia": """
        AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN
        MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR UZ VN YE
        """,
    "europe": """
        AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT
        LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA
        """,
    "oceania": """
        AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS
        """,
}
CONTINENTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {name: frozenset(codes.split()) for name, codes in _CODES.items()}
)

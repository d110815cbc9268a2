"""Answers and figures as notebooks show them and other libraries take them.

>>> import evcli
>>> with evcli.open() as data:
...     table = data.compare("byd chery 2025")
>>> table
<AnswerTable of 2 rows: Overseas sales · all vehicles · makers' own counts · 2025>
>>> table.frame()["value"].tolist()
[1046083.0, 1344020.0]
"""

from typing import TYPE_CHECKING

from evcli.model.answer import Answer
from evcli.text.lists import counted

if TYPE_CHECKING:
    import pandas as pd


class AnswerTable:
    """The rows of an answer; ``print`` shows them as the command does, a notebook as a table.

    ``rows`` are mappings, ``columns`` say what the fields of ``--format json`` hold; ``title``,
    ``notes`` and ``warnings`` are as the command prints them, ``answer`` has the rest.
    Whatever reads Arrow streams takes it as it is: ``polars.DataFrame(table)``, and DuckDB by the
    name of the variable, ``duckdb.sql("SELECT id, value FROM exports")``.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.columns, self.rows, self.title = answer.columns, answer.rows, answer.title
        self.notes, self.warnings = answer.notes, answer.warnings

    def __repr__(self) -> str:
        title = f": {self.title}" if self.title else ""
        return f"<AnswerTable of {counted(len(self.rows), 'row')}{title}>"

    def __str__(self) -> str:
        from evcli.render import Options, render

        return "".join(render(self.answer, Options()))

    def _repr_html_(self) -> str:
        from evcli.render.report.pages import table_alone

        return table_alone(self.answer)

    def frame(self) -> "pd.DataFrame":
        """The rows for pandas: numbers are ``Float64``, an open end or unknown value ``<NA>``."""
        from evcli.frame import frame_of

        return frame_of(self.columns, self.rows)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows for whatever takes Arrow streams: Polars, DuckDB, pyarrow."""
        from evcli.frame import arrow_of

        return arrow_of(self.columns, self.rows).__arrow_c_stream__(requested_schema)

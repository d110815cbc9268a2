"""Where the record says something else than a row of the research tables, on purpose, and why.

By table; then the line in its file and what differs: value, growth, period (of a plant fact: the
date of what is told; of a measure or event: its day), status, start, capacity, rate.
"""

from __future__ import annotations

_YEAR_END = "the table writes 'end of the year' as December; the page names no month"
_SIXTY_DAYS = "the day of the decree; the ministry applies it 60 days later"
_HALF = "the page says the second half of the year"

CORRECTIONS: dict[str, dict[tuple[int, str], str]] = {
    "exports_national": {
        (377, "growth"): "the table has it as a change on the month; the page says on the year",
    },
    "makers_destinations": {
        (594, "growth"): "the growth printed is that of January to July; told in a note",
        (613, "growth"): "260 % is the page's reading of 2.6 times; told in a note",
        (1090, "growth"): "the growth is eleven months against a whole year; told in a note",
        (1247, "period"): "so far this year on 24 October: a window of days",
        (1266, "period"): "a sum since the port opened, as of 28 September 2023",
    },
    "investment": {
        (108, "value"): "'more than a third' stands as written: it begins at 33.3, not at 33",
    },
    "plants": {
        (15, "start"): _YEAR_END,
        (17, "start"): _YEAR_END,
        (19, "period"): "the page is of 3 January 2025 and dates this investment to October 2024",
        (20, "period"): "the page is of 3 January 2025 and dates this investment to 2024",
        (50, "status"): "announced in Ankara, then denied by the maker: nothing to cancel",
        (51, "start"): "the page tells of the stop, not of the year of the start",
        (57, "capacity"): "9,600 a year is computed; the page prints 800 a month",
        (70, "start"): _HALF,
        (71, "start"): _YEAR_END,
        (72, "start"): _YEAR_END,
        (73, "start"): _YEAR_END,
        (77, "status"): "paused, says the page",
        (88, "capacity"): "18 GWh is a sum; the page prints 6 and 12 for two stages",
        (96, "start"): _YEAR_END,
        (104, "start"): _YEAR_END,
        (106, "start"): "March or April 2026",
        (106, "status"): "the page has the start in spring and no delay",
        (107, "start"): _YEAR_END,
        (113, "status"): "the page announces the park, complete in 2026; nobody builds yet",
        (117, "start"): _HALF,
        (118, "status"): "announced, and denied by both makers",
        (119, "start"): _HALF,
        (122, "period"): "the table has no date; the page tells of February 2025",
        (126, "start"): _HALF,
        (135, "start"): _YEAR_END,
        (140, "start"): _YEAR_END,
        (143, "status"): "an investment in a plant that runs",
        (144, "period"): "the table has no date; the page tells of July 2024",
        (146, "status"): "the page tells that a running plant grows",
        (148, "status"): "trial production, as the mayor says; deprecated",
        (156, "status"): "trial production, says the page",
    },
    "policy": {
        (47, "period"): "published on 25 February, in force from 1 March 2026",
        (54, "period"): _SIXTY_DAYS,
        (55, "period"): _SIXTY_DAYS,
        (56, "period"): _SIXTY_DAYS,
        (57, "period"): _SIXTY_DAYS,
        (57, "url"): "another page, which prints the day",
        (71, "period"): "an event of the day it was reported; the duty is of January 2027",
        (74, "period"): "the month in which the quota ended; it began in August 2025",
        (91, "period"): "an event of the day it was decided; the tax is of January 2026",
        (99, "period"): "suspended the day before 8 November 2025, when it would have begun",
        (102, "period"): "the day on which it ended; it began in February 2024",
        (111, "period"): "announced on 9 October 2025, in force from January 2026",
    },
    "update_2026": {
        (34, "value"): "27.78 million is a misprint of the page: deprecated beside 2.778 million",
        (81, "period"): "the page dates the share only by 15 months after the entry",
        (274, "period"): "a sum by the end of 2017; the table writes from when it counts",
        (288, "value"): "the page also says more than 100; both are entered",
    },
    "update_2026_plants": {
        (2, "start"): "vehicles are counted since October; no start of production is told",
        (14, "start"): "the row has it from another page, which has a row of its own",
    },
    "update_2026_policy": {
        (21, "period"): "in force on the day of the page; its first day is not known",
    },
}

"""Trade measures and plants of the built-in record, against what its pages print.

The duties of the EU are those of Regulation (EU) 2024/2754; the days are those of the notices.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

import evcli
from evcli.dataset import Dataset
from evcli.query.figures import Figures
from evcli.query.plants import plants_answer
from evcli.query.policy import measures_answer
from evcli.query.selection import Query, Where


@pytest.fixture(scope="module")
def record() -> Iterator[Dataset]:
    with evcli.open() as data:
        yield data


def in_force(record: Dataset, day: str, *jurisdictions: str) -> dict[str, Fraction | None]:
    """The rates in force on a day, by measure."""
    wanted = Query(Where(destinations=jurisdictions))
    answer = measures_answer(Figures(record.store), wanted, on=date.fromisoformat(day))
    return {str(row["id"]): row["rate"] for row in answer.rows}  # type: ignore[misc]


def test_the_duty_of_the_eu_by_maker(record: Dataset) -> None:
    definitive = {
        "byd": "17.0",
        "geely": "18.8",
        "saic": "35.3",
        "tesla": "7.8",
        "cooperating": "20.7",
        "non-cooperating": "35.3",
    }
    assert in_force(record, "2026-03-01", "EU") == {
        **{f"eu.cvd.definitive.{who}": Fraction(rate) for who, rate in definitive.items()},
        "eu.undertaking.tavascan": 0,
    }
    provisional = {
        "byd": "17.4",
        "geely": "19.9",
        "saic": "37.6",
        "cooperating": "20.8",
        "non-cooperating": "37.6",
    }
    # neither the draft of 20 August nor the rates told to the makers in June were ever in force
    assert in_force(record, "2024-09-01", "EU") == {
        f"eu.cvd.provisional.{who}": Fraction(rate) for who, rate in provisional.items()
    }
    assert in_force(record, "2024-07-04", "EU") == {}


@pytest.mark.parametrize(
    ("day", "byd", "saic"),
    [
        ("2024-07-04", None, None),  # told on 12 June, and not yet law
        ("2024-07-05", "17.4", "37.6"),  # Regulation (EU) 2024/1866, article 1, applies
        ("2024-10-29", "17.4", "37.6"),
        ("2024-10-30", "17.0", "35.3"),  # Regulation (EU) 2024/2754, article 1, for five years
        ("2029-10-30", None, None),
    ],
)
def test_the_duties_of_byd_and_saic(
    record: Dataset, day: str, byd: str | None, saic: str | None
) -> None:
    rates = in_force(record, day, "EU")
    found = {id_.rpartition(".")[2]: rate for id_, rate in rates.items() if "cvd" in id_}
    expected = (byd and Fraction(byd), saic and Fraction(saic))
    assert (found.get("byd"), found.get("saic")) == expected


def test_the_four_sets_of_rates_stand_one_after_the_other(record: Dataset) -> None:
    wanted = Query(Where(destinations=("EU",)))
    rows = measures_answer(Figures(record.store), wanted, history=True).rows
    stages = [row["stage"] for row in rows]
    assert list(dict.fromkeys(stages)) == [
        "pre-disclosed",
        "provisional",
        "draft",
        "definitive",
        "adopted",
        "proposed",
    ]
    assert [stages.count(stage) for stage in dict.fromkeys(stages)] == [5, 5, 6, 6, 1, 2]
    names = [row["subject"] for row in rows if row["stage"] == "definitive"]
    assert names == ["byd", "geely", "saic", "tesla-shanghai", "", ""]


def test_old_rates_whose_first_day_is_not_known(record: Dataset) -> None:
    rates = in_force(record, "2024-08-01")
    assert rates["us.s301.ev.before"] == 25
    assert rates["us.s301.ev-battery.before"] == Fraction("7.5")
    assert rates["cn.vat-rebate.battery.before"] == 13
    assert "us.s301.ev" not in rates  # 100 % from 27 September
    assert in_force(record, "2024-09-27", "US")["us.s301.ev"] == 100


def test_the_export_licence_began_in_2026(record: Dataset) -> None:
    """The notice is of 26 September 2025; seed-003 takes it for the day of entry into force."""
    licence = "cn.export-licence.bev-passenger.2026"
    for day in ("2025-09-27", "2025-12-31"):
        assert not [id_ for id_ in in_force(record, day, "CN") if "export-licence" in id_]
    assert licence in in_force(record, "2026-01-01", "CN")


def test_announcement_58_was_never_in_force(record: Dataset) -> None:
    assert "cn.export-control.battery" not in in_force(record, "2025-11-08", "CN")


def test_a_quota_leaves_the_surtax_in_force(record: Dataset) -> None:
    rates = in_force(record, "2026-03-01", "CA")
    assert rates["ca.surtax.ev"] == 100
    assert rates["ca.trq.ev"] == Fraction("6.1")


def plants_in(record: Dataset, *places: str, who: tuple[str, ...] = ()) -> list[dict[str, object]]:
    where = Where.resolve(record.store, destination=places, subject=who)
    return list(plants_answer(Figures(record.store), Query(where)).rows)  # type: ignore[arg-type]


def test_plants_of_a_region(record: Dataset) -> None:
    everywhere = {row["id"] for row in plants_in(record)}
    europe = {row["id"] for row in plants_in(record, "europe")}
    assert {"byd.szeged", "catl.arnstadt", "envision.sunderland-2", "great-wall.tula"} <= europe
    assert {"byd.manisa", "byd.rayong", "byd.jizzakh"} <= everywhere - europe
    union = {row["id"] for row in plants_in(record, "EU")}
    # outside the Union stand the two of Sunderland and Tula
    assert europe - union == {"envision.sunderland-1", "envision.sunderland-2", "great-wall.tula"}
    assert {row["id"] for row in plants_in(record, "europe28")} == europe - {"great-wall.tula"}
    south_east = {row["country"] for row in plants_in(record, "southeast-asia")}
    assert south_east == {"ID", "KH", "MY", "TH", "VN"}


def test_every_plant_in_europe_has_a_status_and_every_row_is_short(record: Dataset) -> None:
    for row in plants_in(record, "europe"):
        assert row["status"]
        assert row["sources"]
        assert len(str(row["note"])) < 700
    (szeged,) = plants_in(record, "HU", who=("byd",))
    assert (szeged["status"], szeged["as_of"], szeged["start"]) == (
        "under-construction",
        "2026-02-06",
        "2026-Q2",
    )
    assert szeged["capacity"] == 150_000
    # of many pages with plans, the final stage is told once, and the trial still to come
    assert str(szeged["note"]).count("300,000") == 1
    assert str(szeged["note"]).count("planned: trial") == 1
    assert "200,000" not in str(szeged["note"])


def test_the_newest_start_of_debrecen(record: Dataset) -> None:
    """A page of December 2025 says March or April 2026, one of 5 December only 2026."""
    (catl,) = plants_in(record, "HU", who=("catl",))
    assert (catl["status"], catl["start"]) == ("delayed", "2026-03/2026-04")


def test_cities_that_the_first_description_lacks(record: Dataset) -> None:
    cities = {row["id"]: row["city"] for row in plants_in(record)}
    assert cities["byd.rayong"] == "Rayong"
    assert cities["byd.camacari"] == "Camaçari"
    assert cities["catl.arnstadt"] == "Arnstadt"


def test_a_maker_finds_its_joint_ventures(record: Dataset) -> None:
    assert "sgmw.bekasi" in {row["id"] for row in plants_in(record, who=("saic",))}
    stellantis = {row["id"] for row in plants_in(record, who=("stellantis",))}
    assert stellantis == {"leapmotor.tychy", "leapmotor.zaragoza", "catl.zaragoza"}


def test_no_two_plants_look_the_same(record: Dataset) -> None:
    rows = plants_in(record)
    seen = {(row["makers"], row["where"]) for row in rows}
    assert len(seen) == len(rows)

"""A small market of its own: every number in the tests of this folder is worked out from here."""

from __future__ import annotations

MARKET = """\
vocabulary:
  subjects:
    - {id: alfa, name: Alfa Cars, kind: maker, aliases: [阿尔法]}
    - {id: bravo, name: Bravo Motor, kind: group}
    - {id: bravo-star, name: Bravo Star, kind: brand, part_of: [bravo]}
    - {id: cargo, name: Cargo Works, kind: maker}
  publishers:
    - {id: bureau, name: Bureau, precision: 1000}
    - {id: rival, name: Rival Counters, precision: 1000}
sources:
  - {id: year-book, title: Yearbook, outlet: Bureau, publisher: bureau, published: 2025-02-01}
  - {id: half-year, title: Half-year release, outlet: Bureau, publisher: bureau,
     published: 2025-08-10}
  - {id: leaflet, title: A leaflet without a date, outlet: Paper}
series:
  - id: m.exports.all
    title: All vehicles
    subject: CN
    metric: exports
    scope: all
    unit: vehicles
    publisher: bureau
    facts:
      - {period: 2024, stated: "1,200,000", source: year-book, at: p1}
      - {period: 2024-H1, stated: "500,000", source: year-book, at: p2}
      - {period: 2025-H1, stated: "650,000", source: half-year, at: p1}
      - {period: 2025-05, stated: "110,000", source: half-year, at: p2}
      - {period: 2025-06, stated: "120,000", source: half-year, at: p2}
      - {period: 2026, stated: "2,000,000", status: forecast, source: half-year, at: p9}
      - {period: 2023, stated: "900,000", source: leaflet, at: p1}
      - {period: 2022, stated: "9,000", source: leaflet, at: p2, rank: deprecated,
         reason: a digit is missing}
  - id: m.exports.nev
    title: New-energy vehicles
    subject: CN
    metric: exports
    scope: nev
    unit: vehicles
    publisher: bureau
    facts:
      - {period: 2024, stated: "300,000", source: year-book, at: p1}
      - {period: 2025-H1, stated: "200,000", yoy: "+60%", source: half-year, at: p1}
  - id: m.exports.nev.rival
    title: New-energy vehicles, counted by the rival
    subject: CN
    metric: exports
    scope: nev
    unit: vehicles
    publisher: rival
    facts:
      - {period: 2024, stated: "310,000", source: leaflet, at: p3}
  - id: m.exports.all.to-hu
    title: All vehicles to Hungary
    subject: CN
    metric: exports
    scope: all
    destination: HU
    unit: vehicles
    publisher: bureau
    facts:
      - {period: 2024, stated: "24,000", source: year-book, at: p4}
  - id: m.alfa.sales
    title: Alfa overseas
    subject: alfa
    metric: overseas-sales
    scope: all
    unit: vehicles
    publisher: alfa
    facts:
      - {period: 2024, stated: "40,000", source: leaflet, at: p5}
      - {period: 2025, stated: "over 60,000", source: leaflet, at: p5}
  - id: m.bravo-star.sales
    title: Bravo Star overseas
    subject: bravo-star
    metric: overseas-sales
    scope: all
    unit: vehicles
    publisher: bravo
    facts:
      - {period: 2025, stated: "59,999", source: leaflet, at: p6}
  - id: m.cargo.sales
    title: Cargo overseas
    subject: cargo
    metric: overseas-sales
    scope: nev
    unit: vehicles
    publisher: cargo
    facts:
      - {period: 2025, stated: "61,000", yoy: "+10%", source: leaflet, at: p7}
"""
ALL, NEV, HU = "m.exports.all", "m.exports.nev", "m.exports.all.to-hu"

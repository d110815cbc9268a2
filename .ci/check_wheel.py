"""Say what is wrong with a wheel: python check_wheel.py WHEEL [SECOND-WHEEL]."""

import hashlib
import re
import sys
import zipfile
from pathlib import Path

LIMIT = 5 * 2**20
NEEDED = (
    "evcli/__main__.py",
    "evcli/model/codes.toml",
    "evcli/publish/figures.structure.xml",
    "evcli/publish/package_readme.md",
    "evcli/py.typed",
    "evcli/render/charts/templates.json",
    "evcli/render/report/page.html",
    "evcli/schema/facts.schema.json",
    "evcli/text/lexicon.toml",
    "evcli/_builtin/store.sqlite",
    "evcli/_builtin/facts/history.csv",
    "evcli/_builtin/facts/vocabulary.yaml",
    "evcli/_builtin/seeds/seed-000.yaml",
)


def problems(wheel: Path) -> list[str]:
    """What the wheel lacks or should not have."""
    names = zipfile.ZipFile(wheel).namelist()
    found = [f"{name} is missing" for name in NEEDED if name not in names]
    found += [
        f"{name} does not belong there"
        for name in names
        if not re.match(r"evcli/|evcli-[^/]+\.dist-info/", name) or "__pycache__" in name
    ]
    size = wheel.stat().st_size
    if size >= LIMIT:
        found.append(f"{size:,} bytes, more than {LIMIT:,}")
    return found


def differing(first: Path, second: Path) -> list[str]:
    """Members that are not the same in both wheels."""
    one, other = (
        {info.filename: hashlib.sha256(archive.read(info)).hexdigest() for info in infos}
        for archive in map(zipfile.ZipFile, (first, second))
        for infos in [archive.infolist()]
    )
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def main() -> int:
    """Print every problem; 1 if there are any."""
    wheels = [Path(name) for name in sys.argv[1:]]
    found = [f"{wheel}: {problem}" for wheel in wheels for problem in problems(wheel)]
    if len(wheels) > 1 and wheels[0].read_bytes() != wheels[1].read_bytes():
        which = ", ".join(differing(wheels[0], wheels[1])) or "only in times or order"
        found.append(f"the wheels are not the same, byte for byte: {which}")
    for line in found:
        print(line)
    print(f"{wheels[0].name}: {wheels[0].stat().st_size:,} bytes, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

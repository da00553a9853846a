"""Makes the population tables of openpeel.reference from published files; the rest are kept by hand.

Run from the root of the checkout: python scripts/make_reference.py [--sources ../shared/data] [--to FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path

# England and Wales by year, as first published.
PUBLISHED_TOTAL = {2020: 59_719_724, 2022: 60_238_038}

# Taken over by hand, with where from in its first lines.
DISTRICTS_2022 = Path(__file__).parent / "data" / "population_mid_2022_districts.csv"

# The population is of the districts of 2021, the lookup of those of 2024. These 17 were abolished on 1 April
# 2023, when Cumbria, North Yorkshire and Somerset became unitary. Their successors lie within the same force
# area, so each is given to the force it was in.
ABOLISHED_IN_2023 = {
    "E07000026": "E23000002",  # Allerdale: Cumbria
    "E07000027": "E23000002",  # Barrow-in-Furness
    "E07000028": "E23000002",  # Carlisle
    "E07000029": "E23000002",  # Copeland
    "E07000030": "E23000002",  # Eden
    "E07000031": "E23000002",  # South Lakeland
    "E07000163": "E23000009",  # Craven: North Yorkshire
    "E07000164": "E23000009",  # Hambleton
    "E07000165": "E23000009",  # Harrogate
    "E07000166": "E23000009",  # Richmondshire
    "E07000167": "E23000009",  # Ryedale
    "E07000168": "E23000009",  # Scarborough
    "E07000169": "E23000009",  # Selby
    "E07000187": "E23000036",  # Mendip: Avon and Somerset
    "E07000188": "E23000036",  # Sedgemoor
    "E07000189": "E23000036",  # South Somerset
    "E07000246": "E23000036",  # Somerset West and Taunton
}

CENSUS_GROUPS = {
    "Asian or Asian British": "asian",
    "Black or Black British": "black",
    "Mixed": "mixed",
    "Other Ethnic Group": "other",
    "White": "white",
}

POPULATION_2020_HEADER = """\
# source: Office for National Statistics, mid-year population estimates, mid-2020
# publisher: Office for National Statistics
# licence: Open Government Licence v3.0
# year: 2020
# made: by scripts/make_reference.py: the estimates for the 331 local authority districts of 2021, as first
#   published, added up by police force area with the ONS lookup from districts of 2024. The 17 districts
#   abolished in 2023 are not in it and are assigned in the script. The total is that of England and Wales,
#   {total:,}. City of London is in the data, with {city:,} residents.
"""

POPULATION_2022_HEADER = """\
# source: Office for National Statistics, mid-year population estimates, mid-2022
# publisher: Office for National Statistics
# licence: Open Government Licence v3.0
# year: 2022
# made: by scripts/make_reference.py: the estimates for the 318 local authority districts of 2023, as first
#   published, in scripts/data/population_mid_2022_districts.csv, added up by police force area with the ONS
#   lookup from districts of 2024, which are the same. The total is that of England and Wales, {total:,}.
#   City of London is in the data, with {city:,} residents.
"""

CENSUS_HEADER = """\
# source: Office for National Statistics, Census 2021
# publisher: Office for National Statistics
# licence: Open Government Licence v3.0
# year: 2021
# made: by scripts/make_reference.py from a custom table of residents by police force area and ethnic group.
#   An empty cell is unknown; {empty} cells are empty. City of London is in the data, as 'London, City of',
#   with {city:,} residents in all. The cells add up to {total:,}. 'White' includes Roma, for which the
#   police have no code.
"""

CITY_OF_LONDON = "E23000034"


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, which begins with its column names, or with comments and then those."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def write(header: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A shipped table: comment lines, column names, rows; lines end in a line feed on every system."""
    text = io.StringIO()
    text.write(header)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def force_of_district(lookup: list[dict[str, str]]) -> dict[str, str]:
    """The force code of each district of the lookup, which has a row for each partnership in a district."""
    force_of: dict[str, str] = {}
    for row in lookup:
        district, force = row["ltla24_code"], row["pfa24_code"]
        if force_of.setdefault(district, force) != force:
            sys.exit(f"expected {district} in one force area, got {force_of[district]} and {force}")
    return force_of


def population_mid_2020(sources: Path) -> str:
    """The table of residents of each force area at mid-2020."""
    rows = read(sources / "lookups" / "population20_ltla21.csv")
    districts = {row["ltla21_code"]: int(row["total_population"]) for row in rows}
    return population_table(2020, districts, ABOLISHED_IN_2023, POPULATION_2020_HEADER, sources)


def population_mid_2022(sources: Path) -> str:
    """The table of residents of each force area at mid-2022."""
    districts = {row["code"]: int(row["population"]) for row in read(DISTRICTS_2022)}
    return population_table(2022, districts, {}, POPULATION_2022_HEADER, sources)


def population_table(
    year: int, districts: dict[str, int], abolished: dict[str, str], header: str, sources: Path
) -> str:
    """The people of the districts added up by force area; `abolished` are districts that the lookup lacks."""
    force_of = force_of_district(read(sources / "lookups" / "lookup_ltla24_csp24_pfa24.csv")) | abolished
    population: dict[str, int] = {}
    for district, people in districts.items():
        force = force_of.get(district)
        if force is None:
            sys.exit(f"expected a force area for every district, got none for {district}")
        population[force] = population.get(force, 0) + people
    total = sum(population.values())
    if total != PUBLISHED_TOTAL[year]:
        sys.exit(f"expected {PUBLISHED_TOTAL[year]:,} people in England and Wales in {year}, got {total:,}")
    said = header.format(total=total, city=population[CITY_OF_LONDON])
    return write(said, ["code", "population"], sorted(population.items()))


def census_2021_ethnicity(sources: Path) -> str:
    """The table of residents of each force area and ethnic group at the 2021 Census."""
    counts: dict[str, dict[str, int | None]] = {}
    for row in read(sources / "census" / "population-by-force-by-ethnicity.csv"):
        if row["Census Year"] == "2021":
            cell = row["Population"].strip().replace(",", "")
            counts.setdefault(row["Geocode"], {})[CENSUS_GROUPS[row["Self-defined ethnicity"]]] = (
                int(cell) if cell else None
            )
    groups = sorted(CENSUS_GROUPS.values())
    cells = [counts[code].get(group) for code in counts for group in groups]
    header = CENSUS_HEADER.format(
        total=sum(cell for cell in cells if cell is not None),
        empty=cells.count(None) or "no",
        city=sum(count or 0 for count in counts[CITY_OF_LONDON].values()),
    )
    rows = ([code, *(counts[code].get(group) for group in groups)] for code in sorted(counts))
    return write(header, ["code", *groups], rows)


def main() -> None:
    """Write the tables."""
    root = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sources", type=Path, default=root.parent / "shared" / "data", help="the published files"
    )
    parser.add_argument("--to", type=Path, default=root / "src" / "openpeel" / "reference" / "data")
    options = parser.parse_args()
    tables = {
        "population_mid_2020.csv": population_mid_2020(options.sources),
        "population_mid_2022.csv": population_mid_2022(options.sources),
        "census_2021_ethnicity.csv": census_2021_ethnicity(options.sources),
    }
    for name, text in tables.items():
        (options.to / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

"""Runs the simulation behind docs/explanation/coverage.md and writes its tables and picture.

`python scripts/make_coverage_page.py` takes some minutes. The seed is fixed: the same numpy gives the same page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import vl_convert
from rich.progress import track
from scipy import special

from openpeel.publishing.chart_style import HALOED, RED, TEXT
from openpeel.statistics.coverage import BY_RULE, Scenario, SimulatedCoverage, coverage
from openpeel.statistics.interval import normal_quantile
from openpeel.statistics.proportion import wilson

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "coverage.md"
PICTURE = ROOT / "docs" / "images" / "coverage.svg"

SEED = 20210331
REPLICATES = 10_000

RATES = (0.75, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99)
SIZES = (60, 120, 250, 500, 1200)
# Most incidents hold one crime, few hold four; what is done about one of them is mostly done about all.
INCIDENTS: dict[str, Any] = {"crimes": (0.6, 0.25, 0.1, 0.05), "correlation": 0.5}
EQUAL: dict[str, Any] = {"allocation": "equal"}
DESIGNS: dict[str, dict[str, Any]] = {
    "3 strata, in proportion": {"strata": 3, "odds_ratio": 4},
    "6 strata, equal samples": {"strata": 6, "odds_ratio": 1 / 4, **EQUAL},
    "12 strata, in proportion": {"strata": 12, "odds_ratio": 4},
    "12 strata, equal samples": {"strata": 12, "odds_ratio": 4, **EQUAL},
    "incidents, 6 strata, in proportion": {"strata": 6, "odds_ratio": 4, **INCIDENTS},
    "incidents, 6 strata, equal samples": {"strata": 6, "odds_ratio": 1 / 4, **EQUAL, **INCIDENTS},
}
IN_SIZES = "3 strata, in proportion"  # the design of the table by rate and size

# Designs with few primary sampling units, to see what degrees of freedom are needed: batches of 20 crimes.
FEW: dict[str, Any] = {"odds_ratio": 2, "population": 60_000, "crimes": (0.0,) * 19 + (1.0,)}
FEW_BATCHES, FEW_STRATA, FEW_RATES, FEW_CORRELATION = (12, 18, 24, 30, 36, 48), (3, 6), (0.6, 0.75), 0.05

METHODS = ("Wald", "Wald, t", "Wilson, effective n", "logit", "Korn-Graubard")
BANDS = (0, 1, 3, 5, 10, 15, 20, 30, 60, np.inf)

# Audits told one by one: cases with the property, cases audited. All from 6,887 searches, as the third was.
TOLD = ((22, 23), (65, 68), (213, 226), (190, 226), (1015, 1150))
POPULATION = 6887

# Colour, dash, and where its name stands: the place on the horizontal axis and the shift from there in px.
LOOKS: dict[str, tuple[str, list[int], float, int, int]] = {
    "Wald": (RED, [1, 0], 2.2, 10, 14),
    "logit": ("#5a6b7b", [2, 2], 1.7, -42, -4),
    "Wilson, effective n": ("#27659e", [6, 3], 1.2, 0, 18),
    "Korn-Graubard": ("#003078", [1, 0], 1.2, 0, -16),
}
FEWEST, MOST, LOWEST = 0.85, 320, 0.6  # the corners of the picture

Results = Sequence[SimulatedCoverage]


def scenarios() -> list[tuple[str, float, int, Scenario]]:
    """Every scenario of the grid: the name of its design, the rate, the crimes audited, and itself."""
    return [
        (name, rate, n, Scenario.of(rate, n, **design))
        for name, design in DESIGNS.items()
        for rate in RATES
        for n in SIZES
    ]


def few_units() -> list[Scenario]:
    """The scenarios with few primary sampling units."""
    return [
        Scenario.of(rate, 20 * batches, strata, correlation=FEW_CORRELATION, **FEW)
        for batches in FEW_BATCHES
        for strata in FEW_STRATA
        for rate in FEW_RATES
    ]


def simulated(each: Sequence[Scenario], series: int) -> list[SimulatedCoverage]:
    """The coverage in each scenario; its stream of random numbers depends on its place alone."""
    with ProcessPoolExecutor() as pool:
        done = pool.map(_simulated, each, [(SEED, series, place) for place in range(len(each))])
        return list(track(done, f"simulation {series}", total=len(each)))


def _simulated(scenario: Scenario, seed: tuple[int, ...]) -> SimulatedCoverage:
    return coverage(scenario, REPLICATES, np.random.default_rng(seed))


def exact(n: int, population: int, cases: Any, level: float = 0.95) -> dict[str, np.ndarray[Any, Any]]:
    """The coverage of simple random samples without replacement, for each number of cases with the property.

    Nothing is drawn: the chance of each possible sample is added up where its interval holds the truth.
    """
    there, x = np.atleast_1d(cases)[:, None], np.arange(n + 1)
    p, truth, rest = x / n, there / population, 1 - n / population
    half = normal_quantile(level) * np.sqrt(rest * p * (1 - p) / (n - 1))
    # At 0 and n of n the sample does not show its precision, and the cases audited stand for it.
    effective = np.where((x > 0) & (x < n), n / rest, n)
    better = wilson(p * effective, effective, level)
    # The hypergeometric distribution from log factorials: scipy's takes a minute for what this does at once.
    chance = np.exp(_ways(there, x) + _ways(population - there, n - x) - _ways(population, n))
    return {
        name: (chance * ((lower <= truth) & (truth <= upper))).sum(axis=1)
        for name, lower, upper in (
            ("Wald", p - half, p + half),
            ("Wilson, effective n", better.lower, better.upper),
        )
    }


def _ways(of: Any, drawn: Any) -> Any:
    """The logarithm of how many ways there are to draw so many of so many; −∞ where there is none."""
    some = (drawn >= 0) & (drawn <= of)
    drawn = np.where(some, drawn, 0)
    factorials = special.gammaln(of + 1.0) - special.gammaln(drawn + 1.0) - special.gammaln(of - drawn + 1.0)
    return np.where(some, factorials, -np.inf)


def exact_table() -> str:
    """The audits of TOLD: the coverage at their own rate, and over all rates that they leave open."""
    rows = []
    for having, n in TOLD:
        at = exact(n, POPULATION, round(POPULATION * having / n))
        left_open = wilson(having, n)
        low, high = (round(POPULATION * float(bound)) for bound in (left_open.lower, left_open.upper))
        around = exact(n, POPULATION, np.arange(low, high + 1))
        of_each = [(_percent(at[name][0]), _both(around[name].mean(), around[name].min())) for name in around]
        rows.append([f"{having:,} of {n:,}", str(n - having), *(cell for pair in of_each for cell in pair)])
    heads = ("audit", "without", "Wald", "Wald, rates left open", "Wilson", "Wilson, rates left open")
    return _table(heads, rows)


def witness_table() -> str:
    """The same audits at their own rate, counted exactly and simulated."""
    rows = []
    for place, (having, n) in enumerate(TOLD):
        audit = Scenario((POPULATION,), (having / n,), (n,))
        counted, drawn = (
            exact(n, POPULATION, round(POPULATION * audit.truth)),
            _simulated(audit, (SEED, 3, place)),
        )
        row = [f"{having:,} of {n:,}"]
        for name, held in counted.items():
            ours = drawn.methods[name]
            row += [f"{100 * held[0]:.2f}", f"{100 * ours.held:.2f} ± {100 * ours.error:.2f}"]
        rows.append(row)
    return _table(("audit", "Wald, exact", "simulated", "Wilson, exact", "simulated"), rows)


def bands_table(results: Results) -> str:
    """Every scenario by its cases on the rarer side: the mean and the lowest coverage of each method."""
    rows = []
    for low, high in pairwise(BANDS):
        inside = [r for r in results if low <= r.rarer < high]
        wald = [r.methods["Wald"] for r in inside]
        above = sum(each.above for each in wald) / sum(each.above + each.below for each in wald)
        rows.append(
            [
                f"{low:.0f} to {high:.0f}" if np.isfinite(high) else f"{low:.0f} and more",
                str(len(inside)),
                *(_held(inside, name) for name in METHODS),
                f"{100 * above:.0f}",
            ]
        )
    heads = ("rarer side", "scenarios", *METHODS, "of Wald's misses, too favourable")
    return _table(heads, rows)


def sizes_table(results: Results) -> str:
    """Wald's coverage by rate and size in one design, bold where most audits pass the rule."""
    found = {
        (rate, n): result
        for (design, rate, n, _), result in zip(scenarios(), results, strict=True)
        if design == IN_SIZES
    }

    def cell(result: SimulatedCoverage) -> str:
        held = _percent(result.methods["Wald"].held)
        return f"**{held}**" if result.wald_allowed > 0.5 else held

    return _table(
        ("rate", *(f"{n:,} audited" for n in SIZES)),
        [[f"{100 * rate:.0f}", *(cell(found[rate, n]) for n in SIZES)] for rate in RATES],
    )


def designs_table(results: Results) -> str:
    """The lowest coverage in each design: Wald's by the rule's 30, the two others where cases are few."""
    rows = []
    for name in DESIGNS:
        of = [r for (design, *_), r in zip(scenarios(), results, strict=True) if design == name]
        few = [r for r in of if r.rarer < 10]
        rest = [r for r in of if r.rarer >= 10]
        rows.append(
            [
                name,
                _lowest([r for r in of if r.rarer >= 30], "Wald"),
                *(
                    _lowest(part, method)
                    for method in ("Wilson, effective n", "Korn-Graubard")
                    for part in (rest, few)
                ),
            ]
        )
    heads = ("design", "Wald from 30", "Wilson from 10", "Wilson below 10", "K–G from 10", "K–G below 10")
    return _table(heads, rows)


def few_table(each: Sequence[Scenario], results: Results) -> str:
    """Wald's coverage by degrees of freedom, where there are 30 cases on the rarer side."""
    freedom = [sum(scenario.sampled) - len(scenario.sampled) for scenario in each]
    rows = []
    for low, high in ((0, 10), (10, 20), (20, 30), (30, 99)):
        inside = [r for r, df in zip(results, freedom, strict=True) if low <= df < high and r.rarer >= 30]
        title = f"{low} to {high - 1}" if high < 99 else f"{low} and more"
        rows.append([title, str(len(inside)), _held(inside, "Wald"), _held(inside, "Wald, t")])
    return _table(("degrees of freedom", "scenarios", "Wald", "Wald, t"), rows)


def summary(results: Results) -> str:
    """What the whole grid says of the rule, in sentences."""
    allowed = [r.methods["Wald"].held for r in results if r.rarer >= 30]
    refused = [r.methods["Wald"].held for r in results if r.rarer < 30]
    by_rule = [r.methods[BY_RULE].held for r in results if r.rarer >= 10]
    return (
        f"In {len(results)} scenarios with {REPLICATES:,} audits each, where a percentage is known to"
        f" {100 * np.sqrt(0.95 * 0.05 / REPLICATES):.1f} of a point (one standard error), Wald's interval held the"
        f" truth in {_percent(min(allowed))} percent of the audits or more in each of the {len(allowed)} scenarios"
        f" with 30 cases or more on the rarer side. In {sum(held < 0.93 for held in refused)} of the {len(refused)}"
        " others it held it in less than 93 percent. Whoever prints Wald's where the rule allows it for the audit at"
        f" hand, and Wilson's elsewhere, holds the truth in {_percent(np.mean(by_rule))} percent on average and in"
        f" {_percent(min(by_rule))} at worst, in the {len(by_rule)} scenarios with ten cases or more."
    )


def picture(results: Results) -> str:
    """Coverage by cases on the rarer side: a line a method through the means, a dot for Wald in each scenario."""
    x = alt.X(
        "rarer:Q",
        title="Cases on the rarer side (as a rule those without the property), after allowing for the design",
        scale=alt.Scale(type="log", domain=[FEWEST, MOST], nice=False),
        axis=_axis(values=[1, 2, 3, 5, 10, 20, 30, 50, 100, 200], format="d"),
    )
    y = alt.Y(
        "held:Q",
        title=None,
        scale=alt.Scale(domain=[LOWEST, 1], nice=False),
        axis=_axis(values=[0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1], format=".0%"),
    )
    wald = [{"rarer": r.rarer, "held": r.methods["Wald"].held} for r in results if r.rarer >= FEWEST]
    layers = [
        on([{"held": 0.95}]).mark_rule(color=TEXT, strokeWidth=1.2).encode(y=y),
        on([{"rarer": 30}]).mark_rule(color=TEXT, strokeDash=[3, 3], strokeWidth=1.2).encode(x=x),
        on(wald).mark_circle(size=16, opacity=0.35, color=RED, clip=True).encode(x=x, y=y),
    ]
    for name, (colour, dash, *_) in LOOKS.items():
        line = on(_line(results, name)).mark_line(color=colour, strokeDash=dash, strokeWidth=2.5, clip=True)
        layers.append(line.encode(x=x, y=y))
    said = "Intervals that hold the truth, where 95 percent should"
    chart = (
        alt.layer(*layers, *_words(results, x, y))
        .properties(width=700, height=380, padding=8, title=alt.TitleParams(said, **_TITLE))
        .properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
        .configure(font="Liberation Sans, Arial, sans-serif")
        .configure_view(stroke=None)
    )
    return vl_convert.vegalite_to_svg(chart.to_dict(), vl_version="6.4")


_TITLE: dict[str, Any] = {
    "anchor": "start",
    "fontSize": 13,
    "fontWeight": "normal",
    "color": TEXT,
    "offset": 10,
}


def _line(results: Results, name: str) -> list[dict[str, float]]:
    """The mean coverage of the scenarios in each of equal parts of the horizontal axis."""
    parts = [[r for r in results if a <= r.rarer < b] for a, b in pairwise(np.geomspace(FEWEST, MOST, 11))]
    return [
        {
            "rarer": float(np.exp(np.mean([np.log(r.rarer) for r in part]))),
            "held": float(np.mean([r.methods[name].held for r in part])),
        }
        for part in parts
        if part
    ]


def on(rows: Sequence[Mapping[str, Any]]) -> alt.Chart:
    """A chart of these rows, carried inside the chart."""
    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))


def _words(results: Results, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    said: list[tuple[str, float, float, str, int, int]] = [
        ("30: from here on", 30, 0.66, TEXT, 8, 0),
        ("Wald’s may be used", 30, 0.66, TEXT, 8, 17),
    ]
    for name, (colour, _, at, right, down) in LOOKS.items():
        line = _line(results, name)
        height = np.interp(np.log(at), [np.log(p["rarer"]) for p in line], [p["held"] for p in line])
        said.append((name.split(",")[0].replace("-", "–"), at, float(height), colour, right, down))
    layers = []
    for text, rarer, held, colour, right, down in said:
        here = on([{"rarer": rarer, "held": held, "text": text}])
        for look in HALOED:
            own = {**look, "color": colour} if "color" in look else look
            mark = here.mark_text(align="left", fontSize=13, fontWeight="bold", dx=right, dy=down, **own)
            layers.append(mark.encode(x=x, y=y, text="text:N"))
    return layers


def _axis(**given: Any) -> alt.Axis:
    return alt.Axis(
        labelFontSize=12,
        labelColor=TEXT,
        titleFontSize=12,
        titleFontWeight="normal",
        titleColor=TEXT,
        titlePadding=10,
        gridColor="#dfe3e6",
        ticks=False,
        domain=False,
        labelPadding=6,
        **given,
    )


def _held(results: Results, method: str) -> str:
    held = [r.methods[method].held for r in results]
    return _both(np.mean(held), min(held))


def _lowest(results: Results, method: str) -> str:
    return _percent(min(r.methods[method].held for r in results))


def _both(mean: Any, lowest: Any) -> str:
    return f"{_percent(mean)} ({_percent(lowest)})"


def _percent(share: Any) -> str:
    return f"{100 * float(share):.1f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def written(page: str, parts: Mapping[str, str]) -> str:
    """The page with each part between its two marks replaced."""
    for name, text in parts.items():
        mark = f"<!-- made: {name} -->"
        if page.count(mark) != 2:
            raise SystemExit(f"expected two marks {mark} in {PAGE}; got {page.count(mark)}")
        page = re.sub(f"{mark}.*{mark}", lambda _, m=mark, t=text: f"{m}\n\n{t}\n\n{m}", page, flags=re.S)
    return page


def main() -> None:
    """Everything: run, and write page and picture."""
    grid = simulated([scenario for *_, scenario in scenarios()], 1)
    few = few_units()
    parts: dict[str, Callable[[], str]] = {
        "summary": lambda: summary(grid),
        "bands": lambda: bands_table(grid),
        "exact": exact_table,
        "sizes": lambda: sizes_table(grid),
        "designs": lambda: designs_table(grid),
        "few": lambda: few_table(few, simulated(few, 2)),
        "witness": witness_table,
    }
    made = {name: make() for name, make in parts.items()}
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
    PICTURE.write_text(picture(grid), encoding="utf-8")


if __name__ == "__main__":
    main()

"""People who look at a release, each with a page, its charts, a pause of one to three seconds, and another page.

As a script: `python -m benchmarks.visiting <address> <people> <seconds>`; it prints the milliseconds of every answer by
kind of page, and what went wrong. The same people choose the same pages again.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from html import unescape
from random import Random
from typing import Any

import gevent  # type: ignore[import-untyped]
from locust import FastHttpUser, between, task
from locust.env import Environment

from openpeel.measures import MEASURES
from openpeel.reference.forces import forces

_MEASURES = tuple(measure.id for measure in MEASURES)
_FORCES = tuple(force.slug for force in forces() if force.kind == "territorial")
#: What is chosen on a page: the method by which forces are compared, or none.
_METHODS = ("", "", "&method=control", "&method=overdispersed")
_AREA = re.compile(r'href="(/explore/\?[^"]*area=[^"]+)"')
_PICTURE = re.compile(r'<img src="(/explore/charts/[^"]+)"')


class Visitor(FastHttpUser):
    """Somebody who is not signed in and looks at measures above all. All measures and forces are equally likely."""

    wait_time = between(1, 3)
    abstract = True
    arrived = 0

    def on_start(self) -> None:
        """Come in by the list of areas of policing."""
        Visitor.arrived += 1
        self.random = Random(Visitor.arrived)
        self.areas = _AREA.findall(self._look("/explore/", "list"))

    @task(6)
    def measure(self) -> None:
        """A measure, in half of the cases with a force marked."""
        marked = f"&force={self.random.choice(_FORCES)}" if self.random.random() < 0.5 else ""
        chosen = (self.random.choice(_METHODS) + marked).lstrip("&")
        page = self._look(f"/explore/measures/{self.random.choice(_MEASURES)}?{chosen}", "measure")
        for picture in dict.fromkeys(_PICTURE.findall(page)):
            self._look(unescape(picture), "chart")

    @task(2)
    def force(self) -> None:
        """The profile of a force."""
        self._look(f"/explore/forces/{self.random.choice(_FORCES)}", "force")

    @task(2)
    def list(self) -> None:
        """The measures of an area of policing, with the figures of a force."""
        area = unescape(self.random.choice(self.areas))
        self._look(area.replace("force=none", f"force={self.random.choice(_FORCES)}"), "list")

    def _look(self, address: str, kind: str) -> str:
        return self.client.get(address, name=kind).text or ""


def main(address: str, people: str, seconds: str) -> None:
    """Let them look, all at once from the first second on."""
    taken: dict[str, list[float]] = defaultdict(list)
    wrong: Counter[str] = Counter()

    def answered(name: str, response_time: float, exception: Any = None, **_: Any) -> None:
        taken[name].append(round(response_time, 1))
        if exception is not None:
            wrong[f"{name}: {exception}"[:200]] += 1

    kind = type("Somebody", (Visitor,), {"host": address})
    environment = Environment(user_classes=[kind])
    environment.events.request.add_listener(answered)  # type: ignore[no-untyped-call]
    runner = environment.create_local_runner()
    runner.start(int(people), spawn_rate=int(people))
    gevent.sleep(float(seconds))
    runner.quit()
    print(json.dumps({"taken": taken, "wrong": wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:])

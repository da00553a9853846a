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

import gevent
from locust import FastHttpUser, between, task
from locust.env import Environment

#: What is chosen on a page: the method by which forces are compared, or none.
_METHODS = ("", "", "&method=control", "&method=overdispersed")
_MEASURE = re.compile(r'href="/explore/measures/([a-z0-9-]+)')
_FORCE = re.compile(r'<option value="([a-z-]+)"')
_PICTURE = re.compile(r'<img src="(/explore/charts/[^"]+)"')


class Visitor(FastHttpUser):
    """Somebody who is not signed in and looks at measures above all. All measures and forces are equally likely."""

    wait_time = between(1, 3)
    abstract = True
    arrived = 0

    def on_start(self) -> None:
        """Come in by the list of measures, where all that can be looked at stands."""
        Visitor.arrived += 1
        self.random = Random(Visitor.arrived)
        page = self._look("/explore/", "list")
        self.measures = sorted(set(_MEASURE.findall(page))) or [""]
        self.forces = sorted(set(_FORCE.findall(page)) - {"none"}) or [""]

    @task(6)
    def measure(self) -> None:
        """A measure, in half of the cases with a force marked."""
        marked = f"&force={self.random.choice(self.forces)}" if self.random.random() < 0.5 else ""
        chosen = (self.random.choice(_METHODS) + marked).lstrip("&")
        page = self._look(f"/explore/measures/{self.random.choice(self.measures)}?{chosen}", "measure")
        for picture in dict.fromkeys(_PICTURE.findall(page)):
            self._look(unescape(picture), "chart")

    @task(2)
    def force(self) -> None:
        """The profile of a force."""
        self._look(f"/explore/forces/{self.random.choice(self.forces)}", "force")

    @task(2)
    def list(self) -> None:
        """The list of measures with the figures of a force."""
        self._look(f"/explore/?force={self.random.choice(self.forces)}", "list")

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
    environment.events.request.add_listener(answered)
    runner = environment.create_local_runner()
    runner.start(int(people), spawn_rate=int(people))
    gevent.sleep(float(seconds))
    runner.quit()
    print(json.dumps({"taken": taken, "wrong": wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:])

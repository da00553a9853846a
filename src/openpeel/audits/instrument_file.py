"""The TOML file of an instrument: found, read, and held to the rules that every instrument obeys.

Whatever is wrong is said with the line on which it stands, because whoever writes an instrument is no programmer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any, NoReturn, get_args

from openpeel.audits.instrument import (
    STRATUM_JOIN,
    Better,
    FrameColumn,
    FrameRule,
    Instrument,
    Kind,
    Question,
    Result,
    Section,
    When,
)
from openpeel.errors import DataError, UseError
from openpeel.standards import Standard, load_standard, plain, standard_ids

#: Columns of a coding sheet that are no questions.
SHEET_COLUMNS = ("order", "list", "case", "stratum", "file", "row", "coder", "unusable", "notes")

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_TABLES = ("section", "question", "result")
_TEXTS = (
    *("id", "title", "text", "section", "question", "case", "name", "source", "otherwise", "by", "sentence"),
    *("each", "answered_by", "standard", "about", "kind", "better"),
)
_LISTS = ("not_relevant", "counts", "of")
_MAPPINGS = ("minimum",)
_CONDITIONS = ("where", "unless", "asked_when", "codes")
_TRUTHS = ("personal", "yearly")
_NUMBERS = {"version": 1, "series": 1, "at_least": 0}  # and the least that each may be
_MOST = 1_000_000
_LONGEST_SHOWN = 60

_STRING_OR_COMMENT = re.compile(r"""("(?:\\.|[^"\\])*"|'[^']*')|#.*""")
_TABLE_HEAD = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*")


def instrument_ids() -> tuple[str, ...]:
    """The ids of the instruments that come with openpeel, sorted."""
    return tuple(sorted(f.name.removesuffix(".toml") for f in _data().iterdir() if f.name.endswith(".toml")))


@cache
def load_instrument(instrument_id: str) -> Instrument:
    """One of the instruments that come with openpeel. Raises UseError, naming them, for another."""
    if instrument_id not in instrument_ids():
        raise UseError(
            f"there is no audit '{instrument_id}'",
            advice=f"The audits are {', '.join(instrument_ids())}; name your own by its path, ending in .toml.",
        )
    file = _data() / f"{instrument_id}.toml"
    return read_instrument(instrument_id, file.read_bytes(), name=file.name)


def find_instrument(named: str) -> Instrument:
    """The instrument of that id, or the one in the TOML file of that path.

    Raises UseError where there is none; DataError, with the line, where the file breaks a rule.
    """
    if not named.endswith(".toml"):
        return load_instrument(named)
    path = Path(named)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UseError(f"this file cannot be read ({error.strerror})", where=named) from None
    return read_instrument(path.stem, content, name=path.name)


def read_instrument(instrument_id: str, content: bytes, *, name: str) -> Instrument:
    """Build an instrument from its TOML. Raises DataError, naming file and line, where it breaks a rule."""
    if not _ID.fullmatch(instrument_id):
        raise DataError(
            "expected a file name of small letters, digits and underscores, such as my_audit.toml",
            where=name,
            advice="An audit is called by the name of its file.",
        )
    try:
        text = content.decode("utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            "expected TOML in UTF-8, got bytes that are none", where=f"{name}, line {line}"
        ) from None
    except tomllib.TOMLDecodeError as error:
        said, line = _without_its_line(str(error), text)
        raise DataError(f"expected TOML, got something else: {said}", where=f"{name}, line {line}") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, tables nested a thousand deep
        raise DataError(
            "expected TOML, got numbers too long or tables nested too deep", where=f"{name}, line 1"
        ) from None
    return _Reader(instrument_id, raw, text, name).instrument()


class _Reader:
    """One file being read. The first rule that is broken ends it."""

    def __init__(self, instrument_id: str, raw: dict[str, Any], text: str, name: str) -> None:
        self.id = instrument_id
        self.raw = raw
        self.name = name
        self.lines = _Lines(text)
        self.sections: dict[str, Section] = {}
        self.questions: dict[str, Question] = {}
        self.columns: dict[str, FrameColumn] = {}
        self.named_answers: dict[str, tuple[tuple[str, str], ...]] = {}

    def instrument(self) -> Instrument:
        known = {"title", "version", "series", "about", "case", "answers", "frame", *_TABLES}
        self._keys(self.raw, "", 0, known, needed=("title", "version", "case", "section", "question"))
        named = self.raw.get("answers", {})
        if not isinstance(named, dict):
            self._wrong("", 0, "answers", said="expected lists of answers under [answers.NAME]")
        for name, given in named.items():
            self.named_answers[name] = self._answers(given, f"answers.{name}", 0)
        frame = self._frame(self.raw.get("frame", {}))
        for place, table in enumerate(self._tables("section")):
            self._section(place, table)
        for place, table in enumerate(self._tables("question")):
            self._question(place, table)
        for place, section in enumerate(self.sections.values()):
            if not any(q.section == section.id for q in self.questions.values()):
                self._wrong(
                    "section", place, "id", said=f"there is no question in the section '{section.id}'"
                )
        results: dict[str, Result] = {}
        for place, table in enumerate(self._tables("result")):
            result = self._result(place, table)
            if result.id in results:
                self._wrong("result", place, "id", said=f"there are two results '{result.id}'")
            results[result.id] = result
        return Instrument(
            id=self.id,
            title=self.raw["title"],
            version=self.raw["version"],
            series=self.raw.get("series", 1),
            about=" ".join(self.raw.get("about", "").split()),
            case=self.raw["case"],
            frame=frame,
            sections=tuple(self.sections.values()),
            questions=tuple(self.questions.values()),
            results=tuple(results.values()),
        )

    def _frame(self, raw: Any) -> FrameRule:
        if not isinstance(raw, dict):
            self._wrong("", 0, "frame", said="expected a table [frame]")
        self._keys(raw, "frame", 0, {"standard", "where", "each", "columns", "minimum"})
        standard: Standard | None = None
        if "standard" in raw:
            if raw["standard"] not in standard_ids():
                known = ", ".join(standard_ids())
                self._refers(
                    raw["standard"], "standard", "frame", 0, "standard", advice=f"There are {known}."
                )
            standard = load_standard(raw["standard"])
        where = _when(raw.get("where", {}))
        for name, codes in where:
            self._codes_of(standard, name, codes, "frame", 0, "where")
        if raw.get("each"):
            self._column_of(standard, raw["each"], "frame", 0, "each")
        columns = raw.get("columns", [])
        if not isinstance(columns, list) or not all(isinstance(c, dict) for c in columns):
            self._wrong(
                "frame", 0, "columns", said="expected each column under a line [[frame.columns]], got another"
            )
        for place, column in enumerate(columns):
            self._frame_column(place, column, standard)
        minimum = raw.get("minimum", {})
        self._minimum(minimum)
        return FrameRule(
            standard=standard.id if standard else "",
            where=where,
            each=raw.get("each", ""),
            columns=tuple(self.columns.values()),
            minimum=tuple(minimum.items()),
        )

    def _frame_column(self, place: int, raw: dict[str, Any], standard: Standard | None) -> None:
        table = "frame.columns"
        known = {"name", "title", "answers", "source", "codes", "otherwise"}
        self._keys(raw, table, place, known, needed=("name", "title"))
        name = self._new_id(raw["name"], table, place, "name")
        answers = self._answers(raw["answers"], table, place, "answers") if "answers" in raw else ()
        values = [code for code, _ in answers]
        source, otherwise = raw.get("source", ""), raw.get("otherwise", "")
        codes = _when(raw.get("codes", {}))
        if standard is not None and not source:
            self._wrong(
                *(table, place, "name"),
                said=f"expected '{name}' to name its source, a column of '{standard.id}'",
            )
        if source:
            self._column_of(standard, source, table, place, "source")
            if not codes and not otherwise:
                self._wrong(
                    *(table, place, "name"), said=f"expected '{name}' to say which codes mean which value"
                )
        elif codes or otherwise:
            key = "codes" if codes else "otherwise"
            self._wrong(table, place, key, said=f"expected '{name}' to name the source of its codes")
        for value, meant in codes:
            if value not in values:
                self._refers(value, f"answer of '{name}'", table, place, "codes", value)
            self._codes_of(standard, source, meant, table, place, "codes")
        if otherwise and otherwise not in values:
            self._refers(otherwise, f"answer of '{name}'", table, place, "otherwise")
        self.columns[name] = FrameColumn(
            name=name, title=raw["title"], answers=answers, source=source, codes=codes, otherwise=otherwise
        )

    def _minimum(self, minimum: Mapping[str, Any]) -> None:
        columns = [[code for code, _ in column.answers] for column in self.columns.values()]
        for label, number in minimum.items():
            values = label.split(STRATUM_JOIN)
            fits = len(values) == len(columns) and all(
                value in codes or not codes for value, codes in zip(values, columns, strict=True)
            )
            if not fits:
                named = f"It is named by its {STRATUM_JOIN.join(self.columns)}."
                advice = named if columns else "The frame has no columns, by which cases would be in strata."
                self._refers(label, "stratum", "frame", 0, "minimum", label, advice=advice)
            if type(number) is not int or not 0 <= number <= _MOST:
                self._wrong(
                    *("frame", 0, "minimum", label),
                    said=f"expected a whole number of cases for '{label}', got {_shown(number)}",
                )

    def _section(self, place: int, raw: dict[str, Any]) -> None:
        known = {"id", "title", "answered_by", "each", "asked_when"}
        self._keys(raw, "section", place, known, needed=("id", "title"))
        name = self._id(raw["id"], "section", place, "id")
        if name in self.sections:
            self._wrong("section", place, "id", said=f"there are two sections '{name}'")
        each, when = raw.get("each", ""), _when(raw.get("asked_when", {}))
        others = [s for s in self.sections.values() if s.each]
        if each and others:
            if others[0].each != each:
                said = f"a case can list one kind of thing, here '{others[0].each}' already"
                self._wrong("section", place, "each", said=said)
            if others[0].asked_when != when:
                said = f"expected the same condition for all that is asked of each {each}"
                self._wrong("section", place, "asked_when" if when else "each", said=said)
        elif each:
            self._new_id(each, "section", place, "each")
        # Which questions it may refer to is known once the questions before its own are: see `_question`.
        answered_by = raw.get("answered_by", "reviewer")
        self.sections[name] = Section(name, raw["title"], answered_by, each, when)

    def _question(self, place: int, raw: dict[str, Any]) -> None:
        known = {"id", "section", "text", "answers", "not_relevant", "asked_when", "personal"}
        self._keys(raw, "question", place, known, needed=("id", "section", "text", "answers"))
        name = self._new_id(raw["id"], "question", place, "id")
        section = self.sections.get(raw["section"])
        if section is None:
            self._refers(raw["section"], "section", "question", place, "section")
        answers = self._answers(raw["answers"], "question", place, "answers")
        codes = [code for code, _ in answers]
        not_relevant = tuple(raw.get("not_relevant", []))
        for code in not_relevant:
            if code not in codes:
                self._refers(code, f"answer to '{name}'", "question", place, "not_relevant", code)
        if not set(codes) - set(not_relevant):
            self._wrong(
                *("question", place, "not_relevant"), said=f"expected '{name}' to have an answer that counts"
            )
        own = _when(raw.get("asked_when", {}))
        of_section = list(self.sections).index(section.id)
        self._check_when(section.asked_when, "section", of_section, "asked_when", each="")
        self._check_when(own, "question", place, "asked_when", each=section.each)
        self.questions[name] = Question(
            id=name,
            section=section.id,
            text=raw["text"],
            answers=answers,
            not_relevant=not_relevant,
            asked_when=(*section.asked_when, *own),
            personal=raw.get("personal", False),
            each=section.each,
        )

    def _result(self, place: int, raw: dict[str, Any]) -> Result:
        known = {"id", "title", "kind", "question", "counts", "of", "where", "unless", "by", "better"}
        known |= {"sentence", "at_least", "yearly"}
        self._keys(raw, "result", place, known, needed=("id", "title", "kind", "question", "counts"))
        name = self._id(raw["id"], "result", place, "id")
        kind = self._one_of(raw["kind"], get_args(Kind), place, "kind")
        better = self._one_of(raw.get("better", "neither"), get_args(Better), place, "better")
        about = raw["question"]
        answers = self._known_answers(about, "result", place, "question")
        question = self.questions.get(about)
        of = tuple(raw.get("of", question.relevant if question else answers))
        for key in ("counts", "of"):
            for code in raw.get(key, ()):
                if answers and code not in answers:
                    self._refers(code, f"answer to '{about}'", "result", place, key, code)
        if missing := [code for code in raw["counts"] if of and code not in of]:
            self._wrong(
                *("result", place, "counts", missing[0]),
                said=f"'{missing[0]}' is counted but is not among 'of'",
            )
        where, unless = _when(raw.get("where", {})), _when(raw.get("unless", {}))
        self._check_when(where, "result", place, "where", each=None)
        self._check_when(unless, "result", place, "unless", each=None)
        by = raw.get("by", "")
        if by and not self._known_answers(by, "result", place, "by"):
            self._wrong("result", place, "by", said=f"expected '{by}' to have a list of answers to go by")
        sentence = raw.get("sentence", "")
        if not _has_only_fields(sentence, ("force", "value")):
            said = "expected only the fields {force} and {value} in a sentence"
            self._wrong("result", place, "sentence", said=said)
        names = [about, by, *(n for n, _ in (*where, *unless))]
        asked_of = {q.each for n in names if (q := self.questions.get(n)) and q.each}
        return Result(
            id=name,
            title=raw["title"],
            kind=kind,  # type: ignore[arg-type]  # one of its values, by `_one_of`
            question=about,
            counts=tuple(raw["counts"]),
            of=of,
            where=where,
            unless=unless,
            by=by,
            better=better,  # type: ignore[arg-type]
            sentence=sentence,
            at_least=raw.get("at_least", 0),
            yearly=raw.get("yearly", False),
            each=next(iter(asked_of), ""),
        )

    def _one_of(self, value: str, allowed: Sequence[str], place: int, key: str) -> str:
        if value not in allowed:
            said = f"expected {key} to be one of {', '.join(allowed)}, got {_shown(value)}"
            self._wrong("result", place, key, said=said)
        return value

    def _answers(self, given: Any, table: str, place: int, *path: str) -> tuple[tuple[str, str], ...]:
        """Answers written out, or named from the file's [answers]."""
        if isinstance(given, str):
            if given not in self.named_answers:
                advice = "Lists of answers stand under [answers.NAME]."
                self._refers(given, "list of answers", table, place, *path, advice=advice)
            return self.named_answers[given]
        if not isinstance(given, dict) or not given:
            said = "expected answers such as { yes = 'Yes', no = 'No' }, got another thing"
            self._wrong(table, place, *path, said=said)
        meant: dict[str, str] = {}
        for code, title in given.items():
            if not _ID.fullmatch(code):
                said = f"expected an answer such as not_relevant, got {_shown(code)}"
                self._wrong(table, place, *path, code, said=said)
            if not isinstance(title, str) or not title.strip():
                said = f"expected in words what the answer '{code}' means, got {_shown(title)}"
                self._wrong(table, place, *path, code, said=said)
            for label in (code, title):
                if meant.setdefault(plain(label), code) != code:
                    said = f"{_shown(label)} could mean '{code}' or '{meant[plain(label)]}'"
                    self._wrong(table, place, *path, code, said=said)
        return tuple(given.items())

    def _known_answers(self, name: str, table: str, place: int, *path: str) -> tuple[str, ...]:
        if name in self.questions:
            return self.questions[name].codes
        if name not in self.columns:
            self._refers(name, "question", table, place, *path)
        return tuple(code for code, _ in self.columns[name].answers)

    def _check_when(self, when: When, table: str, place: int, key: str, *, each: str | None) -> None:
        """Each condition names an earlier question, or a column of the frame, and answers it can have.

        What is asked once a case cannot hang on one of several things in it; None: a result may look at both.
        """
        for name, codes in when:
            answers = self._known_answers(name, table, place, key, name)
            for code in codes:
                if answers and code not in answers:
                    self._refers(code, f"answer to '{name}'", table, place, key, name, code)
            question = self.questions.get(name)
            if question is not None and question.each and each == "":
                said = f"'{name}' is asked of each {question.each}, this once for the whole case"
                self._wrong(table, place, key, name, said=said)

    def _codes_of(
        self, standard: Standard | None, name: str, codes: Iterable[str], table: str, place: int, key: str
    ) -> None:
        listed = self._column_of(standard, name, table, place, key, name).codes
        known = [c.code for c in listed.codes] if listed else []
        for code in codes:
            if code not in known:
                self._refers(code, f"code of the column '{name}'", table, place, key, code)

    def _column_of(self, standard: Standard | None, name: str, table: str, place: int, *path: str) -> Any:
        if standard is None:
            self._wrong(table, place, *path, said="expected the frame to name its standard")
        try:
            return standard.column(name)
        except KeyError:
            self._refers(name, f"column of the standard '{standard.id}'", table, place, *path)

    def _id(self, name: str, table: str, place: int, *path: str) -> str:
        if not _ID.fullmatch(name):
            said = f"expected an id such as right_class, got {_shown(name)}"
            self._wrong(table, place, *path, said=said)
        return name

    def _new_id(self, name: str, table: str, place: int, key: str) -> str:
        """An id that is also the name of a column in the coding sheet."""
        self._id(name, table, place, key)
        if name in SHEET_COLUMNS:
            said = f"'{name}' is a column that every coding sheet has itself"
            self._wrong(table, place, key, said=said)
        if name in self.questions or name in self.columns or name in {s.each for s in self.sections.values()}:
            self._wrong(table, place, key, said=f"there are two of the name '{name}'")
        return name

    def _tables(self, table: str) -> list[dict[str, Any]]:
        found = self.raw.get(table, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self._wrong("", 0, table, said=f"expected each {table} under a line [[{table}]]")
        return found

    def _keys(
        self,
        raw: Mapping[str, Any],
        table: str,
        place: int,
        known: Iterable[str],
        needed: Iterable[str] = (),
    ) -> None:
        """Hold a table to the keys it may have and must have, and each to its kind of value."""
        for key, value in raw.items():
            if key not in known:
                self._wrong(table, place, key, said=f"'{_short(key)}' means nothing here")
            if table == "" and key in _TABLES:
                continue
            if wanted := _wanted(key, value):
                said = f"expected {key} to be {wanted}, got {_shown(value)}"
                self._wrong(table, place, key, said=said)
        for key in needed:
            if key not in raw:
                self._wrong(table, place, said=f"there is no '{key}'")
            if raw[key] in ("", [], {}) or (isinstance(raw[key], str) and not raw[key].strip()):
                self._wrong(table, place, key, said=f"'{key}' says nothing")

    def _refers(self, to: str, what: str, table: str, place: int, *path: str, advice: str = "") -> NoReturn:
        before = " before this" if what == "question" else ""
        said = f"there is no {what} '{_short(to)}'{before}"
        self._wrong(table, place, *path, said=said, advice=advice)

    def _wrong(self, table: str, place: int, *path: str, said: str, advice: str = "") -> NoReturn:
        """Say what is wrong, and on which line: `path` leads to it within the table, as `_Lines.line` takes it."""
        named = f" ({table} {place + 1})" if table in _TABLES else ""
        line = self.lines.line(table, place, *path)
        raise DataError(said, where=f"{self.name}, line {line}{named}", advice=advice)


class _Lines:
    """The lines of a TOML file, for finding where in it something stands."""

    def __init__(self, text: str) -> None:
        self.lines = _without_comments_and_long_texts(text)
        self.heads = [
            (i, re.sub(r"[\s\"']", "", found[1]))
            for i, line in enumerate(self.lines)
            if (found := _TABLE_HEAD.fullmatch(line))
        ]

    def line(self, table: str, place: int, *path: str) -> int:
        """The line, from 1, to which a path of keys, and at its end perhaps a value, leads in a table.

        `table` is '' for the whole file, or as written in its head ('frame.columns'), `place` says which of several,
        from 0. What is not found is left out: the line is then that of the last thing that was.
        """
        region, path = self._region(table, place, path)
        at = region[0]
        for step in path:
            region = [i for i in region if i >= at]
            at = next(self._with(step, region), at)
        return at + 1

    def _region(self, table: str, place: int, path: tuple[str, ...]) -> tuple[list[int], tuple[str, ...]]:
        """The lines of a table, its head first, with those of the tables in it."""
        heads = [i for i, name in self.heads if name == table]
        if not table or place >= len(heads):
            # Written otherwise, as 'answers = …' or above all tables: looked for by its names.
            return list(range(len(self.lines))), (*table.split("."), *path) if table else path
        ends = (i for i, name in self.heads if i > heads[place] and not name.startswith(f"{table}."))
        return list(range(heads[place], next(ends, len(self.lines)))), path

    def _with(self, step: str, region: list[int]) -> Iterator[int]:
        """The lines with a key or, after those, with a value; a text in quotation marks before a bare word."""
        word = re.escape(step)
        as_key = rf"""["']?{word}["']?\s*[=.]"""
        as_head = rf"""\[\[?(.*\.)?\s*["']?{word}["']?\s*(\..*)?\]"""
        as_key_or_head = rf"^\s*({as_key}|{as_head})"
        for pattern in (as_key_or_head, rf"""(["']){word}\1""", rf"(?<![\w.]){word}(?![\w.])"):
            yield from (i for i in region if re.search(pattern, self.lines[i]))


def _without_comments_and_long_texts(text: str) -> list[str]:
    """The lines as they are, but for comments and for what stands inside triple quotation marks."""
    lines, inside = [], ""
    for line in text.split("\n"):
        if inside:
            lines.append("")
            inside = "" if inside in line else inside
            continue
        begins = re.search(r"=\s*(\"\"\"|''')", line)
        if begins and begins[1] not in line[begins.end() :]:
            inside = begins[1]
            lines.append(line[: begins.end()])
            continue
        lines.append(_STRING_OR_COMMENT.sub(lambda found: found[1] or "", line))
    return lines


def _without_its_line(said: str, text: str) -> tuple[str, int]:
    """What is wrong with the TOML, and the line; at the end of the document, that is its last."""
    found = re.search(r"at line (\d+)", said)
    line = int(found[1]) if found else text.rstrip().count("\n") + 1
    return re.sub(r" *\(at [^()]*\)$", "", said), line


def _wanted(key: str, value: Any) -> str:
    """What the value of a key should have been; '' if it is that."""
    if key in _TEXTS and not isinstance(value, str):
        return "text"
    if key in _LISTS and (not _is_texts(value) or not (value or key == "not_relevant")):
        return 'a list such as ["yes", "no"]'
    if key in _MAPPINGS and not isinstance(value, dict):
        return "a table"
    if key in _CONDITIONS and not _is_condition(value):
        return 'such as { recorded = ["yes"] }'
    if key in _TRUTHS and not isinstance(value, bool):
        return "true or false"
    if key in _NUMBERS and (type(value) is not int or not _NUMBERS[key] <= value <= _MOST):
        return f"a whole number from {_NUMBERS[key]}"
    return ""


def _when(raw: Mapping[str, Any]) -> When:
    return tuple((name, tuple([codes] if isinstance(codes, str) else codes)) for name, codes in raw.items())


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_condition(value: Any) -> bool:
    return isinstance(value, dict) and all(c and (isinstance(c, str) or _is_texts(c)) for c in value.values())


def _has_only_fields(sentence: str, allowed: Sequence[str]) -> bool:
    """Whether the fields of a sentence are these, each as it stands: {value.x} or {value:>9} is another."""
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError:
        return False
    return all(name is None or (name in allowed and not (form or to)) for _, name, form, to in parts)


def _shown(value: Any) -> str:
    try:
        return _short(repr(value))
    except ValueError:  # a number of thousands of digits
        return "another"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _data() -> Any:
    return resources.files("openpeel.audits") / "data"

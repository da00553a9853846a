"""The command line itself: help, exit codes, what goes to which stream, and what is said when openpeel is at fault."""

import subprocess
import sys
from importlib.metadata import version

import pytest
import typer

from command_line import done, run
from invented_records import as_csv, file_name, records, write_month
from openpeel import cli


def commands():
    """Every command with the words that call it."""
    found = []

    def walk(command, words):
        for name, sub in getattr(command, "commands", {}).items():
            walk(sub, (*words, name))
        if not hasattr(command, "commands"):
            found.append((words, command))

    walk(typer.main.get_command(cli.app), ())
    return found


def test_these_are_the_commands():
    assert {" ".join(words) for words, _ in commands()} == {
        *("load", "release create", "release list", "quality", "figures", "explain", "inspect", "demo"),
        *("audit list", "audit show", "audit size", "audit coverage", "audit frame", "audit draw"),
        *("audit verify", "audit estimate", "audit compare", "audit invent"),
        *("standards", "template", "measures", "compare", "trend"),
        *("report check", "report build", "report diff", "report references", "claims"),
        *("serve", "worker", "schedule", "backup", "restore", "check-service"),
        *("person add", "person code", "audit-trail verify"),
    }


@pytest.mark.parametrize(
    ("words", "command"), commands(), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_says_what_it_does_and_what_each_option_means(words, command):
    said = done(*words, "--help").said
    assert command.help.splitlines()[0] in said
    for parameter in command.params:
        assert parameter.help, f"{words}: {parameter.name} is not described"
        for option in parameter.opts:
            assert option in said
        assert parameter.help.split()[0] in said


@pytest.mark.parametrize("words", [(), ("release",), ("audit",), ("report",), ("person",), ("audit-trail",)])
def test_no_command_shows_the_help_and_is_wrong_use(words):
    ran = run(*words)
    assert ran.code == 2
    assert "Usage: openpeel" in ran.said
    assert run(*words, "--help").code == 0


def test_the_version_is_that_of_the_package():
    assert done("--version").out == f"openpeel {version('openpeel')}\n"


def test_data_go_to_one_stream_and_messages_to_the_other(tmp_path):
    lake = tmp_path / "lake"
    loaded = done("load", write_month(tmp_path / "files"), "--lake", lake, "--format", "json")
    assert loaded.err == ""
    ran = run("figures", "--release", "x", "--lake", lake, "--format", "json")
    assert ran.out == ""
    assert ran.err.startswith("openpeel: ")


def test_a_program_that_reads_a_few_lines_and_goes_is_no_error(tmp_path):
    lake = tmp_path / "lake"
    done("load", write_month(tmp_path / "files"), "--lake", lake)
    done("release", "create", "spring", "--lake", lake)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "openpeel",
            "figures",
            "--release",
            "spring",
            "--lake",
            str(lake),
            "--format",
            "json",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.read(1) == b"["
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 0


def fail(error):
    def failing(*arguments, **options):
        raise error

    return failing


def test_a_fault_of_openpeel_says_so_and_repeats_nothing_of_a_record(monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "load_records", fail(ValueError("Zebedee Quickfoot, 51.123456")))
    ran = run("load", write_month(tmp_path), "--lake", tmp_path / "lake")
    assert ran.code == 3
    assert ran.out == ""
    assert "Zebedee" not in ran.err
    assert "51.12" not in ran.err
    assert "a fault in openpeel, not in your data" in ran.err
    assert "OPENPEEL_DEBUG=1" in ran.err


def test_whoever_mends_openpeel_can_ask_for_the_traceback(monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "load_records", fail(ValueError("the cause")))
    monkeypatch.setenv("OPENPEEL_DEBUG", "1")
    with pytest.raises(ValueError, match="the cause"):
        run("load", write_month(tmp_path), "--lake", tmp_path / "lake")


def test_a_command_that_is_stopped_says_that_nothing_was_changed(monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "load_records", fail(KeyboardInterrupt()))
    ran = run("load", write_month(tmp_path), "--lake", tmp_path / "lake")
    assert ran.code == 130
    assert "has changed nothing" in ran.err


def test_what_is_printed_for_people_fits_a_terminal_of_100_columns(tmp_path):
    lake = tmp_path / "lake"
    for month in ("2021-02", "2021-03"):
        loaded = done("load", write_month(tmp_path / "files", month=month), "--lake", lake)
    created = done("release", "create", "spring", "--lake", lake)
    listed = done("release", "list", "--lake", lake)
    every = done("figures", "--release", "spring", "--lake", lake)
    own = done("figures", "--release", "spring", "--lake", lake, "--force", "hertfordshire")
    for ran in (loaded, created, listed, every, own):
        assert max(len(line.rstrip()) for line in ran.out.splitlines()) <= 100


def test_a_figure_without_a_number_says_why(tmp_path):
    lake = tmp_path / "lake"
    done("load", write_month(tmp_path / "files", count=12), "--lake", lake)
    done("release", "create", "spring", "--lake", lake)
    own = done("figures", "--release", "spring", "--lake", lake, "--force", "hertfordshire").said
    assert "withheld" in own
    assert "Not compared: 0 forces of 43 returned enough months of this year" in own
    assert "no return" in done("figures", "--release", "spring", "--lake", lake, "--force", "kent").said


@pytest.mark.parametrize("how", ["table", "json", "csv"])
def test_what_is_wrong_with_the_data_is_said_by_name_force_by_force_and_month_by_month(tmp_path, how):
    lake = tmp_path / "lake"
    rows = records("2021-03", 20)
    path = tmp_path / file_name("cumbria", "2021-03")
    path.write_bytes(as_csv([[row[0], row[1].replace(":00+", ":00.187000+"), *row[2:]] for row in rows]))
    done("load", path, "--lake", lake)
    said = done("quality", "--lake", lake, "--format", how).out
    assert "fraction_of_second" in said
    assert "Cumbria" in said
    assert "2021-03" in said
    assert "20 of 20 rows" in said

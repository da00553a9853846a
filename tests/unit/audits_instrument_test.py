"""An instrument says what reviewers are asked; whoever writes one wrongly is told the line that is wrong."""

import re

import pytest

from openpeel.audits import find_instrument, instrument_ids, load_instrument
from openpeel.audits.instrument import holds
from openpeel.audits.instrument_file import SHEET_COLUMNS, read_instrument
from openpeel.errors import DataError, UseError
from openpeel.standards import load_standard

MINE = '''
# Calls that were answered, and what came of them. All invented.
title = "Audit of calls"
version = 1
series = 2
case = "call"
about = """
Of every call: what was promised, and
version = 9 of the script  # this line is text
"""

[answers.yes_no]
yes = "Yes"
no = "No"

[frame]
minimum = { "phone / north" = 2 }

[[frame.columns]]
name = "route"
title = "How it came"
answers = { phone = "By phone", web = "On the web" }

[[frame.columns]]
name = "area"
title = "Where it came from"

[[section]]
id = "call"
title = "The call"
answered_by = "listener"

[[section]]
id = "promises"
title = "Each promise"
each = "promise"
asked_when = { promised = ["yes"] }

[[question]]
id = "polite"
section = "call"
text = "Was the call polite?"
answers = "yes_no"
personal = true

[[question]]
id = "promised"
section = "call"
text = "Was anything promised?"
answers = { yes = "Yes", no = "No", unclear = "Cannot be told" }
not_relevant = ["unclear"]
asked_when = { route = ["phone"] }

[[question]]
id = "kept"
section = "promises"
text = "Was it kept?"
answers = "yes_no"

[[question]]
id = "late"  # a comment with kept, of and 'counts' in it
section = "promises"
text = "Was it kept late?"
answers = "yes_no"
asked_when = { kept = ["yes"] }

[[result]]
id = "polite_calls"
title = "Polite calls"
kind = "rate"
question = "polite"
counts = ["yes"]
better = "higher"
sentence = "{force} was polite in {value}"

[[result]]
id = "kept_promises"
title = "Promises kept"
kind = "count"
question = "kept"
counts = ["yes"]
of = ["yes", "no"]
where = { route = ["phone"], promised = ["yes"] }
unless = { polite = ["no"] }
by = "late"
at_least = 3
yearly = true
'''

RECORDS = """
title = "Audit of outcomes"
version = 1
case = "outcome"

[frame]
standard = "outcome"
each = "crime_id"

[frame.where]
outcome_type = [
  "suspect_charged",  # the first of two
  "local_resolution",
]

[[frame.columns]]
name = "closed_as"
title = "How it was closed"
source = "outcome_type"
answers = { charged = "Charged", other = "Otherwise" }
codes = { charged = ["suspect_charged"] }
otherwise = "other"

[[section]]
id = "file"
title = "The file"

[[question]]
id = "right"
section = "file"
text = "Was it right?"
answers = { yes = "Yes", no = "No" }
"""


def read(text, name="calls"):
    return read_instrument(name, text.encode(), name=f"{name}.toml")


def changed(base, old, new):
    assert base.count(old) == 1, old
    return base.replace(old, new)


def line_of(text, words):
    """The number of the only line with these words, as an editor counts."""
    numbers = [number for number, line in enumerate(text.split("\n"), start=1) if words in line]
    assert len(numbers) == 1, (words, numbers)
    return numbers[0]


def refused(text, said, line):
    """Reading fails with these words, on the line with those."""
    with pytest.raises(DataError) as found:
        read(text)
    assert said in str(found.value)
    place = re.fullmatch(r"calls\.toml, line (\d+)( \((section|question|result) \d\))?", found.value.where)
    assert place is not None
    assert int(place[1]) == (line_of(text, line) if line else 1)
    return found.value


def test_an_instrument_is_read_as_written():
    mine = read(MINE)
    assert (mine.id, mine.title, mine.version, mine.series) == ("calls", "Audit of calls", 1, 2)
    assert mine.about.endswith("version = 9 of the script # this line is text")
    assert [q.id for q in mine.questions] == ["polite", "promised", "kept", "late"]
    assert [q.personal for q in mine.questions] == [True, False, False, False]
    assert mine.question("promised").relevant == ("yes", "no")
    assert mine.question("late").asked_when == (("promised", ("yes",)), ("kept", ("yes",)))
    assert (mine.each, mine.list_when()) == ("promise", (("promised", ("yes",)),))
    assert mine.frame.label({"route": "phone", "area": "north"}) == "phone / north"
    assert mine.frame.column("area").answers == ()
    polite, kept = mine.results
    assert (polite.each, polite.of, polite.at_least, polite.yearly) == ("", ("yes", "no"), 0, False)
    assert (kept.each, kept.at_least, kept.yearly) == ("promise", 3, True)
    assert mine.sections[1].answered_by == "reviewer"
    with pytest.raises(UseError, match=r"no result 'charm'.*polite_calls, kept_promises"):
        mine.result("charm")


def test_a_single_answer_needs_no_list_around_it():
    assert read(changed(MINE, '{ kept = ["yes"] }', '{ kept = "yes" }')) == read(MINE)
    alone = changed(RECORDS, 'charged = ["suspect_charged"]', 'charged = "suspect_charged"')
    assert read(alone) == read(RECORDS)


def test_an_instrument_of_records_says_which_and_what_their_codes_mean():
    records = read(RECORDS)
    assert records.series == 1
    frame = records.frame
    assert (frame.standard, frame.each) == ("outcome", "crime_id")
    assert frame.where == (("outcome_type", ("suspect_charged", "local_resolution")),)
    (column,) = frame.columns
    assert (column.source, column.otherwise) == ("outcome_type", "other")
    without = changed(RECORDS, 'codes = { charged = ["suspect_charged"] }\n', "")
    assert read(without).frame.columns[0].codes == ()
    without = changed(RECORDS, 'otherwise = "other"\n', "")
    assert read(without).frame.columns[0].otherwise == ""


def test_where_any_text_may_stand_any_text_may_be_asked_for_and_counted():
    text = changed(MINE, 'asked_when = { route = ["phone"] }', 'asked_when = { area = ["north"] }')
    assert read(text).question("promised").asked_when == (("area", ("north",)),)
    text = MINE + '\n[[result]]\nid = "northern"\ntitle = "In the north"\nkind = "count"\nquestion = "area"\n'
    northern = read(text + 'counts = ["north"]\nwhere = { area = ["north", "south"] }\n').results[-1]
    assert (northern.counts, northern.of) == (("north",), ())


def test_answers_that_are_not_relevant_are_not_what_a_result_is_of():
    text = MINE + '\n[[result]]\nid = "promises"\ntitle = "Promises"\nkind = "rate"\nquestion = "promised"\n'
    assert read(text + 'counts = ["yes"]\n').results[-1].of == ("yes", "no")


def test_the_numbers_of_an_instrument_have_bounds():
    for number in (0, 1_000_000):
        text = changed(MINE, "at_least = 3", f"at_least = {number}")
        assert read(changed(text, 'north" = 2', f'north" = {number}')).results[1].at_least == number
    for old in ("at_least = 3", 'north" = 2', "version = 1\n", "series = 2"):
        name = old.partition(" =")[0]
        text = changed(MINE, old, f"{name} = 1000001\n")
        refused(text, "expected", "1000001")


FILE = [
    ('title = "Audit of calls"\n', "", "there is no 'title'", ""),
    ('title = "Audit of calls"', 'title = " "', "'title' says nothing", 'title = " "'),
    ('title = "Audit of calls"', "title = 7", "expected title to be text, got 7", "title = 7"),
    ("version = 1\n", "", "there is no 'version'", ""),
    ("version = 1\n", "version = 0\n", "expected version to be a whole number from 1", "version = 0"),
    ("version = 1\n", "version = true\n", "a whole number from 1, got True", "version = true"),
    ("version = 1\n", "version = 1.5\n", "a whole number from 1, got 1.5", "version = 1.5"),
    ("version = 1\n", f"version = 0x{'f' * 5000}\n", "a whole number from 1", "version = 0x"),
    ("series = 2", 'series = "2"', "expected series to be a whole number", 'series = "2"'),
    ('case = "call"', 'case = ["call"]', "expected case to be text", 'case = ["call"]'),
    ('case = "call"', 'cases = "call"', "'cases' means nothing here", 'cases = "call"'),
    ("[answers.yes_no]", "[answer.yes_no]", "'answer' means nothing here", "[answer.yes_no]"),
    ('about = """', 'abut = """', "'abut' means nothing here", 'abut = """'),
    ('yes = "Yes"\nno', 'Yes = "Yes"\nno', "an answer such as not_relevant, got 'Yes'", 'Yes = "Yes"'),
    ('no = "No"\n\n', 'no = ""\n\n', "what the answer 'no' means", 'no = ""'),
    ('no = "No"\n\n', "no = false\n\n", "what the answer 'no' means, got False", "no = false"),
    ('no = "No"\n\n', 'no = " yes"\n\n', "' yes' could mean 'no' or 'yes'", 'no = " yes"'),
    ('yes = "Yes"\nno = "No"\n\n', "\n", "expected answers such as { yes = 'Yes'", "[answers.yes_no]"),
]

FRAME = [
    ("[frame]", "[[frame]]", "expected a table [frame]", "[[frame]]"),
    ("minimum =", "minimums =", "'minimums' means nothing here", "minimums ="),
    ('{ "phone / north" = 2 }', "3", "expected minimum to be a table, got 3", "minimum = 3"),
    (
        "/ north",
        "/ north / 2",
        "no stratum 'phone / north / 2'. It is named by its route / area",
        "north / 2",
    ),
    ("phone / north", "post / north", "no stratum 'post / north'", "post / north"),
    ('north" = 2', 'north" = -1', "expected a whole number of cases for 'phone / north'", "= -1"),
    ('north" = 2', 'north" = true', "expected a whole number of cases", "minimum ="),
    ('name = "route"\n', "", "there is no 'name'", "[[frame.columns]] # 1"),
    ('title = "Where it came from"', "", "there is no 'title'", "[[frame.columns]] # 2"),
    ('"Where it came from"', '""', "'title' says nothing", 'title = ""'),
    ('name = "area"', 'name = "Area"', "expected an id such as right_class, got 'Area'", '"Area"'),
    ('name = "area"', 'name = "area"\ncolour = 1', "'colour' means nothing here", "colour = 1"),
    ('name = "area"', 'name = "case"', "'case' is a column that every coding sheet has itself", '"case"'),
    ('name = "area"', 'name  = "route"', "there are two of the name 'route'", 'name  = "route"'),
    ('phone = "By phone"', '"by phone" = "x"', "an answer such as not_relevant", '"by phone"'),
    ('"On the web" }', '"By Phone" }', "'By Phone' could mean 'web' or 'phone'", '"By Phone"'),
    ('name = "area"', 'name = "area"\nanswers = []', "expected answers such as", "answers = []"),
    ('name = "area"', 'name = "area"\nsource = "gender"', "the frame to name its standard", '"gender"'),
    ('name = "area"', 'name = "area"\notherwise = "x"', "to name the source of its codes", "otherwise ="),
    ('name = "area"', 'name = "area"\ncodes = { a = ["b"] }', "to name the source of its codes", "codes ="),
    ("[frame]\n", '[frame]\neach = "crime_id"\n', "the frame to name its standard", "crime_id"),
    ("[frame]\n", '[frame]\nwhere = { gender = ["male"] }\n', "to name its standard", '"male"'),
]

OF_RECORDS = [
    (
        '"outcome"\neach',
        '"outcomes"\neach',
        "no standard 'outcomes'. There are arrest, asb_incident, bail",
        '"outcomes"',
    ),
    ('standard = "outcome"', "standard = 1", "expected standard to be text", "standard = 1"),
    ("crime_id", "crime", "no column of the standard 'outcome' 'crime'", 'each = "crime"'),
    ("outcome_type = [", "outcome = [", "no column of the standard 'outcome' 'outcome'", "outcome = ["),
    ('"local_resolution"', '"resolved"', "no code of the column 'outcome_type' 'resolved'", '"resolved"'),
    (
        "outcome_type = [",
        "crime_id = [",
        "no code of the column 'crime_id' 'suspect_charged'",
        "first of two",
    ),
    ('source = "outcome_type"\n', "", "to name its source, a column of 'outcome'", 'name = "closed_as"'),
    ('source = "outcome_type"', 'source = "out"', "no column of the standard 'outcome' 'out'", '"out"'),
    ("codes = { charged", "codes = { charge", "no answer of 'closed_as' 'charge'", "codes = { charge"),
    ('= ["suspect_charged"]', '= ["charged"]', "no code of the column 'outcome_type' 'charged'", "codes ="),
    ('= ["suspect_charged"]', "= []", "expected codes to be such as", "codes ="),
    ('otherwise = "other"', 'otherwise = "rest"', "no answer of 'closed_as' 'rest'", "otherwise"),
    (
        'codes = { charged = ["suspect_charged"] }\notherwise = "other"',
        "",
        "expected 'closed_as' to say which codes mean which value",
        'name = "closed_as"',
    ),
    ("[[frame.columns]]", "[[frame.column]]", "'column' means nothing here", "[[frame.column]]"),
    ("[[frame.columns]]", "[frame.columns]", "each column under a line [[frame.columns]]", "[frame.columns]"),
]

SECTIONS = [
    ('id = "call"\n', "", "there is no 'id'", "[[section]] # 1"),
    ('id = "call"', 'id = "The call"', "expected an id such as right_class", 'id = "The call"'),
    ('id = "promises"', 'id  = "call"', "there are two sections 'call'", 'id  = "call"'),
    ('title = "Each promise"\n', "", "there is no 'title'", "[[section]] # 2"),
    ('answered_by = "listener"', "answered_by = 3", "expected answered_by to be text", "answered_by"),
    ('answered_by = "listener"', 'by = "listener"', "'by' means nothing here", 'by = "listener"'),
    ('each = "promise"', 'each = "area"', "there are two of the name 'area'", 'each = "area"'),
    ('each = "promise"', 'each = "notes"', "every coding sheet has itself", 'each = "notes"'),
    ('{ promised = ["yes"] }', "3", "expected asked_when to be such as", "asked_when = 3"),
    ('{ promised = ["yes"] }', "{ promised = [] }", "expected asked_when to be such as", "promised = []"),
    ('{ promised = ["yes"] }', "{ prom = 'yes' }", "there is no question 'prom' before this", "prom = "),
    ('{ promised = ["yes"] }', "{ promised = 'a' }", "no answer to 'promised' 'a'", "promised = 'a'"),
    ('{ promised = ["yes"] }', "{ kept = 'yes' }", "there is no question 'kept' before this", "kept = 'yes'"),
]

QUESTIONS = [
    ('id = "promised"\n', "", "there is no 'id'", "[[question]] # 2"),
    ('id = "promised"', "id = 7", "expected id to be text, got 7", "id = 7"),
    ('id = "promised"', 'id = "polite" # 2', "there are two of the name 'polite'", '"polite" # 2'),
    ('id = "promised"', 'id = "route"', "there are two of the name 'route'", 'id = "route"'),
    ('id = "promised"', 'id = "promise"', "there are two of the name 'promise'", 'id = "promise"'),
    ('id = "promised"', 'id = "notes"', "every coding sheet has itself", 'id = "notes"'),
    ('id = "promised"', f'id = "{"p" * 61}"', "expected an id such as right_class", "pppp"),
    ('id = "promised"\nsection = "call"', 'id = "promised"', "there is no 'section'", "[[question]] # 2"),
    ('id = "kept"\nsection = "promises"', 'id = "kept"\nsection = "oath"', "no section 'oath'", '"oath"'),
    ('text = "Was it kept?"', 'text = ""', "'text' says nothing", 'text = ""'),
    ('text = "Was it kept?"', 'asks = "Was it kept?"', "'asks' means nothing here", "asks ="),
    ('kept?"\nanswers = "yes_no"', 'kept?"', "there is no 'answers'", "[[question]] # 3"),
    ('kept?"\nanswers = "yes_no"', 'kept?"\nanswers = "maybe"', "no list of answers 'maybe'", '"maybe"'),
    ('kept?"\nanswers = "yes_no"', 'kept?"\nanswers = ["yes"]', "expected answers such as", '= ["yes"] # 3'),
    ("unclear = ", "no_idea = ", "there is no answer to 'promised' 'unclear'", '["unclear"]'),
    ('["unclear"]', '"unclear"', "expected not_relevant to be a list", 'not_relevant = "unclear"'),
    ('["unclear"]', '["yes", "no", "unclear"]', "to have an answer that counts", "not_relevant ="),
    ("personal = true", 'personal = "yes"', "personal to be true or false, got 'yes'", "personal ="),
    ("personal = true", "personal = 1", "personal to be true or false, got 1", "personal ="),
    ('{ route = ["phone"] }', '["route"]', "expected asked_when to be such as", '["route"]'),
    ('route = ["phone"] }\n\n', "route = [7] }\n\n", "expected asked_when to be such as", "[7]"),
    ('route = ["phone"] }\n\n', 'rout = ["phone"] }\n\n', "there is no question 'rout' before", "rout ="),
    ('route = ["phone"] }\n\n', 'route = ["post"] }\n\n', "no answer to 'route' 'post'", '"post"'),
    (
        'route = ["phone"] }\n\n',
        'promised = ["no"] }\n\n',
        "there is no question 'promised' before this",
        '= { promised = ["no"] }',
    ),
    (
        'route = ["phone"] }\n\n',
        'kept = ["no"] }\n\n',
        "there is no question 'kept' before this",
        '{ kept = ["no"] }',
    ),
    (
        'asked_when = { kept = ["yes"] }',
        '[question.asked_when]\nroute = ["web"]\nkept = ["now"]',
        "there is no answer to 'kept' 'now'",
        'kept = ["now"]',
    ),
]

RESULTS = [
    ('id = "polite_calls"\n', "", "there is no 'id'", "[[result]] # 1"),
    ('id = "polite_calls"', 'id = "Polite"', "expected an id such as right_class", 'id = "Polite"'),
    ('id = "kept_promises"', 'id  = "polite_calls"', "two results 'polite_calls'", 'id  = "polite_calls"'),
    ('kind = "count"', 'kind = "share"', "kind to be one of rate, count, got 'share'", "share"),
    ('kind = "count"\n', "", "there is no 'kind'", "[[result]] # 2"),
    ('better = "higher"', 'better = "more"', "better to be one of higher, lower, neither", '"more"'),
    ('better = "higher"', "better = 1", "expected better to be text", "better = 1"),
    ('question = "kept"', 'question = "keep"', "there is no question 'keep' before this", '"keep"'),
    ('question = "kept"', 'question = ""', "'question' says nothing", 'question = ""'),
    ('question = "kept"', "question = 3", "expected question to be text, got 3", "question = 3"),
    ('title = "Promises kept"', 'title = "not"\nwhat = "of"', "'what' means nothing here", "what ="),
    ('of = ["yes", "no"]', '"of" = ["yes",\n  "nope"] # 2', "no answer to 'kept' 'nope'", '"nope"] # 2'),
    ('counts = ["yes"]\nof', 'counts = ["yeah"]\nof', "no answer to 'kept' 'yeah'", '"yeah"'),
    ('counts = ["yes"]\nof', "counts = []\nof", "expected counts to be a list", "counts = []"),
    ('counts = ["yes"]\nof', 'counts = "yes"\nof', "expected counts to be a list", 'counts = "yes"'),
    ('of = ["yes", "no"]', 'of = ["yes", "not"]', "no answer to 'kept' 'not'", '"not"]'),
    ('of = ["yes", "no"]', 'of = ["no"]', "'yes' is counted but is not among 'of'", 'counts = ["yes"] # 2'),
    ('of = ["yes", "no"]', "of = []", "expected of to be a list", "of = []"),
    ('["phone"], promised', '["fax"], promised', "no answer to 'route' 'fax'", '"fax"'),
    ('["phone"], promised', '["phone"], pledged', "no question 'pledged' before this", "pledged"),
    ("{ polite =", "{ rude =", "there is no question 'rude' before this", "rude"),
    ('{ polite = ["no"] }', '{ polite = ["nope"] }', "no answer to 'polite' 'nope'", "nope"),
    ('by = "late"', 'by = "early"', "there is no question 'early' before this", 'by = "early"'),
    ('by = "late"', 'by = "area"', "expected 'area' to have a list of answers to go by", 'by = "area"'),
    ("at_least = 3", "at_least = -1", "expected at_least to be a whole number from 0", "at_least = -1"),
    ("at_least = 3", "at_least = true", "a whole number from 0, got True", "at_least = true"),
    ("at_least = 3", "at_most = 3", "'at_most' means nothing here", "at_most = 3"),
    ("yearly = true", 'yearly = "no"', "expected yearly to be true or false, got 'no'", "yearly ="),
    *(
        ("in {value}", f"in {field}", "only the fields {force} and {value}", "sentence =")
        for field in ("{share}", "{}", "{0}", "{value.real}", "{value[x]}", "{value:>9}", "{value!r}", "{")
    ),
]


def numbered(text):
    """The text in which the heads of several tables, and lines that occur twice, carry their number."""
    for words in ("[[frame.columns]]", "[[section]]", "[[question]]", "[[result]]"):
        count = 0
        lines = text.split("\n")
        for i, line in enumerate(lines):
            if line == words:
                count += 1
                lines[i] = f"{words} # {count}"
        text = "\n".join(lines)
    return text.replace('answers = ["yes"]', 'answers = ["yes"] # 3').replace(
        'counts = ["yes"]\nof', 'counts = ["yes"] # 2\nof'
    )


def named(case):
    return f"{case[1] or case[0]}"[:60] if isinstance(case, tuple) else None


@pytest.mark.parametrize("case", [*FILE, *FRAME, *SECTIONS, *QUESTIONS, *RESULTS], ids=named)
def test_a_rule_that_is_broken_is_said_with_its_line(case):
    old, new, said, line = case
    text = numbered(changed(MINE, old, new))
    refused(text, said, line and numbered(line))


@pytest.mark.parametrize("case", OF_RECORDS, ids=named)
def test_a_frame_of_records_that_the_standard_does_not_have_is_said_with_its_line(case):
    old, new, said, line = case
    refused(changed(RECORDS, old, new), said, line)


@pytest.mark.parametrize("table", ["section", "question", "result"])
def test_a_table_that_should_be_one_of_several_is_said_with_its_line(table):
    cut = MINE[: MINE.index(f"[[{table}]]")] + f"\n[{table}]\nid = 'x'\n"
    for other in ("section", "question"):
        if f"[{other}]" not in cut:
            cut += f"\n[[{other}]]\nid = 'y'\n"
    refused(cut, f"expected each {table} under a line [[{table}]]", f"[{table}]\n".strip())


@pytest.mark.parametrize("table", ["section", "question", "result"])
def test_tables_written_as_something_else_are_said_with_their_line(table):
    start, end = MINE.index(f"[[{table}]]"), MINE.rindex(f"[[{table}]]")
    end = MINE.find("\n\n", end) if "\n\n" in MINE[end:] else len(MINE)
    for value in ("3", "[3]"):
        text = f"{table} = {value}\n{MINE[:start]}{MINE[end:]}"
        refused(text, f"expected each {table} under a line [[{table}]]", f"{table} = {value}")


def test_a_list_without_anything_says_nothing():
    start, end = MINE.index("[[section]]"), MINE.index("[[question]]")
    refused(f"section = []\n{MINE[:start]}{MINE[end:]}", "'section' says nothing", "section = []")
    text = changed(MINE, 'text = "Was it kept?"\nanswers = "yes_no"', 'text = "Was it kept?"\nanswers = {}')
    refused(text, "'answers' says nothing", "answers = {}")


def test_a_list_of_answers_that_is_none_is_said_with_its_line():
    text = changed(MINE, '[answers.yes_no]\nyes = "Yes"\nno = "No"\n', 'answers = "yes or no"\n')
    refused(text, "expected lists of answers under [answers.NAME]", 'answers = "yes or no"')
    text = changed(MINE, '[answers.yes_no]\nyes = "Yes"\nno = "No"\n', '[answers]\nyes_no = ["yes"]\n')
    refused(text, "expected answers such as", 'yes_no = ["yes"]')


def test_a_column_of_the_frame_written_within_it_is_found_too():
    start, end = MINE.index("[[frame.columns]]"), MINE.index("[[section]]")
    text = MINE[:start] + 'columns = [\n  { name = "route" },\n]\n\n' + MINE[end:]
    refused(text, "there is no 'title'", "columns = [")
    refused(text.replace('{ name = "route" }', "3"), "under a line [[frame.columns]]", "columns = [")
    alone = MINE[:start] + "columns = 3\n\n" + MINE[end:]
    refused(alone, "under a line [[frame.columns]]", "columns = 3")


def test_a_question_about_the_whole_case_cannot_hang_on_one_of_several_things_in_it():
    late = '\n[[question]]\nid = "closed"\nsection = "call"\ntext = "?"\nanswers = "yes_no"\n'
    text = MINE.replace("[[result]]", late + "asked_when = { kept = 'no' }\n\n[[result]]", 1)
    error = refused(text, "'kept' is asked of each promise, this once for the whole case", "kept = 'no'")
    assert error.where.endswith("(question 5)")


def test_what_is_listed_cannot_hang_on_one_of_the_things_listed():
    text = changed(MINE, 'asked_when = { promised = ["yes"] }', "")
    text += '\n[[section]]\nid = "after"\ntitle = "After"\nasked_when = { kept = "yes" }\n'
    text += '\n[[question]]\nid = "thanked"\nsection = "after"\ntext = "?"\nanswers = "yes_no"\n'
    refused(text, "'kept' is asked of each promise", '{ kept = "yes" }')


def test_a_case_lists_one_kind_of_thing_and_on_one_condition():
    more = '\n[[section]]\nid = "more"\ntitle = "More"\neach = "{}"\nasked_when = {}\n'
    asked = '\n[[question]]\nid = "more_of_it"\nsection = "more"\ntext = "?"\nanswers = "yes_no"\n'
    other = more.format("threat", '{ promised = ["yes"] } # other')
    refused(MINE + other + asked, "one kind of thing, here 'promise' already", 'each = "threat"')
    other = more.format("promise", '{ promised = ["no"] }')
    refused(
        MINE + other + asked,
        "the same condition for all that is asked of each promise",
        'promised = ["no"] }',
    )
    other = more.format("promise", "{}").replace("asked_when = {}\n", "").replace("each =", "each  =")
    refused(MINE + other + asked, "the same condition for all", 'each  = "promise"')
    same = more.format("promise", '{ promised = ["yes"] }')
    assert read(MINE + same + asked).question("more_of_it").each == "promise"


def test_a_section_in_which_nothing_is_asked_is_refused():
    text = MINE + '\n[[section]]\nid = "empty"\ntitle = "Nothing"\n'
    refused(text, "there is no question in the section 'empty'", 'id = "empty"')


def test_the_line_of_a_value_is_not_that_of_another_in_which_the_same_words_stand():
    title = 'title = "of where nope phone"'
    text = changed(MINE, 'title = "Promises kept"', title)
    refused(changed(text, 'of = ["yes", "no"]', 'of = ["nope"]'), "'kept' 'nope'", 'of = ["nope"]')
    of_phone = changed(text, '{ route = ["phone"], promised', '{ route = ["web", "phones"], promised')
    refused(of_phone, "no answer to 'route' 'phones'", '"phones"')
    of_phone = changed(of_phone, 'title = "of where nope phone"', 'title = "phones"')
    refused(of_phone, "no answer to 'route' 'phones'", '["web", "phones"]')
    apart = changed(text, 'where = { route = ["phone"], promised = ["yes"] }\n', "")
    apart += '\n[result.where]\npromised = [\n  "yes",\n  "nope",\n]\n'
    refused(apart, "no answer to 'promised' 'nope'", '  "nope",')


@pytest.mark.parametrize(
    "about",
    [
        'about = """\ncase = 1\n[[question]]\n"""\n',
        "about = '''\ncase = 1\n[[question]]\n'''\n",
        'about = """case = 1\n[[question]]\ncase = 2"""\n',
        'about = """case = 1 [[question]]"""\n',
        'about = """\n"""\n',
    ],
)
def test_the_line_is_not_one_of_a_text_in_which_the_same_words_stand(about):
    start, end = MINE.index("about ="), MINE.index("[answers.yes_no]")
    text = about + MINE[:start] + MINE[end:]
    assert read(text).about == " ".join(about.strip("\n").partition("=")[2].strip(" \"'").split())
    refused(changed(text, 'case = "call"', "case = 77"), "expected case to be text", "case = 77")
    error = refused(changed(text, 'Was it kept?"', 'Was it kept?"\nx = 1'), "'x' means nothing", "x = 1")
    assert error.where.endswith("(question 3)")


def test_an_empty_list_of_answers_that_are_not_relevant_says_that_all_are():
    assert read(changed(MINE, '["unclear"]', "[]")).question("promised").relevant == ("yes", "no", "unclear")


def test_what_means_nothing_is_shown_up_to_a_length():
    refused(changed(MINE, "series = 2", f"{'s' * 60} = 2"), f"'{'s' * 60}' means", "sss")
    refused(changed(MINE, "series = 2", f"{'s' * 61} = 2"), f"'{'s' * 60}…' means", "sss")


def test_a_minimum_needs_columns_that_make_strata():
    text = changed(RECORDS, 'each = "crime_id"', 'each = "crime_id"\nminimum = { all = 3 }')
    refused(text, "no stratum 'all'. It is named by its closed_as", "minimum =")
    start, end = text.index("[[frame.columns]]"), text.index("[[section]]")
    refused(text[:start] + text[end:], "The frame has no columns", "minimum =")


def test_a_minimum_may_name_a_stratum_in_which_any_text_may_stand():
    assert read(MINE).frame.minimum == (("phone / north", 2),)


def test_the_line_is_that_of_an_editor_whatever_ends_lines_or_hides_in_them():
    windows = MINE.replace("\n", "\r\n").replace('text = "Was it kept?"', "text = 3")
    with pytest.raises(DataError, match=rf"line {line_of(windows, 'text = 3')} \(question 3\)"):
        read(windows)
    odd = MINE.replace("what was promised", "what\u2028was\x85promised").replace(
        "personal = true", "personal = 3"
    )
    refused(odd, "personal to be true or false", "personal = 3")


def test_a_mark_at_the_start_of_the_file_is_no_reason_to_refuse_it():
    assert read_instrument("calls", b"\xef\xbb\xbf" + MINE.encode(), name="calls.toml") == read(MINE)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('case = "call"', "case = ", "case = "),
        ('case = "call"', 'case = "call', 'case = "call'),
        ('case = "call"', 'case = "call"\ncase = "call" # 2', '"call" # 2'),
        ('[[question]]\nid = "kept"', '[[question]\nid = "kept"', "[[question] "),
        ("yearly = true", "yearly = yes", "yearly = yes"),
    ],
)
def test_a_file_that_is_no_toml_is_said_with_its_line(old, new, line):
    text = changed(MINE, old, new).replace("[[question]\n", "[[question] \n")
    error = refused(text, "expected TOML, got something else", line)
    assert "line" not in error.message


def test_a_text_that_is_never_closed_is_said_at_the_end_of_the_file():
    text = MINE + 'sentence = """and so on\n\n\n'
    error = refused(text, "expected TOML", "and so on")
    assert error.exit_code == 1


@pytest.mark.parametrize(
    "text",
    ["x = " + "[" * 20_000, "x = " + "9" * 10_000, "x = {" * 20_000],
    ids=["nested lists", "a long number", "nested tables"],
)
def test_a_file_made_to_break_the_reader_is_refused_like_any_other(text):
    with pytest.raises(DataError, match="line 1"):
        read(text)


def test_bytes_that_are_no_utf_8_are_said_with_their_line():
    text = changed(MINE, "Where it came from", "Café")
    with pytest.raises(DataError, match="UTF-8") as found:
        read_instrument("calls", text.encode("cp1252"), name="calls.toml")
    assert found.value.where == f"calls.toml, line {line_of(text, 'Café')}"


def test_an_empty_file_says_what_it_lacks():
    refused("", "there is no 'title'", "")
    refused("\n# nothing yet\n", "there is no 'title'", "")


@pytest.mark.parametrize("name", ["My Audit", "Calls", "7", "a-b", "é", "x" * 61, ""])
def test_a_file_name_that_can_be_no_id_is_refused(name):
    with pytest.raises(DataError, match=r"such as my_audit\.toml") as found:
        read(MINE, name)
    assert found.value.where == f"{name}.toml"


def test_an_instrument_is_found_by_its_path(tmp_path):
    path = tmp_path / "calls.toml"
    path.write_text(MINE, encoding="utf-8")
    assert find_instrument(str(path)) == read(MINE)


def test_a_path_at_which_there_is_no_file_is_a_slip_of_the_person(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    for name in ("folder.toml", "gone.toml"):
        with pytest.raises(UseError, match="cannot be read") as found:
            find_instrument(str(tmp_path / name))
        assert (found.value.where, found.value.exit_code) == (str(tmp_path / name), 2)


def test_an_audit_that_does_not_exist_is_named_beside_those_that_do():
    with pytest.raises(UseError, match=r"no audit 'charm'.*crime_data_integrity, stop_search, victim"):
        find_instrument("charm")


def test_the_three_instruments_load_and_are_different():
    assert instrument_ids() == ("crime_data_integrity", "stop_search", "victim_service")
    hashes = [load_instrument(i).hash for i in instrument_ids()]
    assert all(re.fullmatch("[0-9a-f]{12}", h) for h in hashes)
    assert len(set(hashes)) == 3


@pytest.mark.parametrize("instrument_id", ["crime_data_integrity", "stop_search", "victim_service"])
def test_whether_a_question_is_asked_is_known_before_it_is(instrument_id):
    instrument = load_instrument(instrument_id)
    known = {c.name: {code for code, _ in c.answers} for c in instrument.frame.columns}
    for question in instrument.questions:
        for name, codes in question.asked_when:
            assert set(codes) <= known[name], (question.id, name)
            on = instrument.question(name)
            assert on is None or not on.each or on.each == question.each
        known[question.id] = set(question.codes)
        assert question.id not in SHEET_COLUMNS


@pytest.mark.parametrize("instrument_id", ["crime_data_integrity", "stop_search", "victim_service"])
def test_each_question_can_come_up_and_each_result_can_count(instrument_id):
    instrument = load_instrument(instrument_id)
    for question in instrument.questions:
        given = {name: codes[0] for name, codes in question.asked_when}
        assert holds(question.asked_when, given)
    for result in instrument.results:
        assert set(result.counts) <= set(result.of or result.counts)
        assert set(result.of) <= {code for code, _ in instrument.answers(result.question)}
        question = instrument.question(result.question)
        assert question is None or result.of
        given = {name: codes[0] for name, codes in result.where}
        assert not (result.unless and holds(result.unless, given))
        assert "{value}" in result.sentence or not result.sentence


def test_what_a_person_is_asked_of_themselves_is_personal():
    personal = [(i, q.id) for i in instrument_ids() for q in load_instrument(i).questions if q.personal]
    assert personal == [("stop_search", "self_defined_ethnicity")]


def test_records_that_an_instrument_asks_for_are_in_the_standard():
    for instrument in map(load_instrument, instrument_ids()):
        if instrument.frame.standard:
            standard = load_standard(instrument.frame.standard)
            for name in [
                *(n for n, _ in instrument.frame.where),
                *(c.source for c in instrument.frame.columns),
            ]:
                assert standard.column(name).codes


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "Audit of calls"', 'title = "Audit of Calls"'),
        ("version = 1\n", "version = 2\n"),
        ("series = 2", "series = 3"),
        ('case = "call"', 'case = "telephone call"'),
        ("Of every call", "Of each call"),
        ('north" = 2', 'north" = 3'),
        ('"How it came"', '"How it was made"'),
        ('phone = "By phone"', 'phone = "Phone"'),
        ('"The call"', '"A call"'),
        ('answered_by = "listener"', 'answered_by = "reviewer"'),
        ('each = "promise"', 'each = "vow"'),
        ('asked_when = { promised = ["yes"] }', 'asked_when = { promised = ["yes", "unclear"] }'),
        ("personal = true", "personal = false"),
        ("Was it kept?", "Was the promise kept?"),
        ('not_relevant = ["unclear"]\n', ""),
        ('asked_when = { kept = ["yes"] }\n', ""),
        ('yes = "Yes"\nno', 'yes = "Yes."\nno'),
        ('kind = "rate"', 'kind = "count"'),
        ('counts = ["yes"]\nbetter', 'counts = ["no"]\nbetter'),
        ('better = "higher"', 'better = "lower"'),
        ("was polite in", "was civil in"),
        ('of = ["yes", "no"]', 'of = ["yes"]'),
        ('promised = ["yes"] }\nunless', 'promised = ["no"] }\nunless'),
        ('unless = { polite = ["no"] }\n', ""),
        ('by = "late"\n', ""),
        ("at_least = 3", "at_least = 4"),
        ("yearly = true", "yearly = false"),
    ],
)
def test_the_hash_changes_with_anything_the_instrument_says(old, new):
    assert read(changed(MINE, old, new)).hash != read(MINE).hash


def test_the_hash_changes_with_the_order_of_questions_and_with_the_id():
    late, kept = MINE.index('[[question]]\nid = "late"'), MINE.index('[[question]]\nid = "kept"')
    swapped = MINE.replace('asked_when = { kept = ["yes"] }\n', "")
    one, two = (
        MINE[kept:late],
        MINE[late : MINE.index("[[result]]")].replace('asked_when = { kept = ["yes"] }\n', ""),
    )
    assert read(swapped).hash != read(swapped.replace(one + two, two + one)).hash
    assert read(MINE, "other_calls").hash != read(MINE).hash


def test_the_hash_is_the_same_however_the_same_is_written():
    spaced = MINE.replace(" = ", "   =   ").replace("\n\n", "\n\n# a remark\n\n").replace("\n", "\r\n")
    assert read(spaced).hash == read(MINE).hash
    apart = changed(
        MINE,
        'answers = { phone = "By phone", web = "On the web" }',
        "answers.phone = 'By phone'\nanswers.web = 'On the web'",
    )
    assert read(apart).hash == read(MINE).hash


def test_a_result_by_the_answers_to_another_question_has_a_part_for_each():
    mine = read(MINE)
    parts = mine.parts(mine.result("kept_promises"))
    assert [(group, title) for group, title, _ in parts] == [("yes", "Yes"), ("no", "No")]
    for group, _, part in parts:
        assert part.where == (*mine.result("kept_promises").where, ("late", (group,)))
        assert (part.id, part.question, part.counts) == ("kept_promises", "kept", ("yes",))
    whole = mine.result("polite_calls")
    assert mine.parts(whole) == (("", "", whole),)


def test_unrecorded_crimes_are_told_apart_by_class():
    instrument = load_instrument("crime_data_integrity")
    parts = instrument.parts(instrument.result("unrecorded"))
    assert [group for group, _, _ in parts] == list(instrument.question("class").codes)
    assert ("robbery", "Robbery") in [(group, title) for group, title, _ in parts]

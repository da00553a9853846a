"""How pages look: each kind of field, tables, paging, the first page, and what is said when something is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.template import engines
from django.test import Client
from django.utils.datastructures import MultiValueDict

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.permissions import Role
from openpeel.web.look import todo
from openpeel.web.look.fields import DayField, SeveralFilesField
from openpeel.web.look.jinja import moment, query
from web_people import HERTFORDSHIRE, MakePerson, SignIn
from web_things import make_things, release


class Everything(forms.Form):
    """One field of each kind."""

    text = forms.CharField(label="Text", help_text="A hint.")
    word = forms.CharField(label="Password", widget=forms.PasswordInput)
    long = forms.CharField(label="Long", widget=forms.Textarea)
    one = forms.ChoiceField(label="One", choices=[("a", "First"), ("b", "Second")])
    radio = forms.ChoiceField(
        label="Radio", choices=[("a", "First"), ("b", "Second")], widget=forms.RadioSelect
    )
    many = forms.MultipleChoiceField(
        label="Many", choices=[(1, "First"), (2, "Second")], widget=forms.CheckboxSelectMultiple
    )
    yes = forms.BooleanField(label="Yes", required=False)
    day = DayField(label="Day")
    file = forms.FileField(label="File")
    files = SeveralFilesField(label="Files")


def _render(source: str, **context: object) -> str:
    template = (
        '{% from "look/form.html" import field, summary, submit %}{% from "look/table.html" import table %}'
    )
    template += '{% from "look/pagination.html" import numbered, steps %}'
    return engines["jinja2"].from_string(template + source).render(context)


def _field(name: str, form: forms.Form, arguments: str = "") -> str:
    return _render(f"{{{{ field(form['{name}']{arguments}) }}}}", form=form)


FILLED = {
    "text": 'a "quoted" <text>',
    "word": "secret",
    "long": "long text",
    "one": "b",
    "radio": "b",
    "many": ["2"],
    "yes": "on",
    "day-day": "31",
    "day-month": "3",
    "day-year": "2024",
}


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("text", 'value="a &#34;quoted&#34; &lt;text&gt;"'),
        ("long", ">long text</textarea>"),
        ("one", '<option value="b" selected>Second</option>'),
        ("radio", 'value="b" checked'),
        ("many", 'value="2" checked'),
        ("yes", 'value="on" checked'),
        ("day", 'name="day-year" type="text" value="2024"'),
        ("file", 'type="file"'),
        ("files", "multiple"),
    ],
)
def test_a_field_is_printed_with_what_was_given(name: str, has: str) -> None:
    printed = _field(name, Everything(FILLED))
    assert has in printed
    assert "govuk-form-group" in printed


@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_a_field_that_is_wrong_says_so_and_the_summary_leads_to_it(name: str) -> None:
    form = Everything({})
    if name == "yes":
        form.fields["yes"].required = True
    printed = _field(name, form)
    assert "govuk-error-message" in printed
    summary = _render("{{ summary(form) }}", form=form)
    [target] = re.findall(rf'href="#(id_{name}(?:-day)?)"', summary)
    assert f'id="{target}"' in printed


def test_a_password_is_never_printed_back() -> None:
    assert "secret" not in _field("word", Everything(FILLED))


def test_a_choice_has_its_hint_and_what_it_reveals() -> None:
    arguments = ", hints={'a': 'More of it.'}, reveals={'b': '<p>Why?</p>' | safe}"
    printed = _field("radio", Everything(FILLED), arguments)
    assert re.search(r"govuk-radios__hint[^>]*>\s*More of it\.", printed)
    assert re.search(r"govuk-radios__conditional[^>]*>\s*<p>Why\?</p>", printed)


def test_a_day_is_read_from_its_parts() -> None:
    field = DayField()
    assert field.clean(["31", " 3", "2024"]) == date(2024, 3, 31)
    for wrong in (["31", "2", "2024"], ["1", "", "2024"], ["1", "x", "2024"], ["1", "1", "24"]):
        with pytest.raises(forms.ValidationError, match="not a day"):
            field.clean(wrong)
    with pytest.raises(forms.ValidationError, match="required"):
        field.clean(["", "", ""])


def test_a_day_that_is_known_is_printed_in_its_parts() -> None:
    printed = _field("day", Everything(initial={"day": date(2024, 3, 31)}))
    assert re.findall(r'type="text" value="(\d+)"', printed) == ["31", "3", "2024"]


def test_several_files_are_each_checked() -> None:
    good, empty = SimpleUploadedFile("a.csv", b"x"), SimpleUploadedFile("b.csv", b"")

    class Form(forms.Form):
        files = SeveralFilesField()

    assert Form({}, MultiValueDict({"files": [good, good]})).is_valid()
    assert not Form({}, MultiValueDict({"files": [good, empty]})).is_valid()
    assert not Form({}, MultiValueDict()).is_valid()


def test_a_table_says_what_it_is_whether_it_stacks_or_moves() -> None:
    call = "{% call table('Forces', ['Force', 'Rate'], stacks=STACKS, numeric=[1]) %}<tr></tr>{% endcall %}"
    moves = _render(call.replace("STACKS", "false"))
    assert 'role="region" aria-label="Forces" tabindex="0"' in moves
    assert "govuk-table__header--numeric" in moves
    stacks = _render(call.replace("STACKS", "true"))
    assert "openpeel-stacks" in stacks
    assert 'role="region"' not in stacks


def test_pages_keep_what_was_searched_for() -> None:
    page = Paginator(range(95), 10).page(5)
    printed = _render("{{ numbered(page, {'q': 'a&b', 'page': '5', 'none': ''}) }}", page=page)
    assert 'href="?q=a%26b&amp;page=6" rel="next"' in printed
    assert 'aria-current="page"' in printed
    assert _render("{{ numbered(page) }}", page=Paginator(range(5), 10).page(1)).strip() == ""
    assert query({"a": 1, "b": ""}, c=2) == "a=1&c=2"


def test_a_moment_is_said_in_london() -> None:
    assert moment(datetime(2026, 6, 30, 23, 5, tzinfo=UTC)) == "1 July 2026 at 12:05am"


class TestTheFirstPage:
    """What it says to whom."""

    def test_nobody_is_told_what_this_is_and_what_was_published_last(self, person: MakePerson) -> None:
        page = Client().get("/").content.decode()
        assert "Nothing has been published yet." in page
        make_things(person)
        page = Client().get("/").content.decode()
        assert "spring-2026" in page
        assert "zebra" not in page

    def test_invented_numbers_are_called_that(self, person: MakePerson) -> None:
        made = release(person(Role.ANALYST), "demo", "published")
        made.invented = True
        made.save()
        assert "Its numbers are invented" in Client().get("/").content.decode()

    @pytest.fixture
    def one_thing(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(todo, "_ASKED", [])

        @todo.todo
        def to_confirm(actor: Actor) -> list[todo.Item]:
            return [todo.Item("Confirm 3 returns", "/returns/", "By 31 July.")] if actor.force else []

        return

    def test_a_person_is_told_what_there_is_to_do(
        self, one_thing: None, person: MakePerson, signed_in: SignIn
    ) -> None:
        page = signed_in(person(Role.APPROVER, force=HERTFORDSHIRE)).get("/").content.decode()
        assert "Confirm 3 returns" in page
        assert "Nothing is waiting for you." in signed_in(person(Role.MODERATOR)).get("/").content.decode()
        assert "Confirm 3 returns" not in Client().get("/").content.decode()

    def test_who_owes_a_second_factor_is_asked_for_it(self, person: MakePerson) -> None:
        client = Client()
        client.force_login(person(Role.AUDITOR), backend="django.contrib.auth.backends.ModelBackend")
        assert "Give your second factor" in client.get("/").content.decode()


def test_pages_have_titles_of_their_own(person: MakePerson, signed_in: SignIn) -> None:
    client = signed_in(person(Role.ADMINISTRATOR))
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    paths = [
        "/",
        "/account/",
        "/account/password",
        "/account/people",
        "/account/people/add",
        "/account/permissions",
    ]
    paths += [f"/account/people/{someone.key}", "/account/password/forgotten", "/account/sign-in", "/nowhere"]
    titles = [
        re.findall(r"<title>\s*(.+?) – openpeel", client.get(p).content.decode(), re.DOTALL)[0] for p in paths
    ]
    assert len(set(titles)) == len(paths), titles

"""The list of forces that a force is most like, as an analyst has it."""

import pytest

from openpeel.errors import UseError
from openpeel.figures.similar import read_similar


def written(folder, text, encoding="utf-8"):
    path = folder / "similar.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_each_row_names_a_force_and_one_it_is_like_by_any_name(tmp_path):
    text = "force,similar,note\nKent,Essex,x\nE23000032,hertfordshire,\nEssex,Kent Police,\n"
    found = read_similar(written(tmp_path, text))
    assert found == {"E23000032": ("E23000028", "E23000027"), "E23000028": ("E23000032",)}


def test_a_force_is_not_like_itself_and_counts_once(tmp_path):
    found = read_similar(written(tmp_path, "similar,force\nKent,Kent\nEssex,Kent\nEssex,Kent\n"))
    assert found == {"E23000032": ("E23000028",)}


def test_the_mark_that_excel_puts_before_utf_8_is_passed_over(tmp_path):
    assert read_similar(written(tmp_path, "force,similar\nKent,Essex\n", "utf-8-sig"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "got no header"),
        ("force,like\nKent,Essex\n", "expected the columns 'force' and 'similar', got force, like"),
        ("force,similar\n", "got no rows"),
        ("force,similar\nKent,Essex\nKent,Kentt\n", r"row 3: expected a police force, got 'Kentt'.* Kent"),
        ("force,similar\nKent\n", "row 2: expected a police force, got ''"),
        ("force,similar\nKent,British Transport Police\n", "row 2: expected one of the 43 forces"),
    ],
)
def test_what_is_no_list_is_refused_with_the_row(tmp_path, text, said):
    with pytest.raises(UseError) as refused:
        read_similar(written(tmp_path, text))
    assert refused.match(said) or pytest.fail(str(refused.value))


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(UseError, match="cannot be read"):
        read_similar(tmp_path / "none.csv")
    with pytest.raises(UseError, match="UTF-8"):
        read_similar(written(tmp_path, "force,similar\nKent,Essex é\n", "latin-1"))

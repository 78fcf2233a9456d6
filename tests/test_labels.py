"""Files of labelled texts: what is read, and what is said about those that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from listen.errors import TeachingError
from listen.judge.taught import Labelled
from listen.labels import read


def written(folder: Path, content: str | bytes) -> str:
    path = folder / "l.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


@pytest.mark.parametrize(
    "content",
    [
        'text,label,lang,role,rating\n"a, b",complaint,de,competitor,1\nc,none,,,\n',
        '\ufefftext;label;lang;role;rating\r\n"a, b";Complaint ;DE;competitor;1,0\r\n\r\nc;none;;;\r\n',
        "label\ttext\trating\tlang\tid\trole\ncomplaint\ta, b\t1.0\tde\t7\tcompetitor\nnone\tc\t\t\t8\town\n",
    ],
    ids=["commas", "Excel in German", "tabs, another order, a column more"],
)
def test_files_as_they_come(tmp_path: Path, content: str) -> None:
    assert list(read(written(tmp_path, content))) == [
        Labelled(text="a, b", label="complaint", lang="de", role="competitor", rating=1.0),
        Labelled(text="c", label="none"),
    ]


def test_texts_may_have_several_lines_and_quotation_marks(tmp_path: Path) -> None:
    (found,) = read(written(tmp_path, 'text,label\n"one ""two""\nthree",praise\n'))
    assert found.text == 'one "two"\nthree'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "l.csv: is empty; its first line has to name the columns"),
        ("text,label\n", "holds no texts"),
        ("post,flag\na,none\n", "line 1: the column 'text' is not there; the columns are 'post', 'flag'"),
        ("text,label,text\na,none,b\n", "line 1: the column 'text' is twice"),
        ("text,label\na,none\nb,complain\n", "line 3: there is no label 'complain'; did you mean 'complaint'?"),
        ("text,label\na,xyz\n", "it may be complaint, opportunity, praise, none"),
        ("text,label\na,other\n", "--binary"),
        ("text,label\na,none\nb, c,none\n", "line 3: has 3 cells and not 2"),
        ('text,label\n"a\nb",none\nc,nix\n', "line 4: there is no label 'nix'"),
        ("text,label,role\na,none,mine\n", "line 2: there is no role 'mine'"),
        ("text,label,rating\na,none,7\n", "line 2: the rating '7' is not a number of stars"),
        ("text,label,rating\na,none,nan\n", "line 2: the rating 'nan'"),
        (b"text,label\na,none\n\xe4,none\n", "line 3 is not UTF-8; save the file as CSV in UTF-8"),
        ("text,label\na,none\n".encode("utf-16"), "is UTF-16"),
        ('text,label\na,none\n"b,none\n', "line 3: has 1 cells and not 2"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(TeachingError) as problem:
        list(read(written(tmp_path, content)))
    assert said in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TeachingError, match=r"gone\.csv: cannot be read: no such file"):
        list(read(str(tmp_path / "gone.csv")))


def test_with_two_labels_the_other_is_none(tmp_path: Path) -> None:
    (found,) = read(written(tmp_path, "text,label\na,other\n"), rest=True)
    assert found.label == "none"


def test_a_file_is_read_text_by_text(tmp_path: Path) -> None:
    first = next(iter(read(written(tmp_path, "text,label\na,none\nb,nonsense\n"))))
    assert first.text == "a"

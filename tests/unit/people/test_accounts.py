"""Key accounts (TT-4): one number however it is written, and tables as spreadsheets write them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config import ConfigErrors
from gateway.desk.accounts import KeyAccounts, normalised, rank_named
from gateway.people.accounts_file import AccountsFile, read_accounts

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("one", "written"),
    [
        ("5311234567", ("05311234567", "0531-1234567", "+86 531 1234567", "+86(0)531 1234567", "008605311234567")),
        ("13812345678", ("+8613812345678", "8613812345678", "013812345678", "138 1234 5678", "１３８12345678")),
        ("1012345678", ("010-12345678", "861012345678", "+86 10 12345678")),
        ("+442071234567", ("00442071234567", "+44 20 7123 4567")),
        ("87654321", ("8765-4321",)),
        ("4001234567", ("400-123-4567",)),
        ("95588", ("95 588",)),
    ],
)
def test_one_number_however_it_is_written(one: str, written: tuple[str, ...]) -> None:
    assert {normalised(number) for number in (one, *written)} == {one}


@pytest.mark.parametrize(
    "text", ["", "12", "anonymous", "+", "+0531", "1234567890123456", "1.38E+10", "12a45", "１２"]
)
def test_what_is_no_number(text: str) -> None:
    assert normalised(text) is None
    assert KeyAccounts({"12": 1}).rank_of(text) is None


@given(st.text("0123456789+-８ ", max_size=20))
def test_a_normalised_number_is_its_own(text: str) -> None:
    once = normalised(text)
    assert once is None or normalised(once) == once


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("national", 1),
        ("国家级", 1),
        ("Provincial", 2),
        ("省级", 2),
        ("municipal", 3),
        (" 市级 ", 3),
        ("９", 9),
        ("0", None),
    ],
)
def test_ranks_by_name(name: str, rank: int | None) -> None:
    assert rank_named(name) == rank


RANK_ALLOWED = "national (国家级), provincial (省级), municipal (市级) or 1 to 9"


def table(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "key.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        read_accounts(path)
    return [str(fault).removeprefix(f"{path}:") for fault in caught.value.faults]


CHINESE = '名称,号码,级别\r\n山东电力,0531-12345678,国家级\r\n济南一中,"13812345678",市级\r\n,,\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_as_a_spreadsheet_writes_it(tmp_path: Path, encoding: str) -> None:
    accounts = read_accounts(table(tmp_path, CHINESE, encoding))
    assert len(accounts) == 2
    assert accounts.rank_of("+8653112345678") == 1
    assert accounts.rank_of("13812345678") == 3
    assert accounts.rank_of("13812345679") is None


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_a_name_over_two_lines(tmp_path: Path, separator: str) -> None:
    rows = [("Rank", "Number", "Name"), ("2", "110", '"a\nb"'), ("x", "120", "c")]
    path = table(tmp_path, "\n".join(separator.join(row) for row in rows))
    assert faults(path) == [f"4: rank: 'x' is no rank; allowed: {RANK_ALLOWED}"]


def test_every_fault_of_a_table_at_once(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "number,rank\n110,1\n,2\n1.38E+10,1\n110,2\n120,1,x\nno,13812345678\n119\n0531-1234567,3\n+865311234567,3\n",
    )
    assert faults(path) == [
        "3: number: is empty; allowed: 3 to 15 digits, with spaces, '-' or a leading + if wanted",
        "4: number: was rounded by a spreadsheet; allowed: 3 to 15 digits, with spaces, '-' or a leading + if"
        " wanted, in a column formatted as text",
        "5: number: has rank 2 here and 1 in line 2; allowed: one rank",
        "6: has 3 columns; allowed: the header's 2",
        "7: number: no telephone number; allowed: 3 to 15 digits, with spaces, '-' or a leading + if wanted",
        f"7: rank: '138****5678' is no rank; allowed: {RANK_ALLOWED}",
        f"8: rank: '' is no rank; allowed: {RANK_ALLOWED}",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", ["1: is empty; allowed: a header row with number (号码), rank (级别) and, if wanted, name (名称)"]),
        ("number,level\n110,1\n", ["1: level: no such column; allowed", "1: rank: no such column here; allowed"]),
        ("number,rank,号码\n", ["1: number: column number twice", "1: 号码: column number twice"]),
        (
            "13812345678,1\n",
            ["1: 138****5678: no such column", "1: 1: no", "1: number: no such", "1: rank: no such"],
        ),
        (b"number,rank\n110,1\n12\x000,1\n", ["3: holds a NUL byte"]),
        (b"number,rank\n\xff\xff\xff,1\n", ["2: is no text; allowed: UTF-8 or GB18030"]),
        (b"PK\x03\x04rest", ["1: is an Excel workbook; allowed: a CSV file"]),
        ('number,rank\n110,"1\n', ["2: is no CSV: unexpected end of data"]),
        ('number,rank\n110,"' + "1" * 140_000 + '"\n', ["2: is no CSV: field larger"]),
    ],
)
def test_a_file_that_is_no_such_table(tmp_path: Path, content: str | bytes, told: list[str]) -> None:
    shown = sorted(faults(table(tmp_path, content)))
    assert len(shown) == len(told)
    for fault, begins in zip(shown, sorted(told), strict=True):
        assert fault.startswith(begins)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert faults(tmp_path) == ["1: is a folder; allowed: a readable CSV file"]
    assert "cannot be read (No such file or directory)" in faults(tmp_path / "none.csv")[0]


def test_a_table_wrong_throughout_tells_the_first_faults(tmp_path: Path) -> None:
    shown = faults(table(tmp_path, "number,rank\n" + "110,best\n" * 5000))
    assert len(shown) == 21
    assert shown[0].startswith("2: rank: 'best'")
    assert shown[20] == "22: 4980 more faults from here on; mend these first"


def test_a_large_table_is_read_whole(tmp_path: Path) -> None:
    rows = "".join(
        f"0531-{number:08},{number % 9 + 1},客户{number}\r\n" for number in range(10_000_000, 10_100_000)
    )
    accounts = read_accounts(table(tmp_path, "number,rank,name\r\n" + rows, "gb18030"))
    assert len(accounts) == 100_000
    assert accounts.rank_of("+86 531 10000008") == 10_000_008 % 9 + 1


def test_a_changed_file_is_read_anew_and_a_wrong_one_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = table(tmp_path, "number,rank\n13812345678,1\n")
    accounts = AccountsFile(path)
    os.utime(path, ns=(1, 1))
    table(tmp_path, "number,rank\n13812345678,2\n")
    accounts.look()
    assert accounts.rank_of("13812345678") == 2
    table(tmp_path, "number,rank\n13812345678,none\n")
    accounts.look()
    assert accounts.rank_of("13812345678") == 2
    assert "'none' is no rank" in caplog.text
    assert "the 1 read before stay in force" in caplog.text
    assert "13812345678" not in caplog.text
    told = len(caplog.records)
    accounts.look()
    assert len(caplog.records) == told, "told once"
    path.unlink()
    accounts.look()
    assert accounts.rank_of("13812345678") == 2

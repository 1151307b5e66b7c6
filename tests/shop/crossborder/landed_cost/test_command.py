"""``manage.py landed_cost``: a line in, a line out, whatever is in it."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shop.crossborder.rulebook.files import INITIAL
from tests import factories as make
from tests.shop.crossborder.landed_cost.test_bad_input import body

ROOT = Path(__file__).parents[4]
GOOD = json.dumps(body())


def answers(*lines: str, **options) -> list[dict]:
    out = io.StringIO()
    call_command("landed_cost", stdin=io.StringIO("\n".join(lines)), stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_has_one_answer_and_a_bad_one_does_not_stop_the_next():
    deep = "[" * 100_000
    found = answers(GOOD, "{oops", "", "[]", deep, json.dumps(body(line__hs="1")), GOOD, initial=True)
    assert [one.get("problem") for one in found] == [
        None, "invalid-json", "bad-request", "invalid-json", "bad-request", None,
    ]  # fmt: skip
    assert found[0] == found[-1]
    assert (found[0]["kind"], found[0]["total"]) == ("FINAL", "58.68")
    assert found[4]["errors"][0]["pointer"] == "/consignments/0/lines/0/hs"


def test_a_line_that_is_too_long_is_refused():
    assert answers(" " * 1_000_001 + "1", GOOD, initial=True)[0]["problem"] == "too-large"


def test_what_may_not_be_sent_is_refused_with_the_rule():
    (found,) = answers(json.dumps(body(line__flags=["ivory"])), initial=True)
    assert found["problem"] == "not-deliverable"
    assert found["refusals"] == [{"code": "cites", "rule": "cites-ivory", "about": "MUG"}]


def test_another_folder_of_rules_gives_other_figures(tmp_path):
    folder = shutil.copytree(INITIAL, tmp_path / "book")
    taxes = folder / "taxes.csv"
    taxes.write_text(
        taxes.read_text().replace(
            "fr-vat-standard,FR,standard,VAT,,,TVA,0.2,", "fr-vat-standard,FR,standard,VAT,,,TVA,0.25,"
        )
    )
    (plain,), (other,) = answers(GOOD, initial=True), answers(GOOD, book=str(folder))
    assert (plain["tax"], other["tax"]) == ("9.78", "12.23")
    assert plain["rulebook"] != other["rulebook"]


def test_a_folder_without_rules_or_with_a_wrong_row_is_named(tmp_path):
    with pytest.raises(CommandError, match="holds no rule book"):
        answers(GOOD, book=str(tmp_path))
    (tmp_path / "taxes.csv").write_text("key,rate\na,twenty\n")
    with pytest.raises(CommandError, match=r"taxes.csv line 2: rate|taxes.csv line 2"):
        answers(GOOD, book=str(tmp_path))


@pytest.mark.django_db
def test_the_published_book_answers_and_without_one_a_sentence_says_what_to_do():
    with pytest.raises(CommandError, match=r"No rule book is published: run manage\.py load_rules"):
        answers(GOOD)
    make.rule_book()
    (found,) = answers(GOOD)
    assert (found["total"], found["rulebook"]) == ("58.68", "1")


def run(*options: str, given: bytes, settings: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, str(ROOT / "manage.py"), "landed_cost", *options]
    return subprocess.run(
        command, input=given, capture_output=True, env=os.environ | settings, check=False, timeout=120
    )


def test_a_file_on_standard_input_is_answered_by_the_command_itself(tmp_path):
    given = b"\n".join([GOOD.encode(), b'{"country": "\xff\xfe"}', "{…}".encode(), GOOD.encode()])
    done = run("--initial", given=given, settings={"PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [one.get("problem") for one in found] == [None, "invalid-json", "invalid-json", None]
    done = run("--book", str(tmp_path), given=b"", settings={})
    assert done.returncode == 1
    assert b"holds no rule book" in done.stderr
    assert b"Traceback" not in done.stderr

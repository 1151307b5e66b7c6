"""``manage.py royalties calculate`` on files: the figures, and every fault with its row and column."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from licensing.royalties.engine.document import FORM

TERMS: dict[str, Any] = {
    "form": FORM,
    "currency": "GBP",
    "contract_year_starts": "01-01",
    "scope": {"territories": ["CN"], "channels": "all", "term": {"from": "2026-01-01", "until": "2028-12-31"}, "sell_off_days": 0, "declared_stock": None, "unit_caps": None},
    "base": "net_sales",
    "deductions": {"named": {"promo": {"allowed": True, "cap": None, "evidence": False}}, "others": "refuse", "together": []},
    "rates": [{"id": "R1", "when": {}, "priority": 0, "value": {"percent": "0.08"}}],
    "returns": {"without_sale": "refuse"},
    "fx": {"method": "month_average", "fallback": "refuse"},
    "guarantee": None, "advance": None, "fund": None, "reserve": None, "tax": None,
}  # fmt: skip
RATES = {"monthly": {"CNY": {"2026-07": "9.2450", "2026-08": "9.3120", "2026-09": "9.2785"}}}
HEAD = "line_id,sold_on,sku,units,currency,gross_sales,territory,deduction:promo"
SALES = f"""{HEAD}
A,2026-07-09,MUG-1,10,CNY,400000,CN,
B,2026-08-09,MUG-1,10,CNY,350000,CN,
C,2026-09-09,MUG-1,10,CNY,500100,JP,100
"""


def run(folder: Path, *, terms: Any = TERMS, sales: str = SALES, **options: Any) -> tuple[str, str]:
    (folder / "terms.json").write_text(terms if isinstance(terms, str) else json.dumps(terms))
    (folder / "sales.csv").write_text(sales, encoding="utf-8")
    (folder / "rates.json").write_text(json.dumps(RATES))
    out, err = StringIO(), StringIO()
    arguments = ["calculate", "--terms", str(folder / "terms.json"), "--sales", str(folder / "sales.csv")]
    arguments += ["--rates", str(folder / "rates.json")]
    try:
        call_command("royalties", *arguments, *options.pop("more", []), stdout=out, stderr=err)
    except CommandError as error:
        return f"refused: {error}", err.getvalue()
    return out.getvalue(), err.getvalue()


def test_the_figures(tmp_path: Path) -> None:
    out, _err = run(tmp_path)
    assert "earned" in out
    assert "10,779.24" in out
    assert "look at line C: out_of_territory" in out


def test_as_json_with_the_trace(tmp_path: Path) -> None:
    out, _err = run(tmp_path, more=["--json"])
    found = json.loads(out)
    assert (found["earned"], found["lines"][2]["net"]) == ("10779.24", "500000")
    assert [step["step"] for step in found["lines"][0]["trace"]] == ["terms", "base", "deduction", "fx", "rate", "round"] or [step["step"] for step in found["lines"][0]["trace"]] == ["terms", "base", "fx", "rate", "round"]  # fmt: skip
    assert run(tmp_path, more=["--json"])[0] == out, "bit for bit the same"


@pytest.mark.parametrize(
    ("sales", "said"),
    [
        ("", "row 1: The column line_id is missing"),
        (HEAD.replace("sku", "article") + "\n", "There is no column 'article'"),
        (HEAD + ",sku\n", "The column sku is there twice"),
        (f"{HEAD}\nA,2026-07-09,MUG-1,ten,CNY,1,CN,\n", "row 2, column units: 'ten' is not a number"),
        (f"{HEAD}\nA,09/07/2026,MUG-1,1,CNY,1,CN,\n", "row 2, column sold_on"),
        (f'{HEAD}\nA,2026-07-09,MUG-1,1,CNY,"1,000",CN,\n', "row 2, column gross_sales"),
        (f"{HEAD}\nA,2026-07-09,=1+1,1,CNY,1,CN,\n", "A formula is not a value"),
        (f"{HEAD}\nA,2026-07-09,MUG-1,1,CNY,1\n", "row 2: This row has not as many fields"),
        (f"{HEAD}\nA,2026-07-09,MUG-1,1,XXY,1,CN,\n", "There is no rate for XXY in 2026-07"),
        (f"{HEAD}\nA,2026-07-09,MUG-1,1,yuan,1,CN,\n", "row 2, column currency"),
        (f"{HEAD}\nA,2026-07-09,MUG-1,-1,CNY,-1,CN,\n", "A return must name the sale"),
        (f"{HEAD},original\nA,2026-07-09,MUG-1,-1,CNY,-1,CN,,Z\n", "No earlier line 'Z' is known"),
        (f"{HEAD}\nA,2026-07-09,MUG-1,1,CNY,1,CN,-5\n", "A deduction is written without a sign"),
        (f"{HEAD},deduction:freight\nA,2026-07-09,MUG-1,1,CNY,1,CN,,5\n", "The terms do not name this deduction"),
        (f"{HEAD}\nA,2026-07-09,MUG-1,1,CNY,1,CN,\nA,2026-07-09,MUG-1,1,CNY,1,CN,\n", "Two lines have this id"),
        (f"{HEAD}\nA,2026-07-09,MUG-1,1,CNY,,CN,\n", "the line has none"),
        (f"{HEAD}\n", "The file has no sales"),
    ],
)  # fmt: skip
def test_faults_of_sales_are_named(tmp_path: Path, sales: str, said: str) -> None:
    out, err = run(tmp_path, sales=sales)
    assert out.startswith("refused")
    assert said in out + err


@pytest.mark.parametrize(
    ("terms", "said"),
    [("{", "This is not JSON"), ("[" * 100_000, "This is not JSON"), (TERMS | {"currency": 1}, "/currency"), ([], "must be an object")],
)  # fmt: skip
def test_faults_of_terms_are_named(tmp_path: Path, terms: Any, said: str) -> None:
    out, err = run(tmp_path, terms=terms)
    assert out.startswith("refused")
    assert said in err


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("royalties", "calculate", "--terms", str(tmp_path / "none.json"), "--sales", "x")

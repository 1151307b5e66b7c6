"""Count sheets through the admin: downloaded, filled in, checked, applied; and what a viewer may not."""

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from config.roles import MERCHANDISER, VIEWER, ensure_groups
from inventory.models import Balance, Movement
from inventory.stock import actions, sheets
from inventory.stock.models import BundleComponent, CountLine, CountSheet
from inventory.stock.sheets import BookRow
from tests import factories as make
from tests.admin.test_actions import said

LIST = "/admin/inventory/countsheet/"
UPLOAD, DOWNLOAD, SHEET = (f"{LIST}{name}/" for name in ("upload", "download", "sheet"))
HEADER = "sku,description,warehouse,expected,counted,note\n"


@pytest.fixture
def viewer(db) -> Client:
    """A browser signed in as viewer."""
    user = User.objects.create_user("vera", is_staff=True)
    user.groups.add(ensure_groups()[VIEWER])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def stocked(db) -> None:
    """Ten cups and four fans in London."""
    make.balance(10, sku="CUP")
    make.balance(4, sku="FAN")


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, content: str | bytes, *, at: str = "LON", **fields):
    """Upload a sheet, as a dry run unless told."""
    data = content if isinstance(content, bytes) else (HEADER + content).encode()
    file = SimpleUploadedFile("count.csv", data)
    told = {"warehouse": make.warehouse(at).pk, "reference": "annual count", "dry_run": "on", "file": file, **fields}
    return client.post(UPLOAD, {name: value for name, value in told.items() if value is not None})


def token(page) -> str:
    return re.search(r'name="token" value="([^"]+)"', shown(page))[1]


def on_hand(sku: str = "CUP") -> int:
    return Balance.objects.get(item__sku=sku, warehouse__code="LON").on_hand


def nothing_changed() -> bool:
    return (on_hand(), on_hand("FAN")) == (10, 4) and not CountSheet.objects.exists()


# --- The way of a count ---------------------------------------------------------------------------------------------


def test_a_count_from_the_download_to_the_books(desk, stocked):
    answer = desk.post(DOWNLOAD, {"_form_submitted": "True", "warehouse": make.warehouse().pk, "scope": "stocked",
                                  "format": "xlsx"})  # fmt: skip
    file = desk.get(answer.url)
    assert re.fullmatch(r'attachment; filename="count-lon-\d{4}-\d\d-\d\d\.xlsx"', file["Content-Disposition"])
    book = load_workbook(io.BytesIO(file.content))
    assert [[cell.value for cell in line] for line in book.active.iter_rows(max_col=5)] == [
        ["sku", "description", "warehouse", "expected", "counted"],
        ["CUP", "CUP", "LON", 10, None],
        ["FAN", "FAN", "LON", 4, None],
    ]
    book.active["E2"] = 8
    out = io.BytesIO()
    book.save(out)

    page = send(desk, out.getvalue())
    assert "this sheet can be applied" in shown(page)
    assert "Apply one difference" in shown(page)
    assert "1 not counted yet" in shown(page)
    assert "−2" in shown(page)
    assert nothing_changed()

    applied = desk.post(UPLOAD, {"token": token(page)})
    count = CountSheet.objects.get()
    assert applied.url == f"{LIST}{count.pk}/change/"
    assert on_hand() == 8
    assert on_hand("FAN") == 4
    moved = Movement.objects.get(kind="count")
    assert (moved.cause, moved.actor, moved.on_hand_delta) == ("count:annual count", "mina", -2)
    page = shown(desk.get(applied.url))
    assert "the books now say what was counted" in page
    assert "−2" in page


def test_csv_download_of_all_items(desk, stocked):
    make.item("NEW")
    url = f"{SHEET}?warehouse={make.warehouse().pk}&scope=all&format=csv"
    text = desk.get(url).content.decode("utf-8-sig")
    assert text.splitlines()[1:] == ["CUP,CUP,LON,10,,", "FAN,FAN,LON,4,,", "NEW,NEW,LON,0,,"]


def test_a_dialogue_that_htmx_opened_leads_to_the_file_and_closes(desk, stocked):
    told = {"_form_submitted": "True", "warehouse": make.warehouse().pk, "scope": "all", "format": "csv"}
    page = shown(desk.post(DOWNLOAD, told, headers={"hx-request": "true"}))
    assert f'data-url="{SHEET}?warehouse={make.warehouse().pk}&amp;scope=all&amp;format=csv"' in page
    assert 'id="dialog-form"' in page


def test_a_clean_sheet_may_be_applied_at_once(desk, stocked):
    answer = send(desk, "CUP,,LON,10,12,\n", dry_run=None)
    assert answer.status_code == 302
    assert on_hand() == 12


def test_a_sheet_that_is_not_clean_is_never_applied_at_once(desk, stocked):
    page = shown(send(desk, "CUP,,LON,10,12,\nFAN,,LON,5,4,\n", dry_run=None))
    assert "Row 3" in page
    assert nothing_changed()


# --- Refusals, each with nothing changed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"sku;place;expected;counted\nCUP;LON;10;9", ["Row 1", "“place” is unknown", "“warehouse” is missing"]),
        ("CUP,,LON,10,9.5,\nFAN,,LON,4,-1,\n", ["2 things keep", "Row 2", "not a whole number", "Row 3", "negative"]),
        ("CUP,,LIL,10,9,\n", ["CUP is a row of warehouse LIL, not of LON."]),
        ("CUP,,LON,9,9,\n", ["Row 2", "the books now say 10 (1 more)", "count it again"]),
        ("NOPE,,LON,9,9,\n", ["There is no item NOPE."]),
        ("SET,,LON,0,9,\n", ["SET is a bundle"]),
        ("CUP,,LON,10,,\n", ["Sheet", "Nothing is counted yet"]),
        (b"\x89PNG\r\n\xff", ["no spreadsheet that can be read"]),
        ("<script>alert(1)</script>,,LON,1,1,\n", ["&lt;SCRIPT&gt;"]),
    ],
)
def test_a_refused_sheet_says_why_and_changes_nothing(desk, stocked, content, words):
    BundleComponent.objects.create(bundle=make.item("SET"), component=make.item("CUP"), quantity=1)
    page = shown(send(desk, content))
    for word in words:
        assert word in page
    assert "Nothing was changed" in page
    assert 'name="token"' not in page
    assert "<script>alert" not in page
    assert nothing_changed()


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "The submitted file is empty"), (b"x" * (sheets.MAX_BYTES + 1), "larger than 5 MB")]
)
def test_files_that_are_not_even_opened(desk, stocked, content, words):
    assert words in shown(send(desk, content))
    assert nothing_changed()


def test_the_form_asks_for_what_is_missing(desk, stocked):
    page = shown(desk.post(UPLOAD, {"dry_run": "on"}))
    assert page.count("This field is required.") == 3
    assert "at most 60 characters" in shown(send(desk, "CUP,,LON,10,9,\n", reference="x" * 61))
    assert nothing_changed()


def test_claimed_units(desk, stocked):
    cup = make.balance(0, sku="CUP")
    actions.set_aside(item=cup.item, warehouse=cup.warehouse, quantity=6, purpose="drop", cause_key="fence")
    assert "5 counted, but 6 are claimed" in shown(send(desk, "CUP,,LON,10,5,\n"))
    assert nothing_changed()


def test_the_same_sheet_twice(desk, stocked):
    page = send(desk, "CUP,,LON,10,8,\n")
    desk.post(UPLOAD, {"token": token(page)})
    again = desk.post(UPLOAD, {"token": token(page)})  # the button pressed twice
    assert again.url == LIST
    assert "applied before" in said(again)
    actions.receive(item=make.item("CUP"), warehouse=make.warehouse(), quantity=2, cause="t", cause_key="back")
    assert "This very sheet was applied before, as “annual count”" in shown(send(desk, "CUP,,LON,10,8,\n"))
    assert on_hand() == 10
    assert CountSheet.objects.count() == 1


def test_stock_that_moved_between_the_dry_run_and_the_button(desk, stocked):
    page = send(desk, "CUP,,LON,10,8,\nFAN,,LON,4,5,\n")
    make.balance(1, sku="FAN")
    refused = shown(desk.post(UPLOAD, {"token": token(page)}))
    assert "Row 3" in refused
    assert "the books now say 5 (1 more)" in refused
    assert (on_hand(), on_hand("FAN")) == (10, 5)
    assert not CountSheet.objects.exists()


def test_a_dry_run_waits_for_who_made_it_and_not_for_ever(desk, stocked):
    page = send(desk, "CUP,,LON,10,8,\n")
    other = User.objects.create_user("otto", is_staff=True)
    other.groups.add(ensure_groups()[MERCHANDISER])
    stranger = Client()
    stranger.force_login(other)
    for client in (stranger, desk):
        answer = client.post(UPLOAD, {"token": token(page)})
        assert answer.url == UPLOAD
        assert "no longer kept" in said(answer)
        assert nothing_changed()
        cache.clear()


# --- Who may what ---------------------------------------------------------------------------------------------------


def test_a_viewer_looks_and_cannot_upload(viewer, desk, stocked):
    assert "Nothing was counted yet" in shown(viewer.get(LIST))
    assert UPLOAD not in shown(viewer.get(LIST))
    kept = token(send(desk, "CUP,,LON,10,8,\n"))
    assert viewer.get(UPLOAD).status_code == 403
    assert viewer.post(UPLOAD, {"token": kept}).status_code == 403
    assert send(viewer, "CUP,,LON,10,8,\n", dry_run=None).status_code == 403
    assert nothing_changed()
    assert viewer.get(DOWNLOAD).status_code == 200
    assert viewer.get(f"{SHEET}?warehouse={make.warehouse().pk}&format=csv").status_code == 200


def test_who_may_not_see_counts_gets_no_sheet(stocked):
    stranger = Client()
    stranger.force_login(User.objects.create_user("nobody", is_staff=True))
    sheet = f"{SHEET}?warehouse={make.warehouse().pk}&format=csv"
    assert [stranger.get(url).status_code for url in (LIST, DOWNLOAD, UPLOAD, sheet)] == [403] * 4
    assert Client().get(sheet).status_code == 302


@pytest.mark.parametrize(
    "query", ["", "?warehouse=x&format=csv", "?warehouse=999999&format=csv", "?warehouse=1&format=exe"]
)
def test_a_sheet_of_nowhere(desk, query):
    assert desk.get(SHEET + query).status_code == 404


# --- What is shown --------------------------------------------------------------------------------------------------


def test_the_list_and_a_count_tell_what_differed(desk, viewer, stocked):
    make.balance(7, sku="PIN")
    send(desk, "CUP,,LON,10,8,\nFAN,,LON,4,4,\nPIN,,LON,7,10,\n", dry_run=None)
    for client in (desk, viewer):
        page = shown(client.get(LIST))
        for word in ("annual count", "LON", "+3", "−2", "mina"):
            assert word in page
        detail = shown(client.get(f"{LIST}{CountSheet.objects.get().pk}/change/"))
        # The largest difference first, what agrees last.
        assert detail.index(">PIN<") < detail.index(">CUP<") < detail.index(">FAN<")


def test_the_list_asks_as_much_for_many_counts_as_for_one(desk, stocked, django_assert_max_num_queries):
    def ask() -> int:
        with django_assert_max_num_queries(40) as asked:
            shown(desk.get(LIST))
        return len(asked)

    send(desk, "CUP,,LON,10,9,\n", dry_run=None)
    one = ask()
    for units in range(9, 2, -1):
        send(desk, f"CUP,,LON,{units},{units - 1},\n", dry_run=None)
    assert CountLine.objects.count() == 8
    assert ask() == one


def test_a_long_list_of_troubles_and_differences_is_cut(desk, stocked):
    page = shown(send(desk, "".join(f"NO-{at},,LON,0,1,\n" for at in range(250))))
    assert "250 things keep" in page
    assert "and 50 more." in page
    rows = [make.item(f"NEW-{at}") for at in range(250)]
    written = sheets.write_csv(BookRow(item.sku, "", "LON", 0, 1) for item in rows)
    assert "50 smaller differences are not shown" in shown(send(desk, written))

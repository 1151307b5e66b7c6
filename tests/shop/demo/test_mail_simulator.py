"""The demo's mail server, spoken to by others' clients, and its mailbox."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from shop.demo.mail_simulator import books
from tests.shop.demo.mail_side import MailSide, mail_server


@pytest.fixture
def side(tmp_path: Path) -> Iterator[MailSide]:
    with mail_server(tmp_path) as made:
        yield made


def written(subject: str = "Hello", text: str = "Text.\n.\n..two dots\n", **heads: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "shop@example.org", "ada@example.org", subject
    letter.set_content(text)  # first: it takes every Content-… head away
    for name, value in heads.items():
        letter[name.replace("_", "-")] = value
    return letter


def post(side: MailSide, letter: EmailMessage, to: str = "ada@example.org") -> None:
    with smtplib.SMTP("127.0.0.1", side.port, timeout=10) as server:
        server.send_message(letter, to_addrs=[to])


def test_a_letter_arrives_as_it_was_sent(side: MailSide) -> None:
    post(side, written("Grüße aus 大英", Message_ID="<a@example.org>", Content_Language="zh-hans"))
    (one,) = side.letters()
    assert (one["to"], one["subject"], one["message_id"]) == ("ada@example.org", "Grüße aus 大英", "<a@example.org>")
    source = side.web.get(f"/letters/{one['id']}/source")
    assert source.headers["Content-Disposition"] == f'attachment; filename="letter-{one["id"]}.eml"'
    # Lines that begin with a dot are doubled on the way (RFC 5321, section 4.5.2) and whole again here.
    assert books.parse(source.data).get_content().splitlines() == ["Text.", ".", "..two dots"]
    page = side.web.get("/")
    assert 'lang="zh-Hans">Grüße aus 大英' in page.text
    assert "refresh" in page.text


def test_djangos_own_client_is_understood(side: MailSide) -> None:
    letter = EmailMultiAlternatives("Subject", "plain", "shop@example.org", ["ada@example.org", "bob@example.org"])
    letter.attach_alternative("<h1>Designed</h1>", "text/html")
    letter.attach("../a b<.pdf", b"%PDF-1.7 \x00", "application/pdf")
    letter.connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=side.port, username="", password=""
    )
    assert letter.send() == 1
    (one,) = side.letters("BOB@")
    page = side.web.get(f"/letters/{one['id']}")
    assert '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    assert side.web.get(f"/letters/{one['id']}/html").text.strip() == "<h1>Designed</h1>"
    part = side.web.get(f"/letters/{one['id']}/parts/0")
    assert (part.data, part.mimetype) == (b"%PDF-1.7 \x00", "application/octet-stream")
    assert "/" not in part.headers["Content-Disposition"]
    assert side.web.get(f"/letters/{one['id']}/parts/1").status_code == 404


def test_letters_are_strangers_words(side: MailSide) -> None:
    letter = written("<script>alert(1)</script>", "<b>plain</b>")
    letter.add_alternative("<script>alert(2)</script><p>Hi</p>", subtype="html")
    post(side, letter)
    number = side.letters()[0]["id"]
    for page in (side.web.get("/?to=<i>"), side.web.get("/"), side.web.get(f"/letters/{number}")):
        assert page.status_code == 200
        assert not {"<script>", "<b>plain", "<i>"} & set(page.text.split()), page.text
        assert "<script" not in page.text
        assert "script-src" not in page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    frame = side.web.get(f"/letters/{number}/html").headers["Content-Security-Policy"]
    assert frame.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")


@pytest.mark.parametrize("address", ["/letters/99", "/letters/x", "/letters/1/other", "/nowhere", "/__control__/x"])
def test_what_is_not_there(side: MailSide, address: str) -> None:
    assert side.web.get(address).status_code == 404


def test_down_and_up_again(side: MailSide) -> None:
    side.switch(down=True)
    with pytest.raises(ConnectionRefusedError):
        post(side, written())
    assert "switched down" in side.web.get("/").text
    side.web.post("/__control__/switches/off", json={})
    post(side, written())
    assert len(side.letters()) == 1


@pytest.mark.parametrize(
    ("fault", "error", "kept"),
    [
        ("busy", smtplib.SMTPDataError, 0),
        ("refuse", smtplib.SMTPRecipientsRefused, 0),
        ("unheard", smtplib.SMTPServerDisconnected, 1),
    ],
)
def test_a_fault_hits_so_many_letters(side: MailSide, fault: str, error: type[Exception], kept: int) -> None:
    side.switch(**{fault: True, "times": 2})
    for _turn in range(2):
        with pytest.raises(error):
            post(side, written(Message_ID="<same@example.org>"))
    post(side, written(Message_ID="<same@example.org>"))
    letters = side.letters()
    assert len(letters) == 2 * kept + 1
    # What is sent again bears its Message-ID again, and the mailbox says so.
    assert [one["again"] for one in reversed(letters)] == [False, True, True][: len(letters)]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"nonsense": 1}, "There is no switch nonsense"),
        ({"down": 1}, "down is true or false"),
        ({"hang": 61}, "hang is a number from 0 to 60"),
        ({"times": 1.5}, "times is a whole number"),
        ({"times": True}, "times is a number"),
        ([], "Switches are an object"),
    ],
)
def test_wrong_values_change_nothing(side: MailSide, values: Any, said: str) -> None:
    answer = side.web.post("/__control__/switches", json=values)
    assert answer.status_code == 400
    assert said in answer.json["error"]
    post(side, written())


def test_strangers_cannot_switch(side: MailSide) -> None:
    answer = side.web.post("/__control__/switches", json={"down": True}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert side.web.post("/__control__/switches", data="down=1").status_code == 415
    assert side.web.post("/__control__/switches", data="{", content_type="application/json").status_code == 400
    assert side.web.post("/", data="x").status_code == 405


def test_letters_and_switches_outlive_a_restart(tmp_path: Path) -> None:
    with mail_server(tmp_path) as first:
        post(first, written())
        first.switch(busy=True, times=0)
    with mail_server(tmp_path) as second:
        assert len(second.letters()) == 1
        for _turn in range(3):
            with pytest.raises(smtplib.SMTPDataError):
                post(second, written())


def test_the_oldest_letters_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "KEPT", 3)
    kept = books.Books(tmp_path)
    for number in range(5):
        kept.take(sender="a", recipients=["b"], raw=f"Subject: {number}\n\n".encode())
    assert [one.subject for one in kept.letters()] == ["4", "3", "2"]

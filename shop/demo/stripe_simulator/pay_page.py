"""The hosted payment page as HTML. It works without JavaScript, on a narrow phone and with a keyboard alone."""

from html import escape

from shop.demo.stripe_simulator import currencies, look, sessions
from shop.demo.stripe_simulator.books import Body
from shop.demo.stripe_simulator.words import Words


def _money(amount: int, session: Body, words: Words) -> str:
    return currencies.display(amount, session["currency"], locale=words.money_locale)


def _order(session: Body, lines: list[Body], words: Words) -> str:
    entries = []
    for line in lines:
        each = words.each.format(price=_money(line["price"]["unit_amount"], session, words))
        count = f"<small>{line['quantity']} × {escape(each)}</small>" if line["quantity"] > 1 else ""
        total = escape(_money(line["amount_total"], session, words))
        entries.append(f"<li><span>{escape(line['description'])}{count}</span><b>{total}</b></li>")
    total = escape(_money(session["amount_total"], session, words))
    return (
        f'<section class="sheet" aria-labelledby="order"><h2 id="order">{escape(words.order)}</h2>'
        f'<ul class="lines">{"".join(entries)}</ul>'
        f'<p class="all"><span>{escape(words.total)}</span><b>{total}</b></p></section>'
    )


def _form(session: Body, words: Words, *, action: str, email: str) -> str:
    buttons = []
    amount = _money(session["amount_total"], session, words)
    if "card" in session["payment_method_types"]:
        label = escape(words.card.format(amount=amount))
        buttons.append(f'<button name="choice" value="card">{label}</button>')
    labels = {
        "alipay": words.alipay,
        "wechat_pay": words.wechat_pay,
        "link": words.link,
        "bacs_debit": words.bacs_debit,
        "sepa_debit": words.sepa_debit,
    }
    for method, label in labels.items():
        if method in session["payment_method_types"]:
            buttons.append(f'<button class="{method}" name="choice" value="{method}">{escape(label)}</button>')
    ask = ""
    if not session["customer_email"]:
        ask = (
            f'<label for="email">{escape(words.email)} <small id="why">{escape(words.email_note)}</small></label>'
            f'<input id="email" name="email" type="email" autocomplete="email" maxlength="254" aria-describedby="why"'
            f' value="{escape(email)}">'
        )
    return (
        f'<form class="sheet" method="post" action="{escape(action)}">{ask}{"".join(buttons)}'
        f'<p class="hint" id="test">{escape(words.test)}</p>'
        f'<button class="plain" name="choice" value="decline" aria-describedby="test">{escape(words.decline)}</button>'
        "</form>"
    )


def _leave(session: Body, text: str) -> str:
    target = session["cancel_url"]
    return f'<a class="button plain" href="{escape(target)}">{escape(text)}</a>' if target else ""


def open_page(
    session: Body, lines: list[Body], words: Words, *, shop: str, action: str, problem: str = "", email: str = ""
) -> str:
    """The page of a session that can be paid. ``action`` is where its form posts, ``problem`` a sentence or empty."""
    heading = words.pay_to.format(shop=shop)
    alert = f'<p class="note" role="alert">{escape(problem)}</p>' if problem else ""
    total = escape(_money(session["amount_total"], session, words))
    body = (
        f'<h1>{escape(heading)}</h1><p class="sum">{total}</p>{alert}'
        f"{_order(session, lines, words)}{_form(session, words, action=action, email=email)}"
        f'{_leave(session, words.leave)}<p class="foot">{escape(words.foot)}</p>'
    )
    return look.page(title=f"{heading} · {words.banner}", banner=words.banner, body=body, lang=words.tag)


def closed_page(session: Body, lines: list[Body], words: Words, *, shop: str) -> str:
    """The page of a session that is complete or expired."""
    paid = session["status"] == "complete"
    waits = paid and session["payment_status"] == "unpaid"
    title = words.complete if paid else words.expired
    amount = _money(session["amount_total"], session, words)
    note = words.complete_note.format(amount=amount) if paid else words.expired_note
    if waits:
        title, note = words.processing, words.processing_note
    back = sessions.success_address(session) if paid else session["cancel_url"] or ""
    link = f'<a class="button plain" href="{escape(back)}">{escape(words.back)}</a>' if back else ""
    body = (
        f'<h1 class="state">{escape(title)}</h1><p>{escape(note)}</p>{_order(session, lines, words)}{link}'
        f'<p class="foot">{escape(shop)}</p>'
    )
    return look.page(title=f"{title} · {shop}", banner=words.banner, body=body, lang=words.tag)


def missing_page(words: Words) -> str:
    """The page of a session nobody knows."""
    body = f'<h1 class="state">{escape(words.missing)}</h1>'
    return look.page(title=words.missing, banner=words.banner, body=body, lang=words.tag)

"""The control pages as HTML: sessions, events, deliveries, faults."""

from datetime import UTC, datetime
from html import escape
from typing import Any

from shop.demo.stripe_simulator import currencies, dashboard, faults, look
from shop.demo.stripe_simulator.books import Body

BANNER = "Simulator of Stripe – no money moves"


def _when(moment: float) -> str:
    found = datetime.fromtimestamp(moment, UTC)
    return f'<time datetime="{found.isoformat()}">{found:%Y-%m-%d %H:%M:%S} UTC</time>'


def _table(heads: list[str], rows: list[list[str]], *, caption: str, empty: str) -> str:
    if not rows:
        return f"<p>{escape(empty)}</p>"
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _button(action: str, text: str, about: str) -> str:
    return (
        f'<form method="post" action="{escape(action)}"><button aria-label="{escape(f"{text}: {about}")}">'
        f"{escape(text)}</button></form>"
    )


def _sessions(held: list[Body], root: str) -> str:
    rows = []
    for session in held:
        name = session["id"]
        page = f'<a href="{escape(root)}/pay/{name}">{name[:20]}…</a>'
        act = (
            _button(f"{root}/_control/sessions/{name}/expire", "Expire now", name)
            if session["status"] == "open"
            else ""
        )
        amount = currencies.display(session["amount_total"], session["currency"])
        rows.append([
            _when(session["created"]), page, escape(session["client_reference_id"] or ""), escape(amount),
            f"{session['status']}, {session['payment_status']}", act,
        ])  # fmt: skip
    heads = ["Created", "Session", "Reference", "Total", "State", ""]
    return _table(heads, rows, caption="Sessions", empty="No sessions yet: check out in the shop.")


def _standing(state: str) -> str:
    return f'<span class="{"ok" if state == "delivered" else "bad"}">{escape(state)}</span>'


def _events(held: list[Body], sendings: dict[str, str], root: str) -> str:
    rows = [
        [
            _when(event["created"]),
            f"<code>{event['id']}</code>",
            escape(event["type"]),
            _standing(sendings[event["id"]]),
            _button(f"{root}/_control/events/{event['id']}/send", "Send again", event["id"]),
        ]
        for event in held
    ]
    return _table(["Created", "Event", "Type", "Webhook", ""], rows, caption="Events", empty="No events yet.")


def _outcome(attempt: dict[str, Any]) -> str:
    status = attempt["status"]
    if status is None:
        return f'<span class="bad">{escape(attempt["error"])}</span>'
    return f'<span class="{"ok" if 200 <= status < 300 else "bad"}">{status}</span>'


def _deliveries(held: list[dict[str, Any]]) -> str:
    rows = [
        [
            _when(attempt["at"]),
            escape(attempt["type"]),
            f"<code>{attempt['event']}</code>",
            str(attempt["number"]),
            _outcome(attempt),
            f"{attempt['milliseconds']} ms",
        ]
        for attempt in held
    ]
    heads = ["At", "Type", "Event", "Try", "Answer", "Took"]
    return _table(heads, rows, caption="Deliveries", empty="Nothing has been sent yet.")


def _faults(held: dict[str, float], root: str) -> str:
    fields = "".join(
        f"<label>{escape(one.label)} ({one.unit})<small>{escape(one.means)}</small>"
        f'<input name="{one.name}" type="number" min="0" max="{one.most:.0f}" step="1"'
        f' value="{held[one.name]:.0f}"></label>'
        for one in faults.SWITCHES
    )
    return (
        f'<form class="fields" method="post" action="{escape(root)}/_control/faults">{fields}'
        "<button>Set faults</button></form>"
        f"{_button(f'{root}/_control/switches/off', 'All off', 'faults')}"
    )


def render(state: dict[str, Any], *, root: str, webhook: str, notice: str = "", problem: str = "") -> str:
    """The control page. ``root`` is the address that the simulator is mounted at."""
    note = f'<p class="note ok" role="status">{escape(notice)}</p>' if notice else ""
    note += f'<p class="note" role="alert">{escape(problem)}</p>' if problem else ""
    body = (
        f'<h1 class="top">Stripe simulator</h1><p>Webhooks go to <code>{escape(webhook)}</code>. '
        f'<a href="{escape(root)}/_control/state">State as JSON</a></p>{note}'
        f"<h2>Sessions</h2>{_sessions(state['sessions'], root)}"
        f"{dashboard.sections(state, root, _table)}"
        f"<h2>Events</h2>{_events(state['events'], state['sendings'], root)}"
        f"<h2>Deliveries</h2>{_deliveries(state['deliveries'])}"
        f"<h2>Faults</h2>{_faults(state['faults'], root)}"
    )
    return look.page(title="Stripe simulator", banner=BANNER, body=body, wide=True)

"""The mailbox as a person reads it. Letters are strangers' text: escaped here, and in a frame that may do nothing."""

from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape

from shop.demo.mail_simulator.books import Letter
from shop.demo.stripe_simulator.look import STYLE

BANNER = "Mailbox of the demo: nobody was really written to."
EXTRA = """
.letters{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}
.letters a{display:grid;grid-template-columns:minmax(0,15rem) minmax(0,1fr) auto;gap:.25rem 1.25rem;
align-items:baseline;padding:.8rem .25rem;border-bottom:1px solid var(--line);color:inherit;text-decoration:none;
min-height:2.75rem}
.letters a:hover{background:var(--paper)}
.letters .to{color:var(--soft);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.letters .what{font-weight:600}
.letters time,.tag{color:var(--soft);font-size:.875rem;font-variant-numeric:tabular-nums}
.tag{border:1px solid var(--edge);border-radius:1rem;padding:0 .5rem;margin-left:.5rem;font-weight:400;
white-space:nowrap}
.find{display:flex;gap:.75rem;align-items:end;margin:1.25rem 0}
.find label{flex:1 1 auto}.find input{margin-bottom:0}.find button{width:auto;margin:0}
dl.head{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.3rem 1.25rem;margin:1rem 0}
dl.head dt{color:var(--soft)}dl.head dd{margin:0}
iframe{display:block;width:100%;height:46rem;border:1px solid var(--line);border-radius:.5rem;background:#fff}
pre{white-space:pre-wrap;background:var(--paper);border:1px solid var(--line);border-radius:.5rem;padding:1rem;
font:.9375rem/1.6 ui-monospace,"Noto Sans Mono",monospace;overflow-wrap:anywhere}
summary{cursor:pointer;padding:.6rem 0;font-weight:600}
.back{display:inline-block;padding:.4rem 0}
@media (max-width:40rem){.letters a{grid-template-columns:minmax(0,1fr) auto}.letters .what{grid-column:1/-1;grid-row:2}
.letters .to{grid-row:1}.find{flex-wrap:wrap}.find button{width:100%}}
"""


def _page(title: str, body: str, *, fresh_every: int = 0) -> str:
    again = f'<meta http-equiv="refresh" content="{fresh_every}">' if fresh_every else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"{again}<title>{escape(title)}</title><style>{STYLE}{EXTRA}</style></head><body>"
        f'<p class="banner" role="note">{BANNER}</p><main>{body}</main></body></html>'
    )


def _time(moment: float) -> str:
    when = datetime.fromtimestamp(moment, UTC)
    return f'<time datetime="{when:%Y-%m-%dT%H:%M:%SZ}">{when:%d %b %H:%M:%S}</time>'


def mailbox(letters: list[Letter], *, root: str, to: str, note: str) -> str:
    """Return the list, newest first, of everybody or of one address; it looks again by itself."""
    rows = "".join(
        f'<li><a href="{root}/letters/{one.id}"><span class="to">{escape(one.recipients)}</span>'
        f'<span class="what"{_lang(one.language)}>{escape(one.subject) or "(no subject)"}'
        f"{'<span class=tag>came twice</span>' if one.again else ''}</span>{_time(one.received)}</a></li>"
        for one in letters
    )
    nothing = (
        f"<p>No letter to “{escape(to)}” has come.</p>"
        if to
        else "<p>No letter has come yet. Buy something in the shop, and the first arrives within seconds.</p>"
    )
    body = (
        '<h1 class="top">Mailbox</h1>'
        f"<p>{'Letters to everybody, the newest first.' if not to else 'Letters to one address, the newest first.'} "
        "Times are UTC.</p>"
        f"{f'<p class=note>{escape(note)}</p>' if note else ''}"
        f'<form class="find" method="get" action="{root}/"><label>Address'
        f'<input name="to" value="{escape(to)}" autocomplete="off"></label><button>Show</button></form>'
        f"{f'<ul class=letters>{rows}</ul>' if rows else nothing}"
    )
    return _page("Mailbox", body, fresh_every=5)


def _lang(language: str) -> str:
    tag = {"zh-hans": "zh-Hans"}.get(language, language)
    return f' lang="{escape(tag)}"' if tag else ""


def letter(number: int, read: EmailMessage, *, root: str, again: bool) -> str:
    """Return one letter: its head, the designed part in a frame, the plain part, and what is attached."""
    heads = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(read.get(name, '')))}</dd>"
        for name in ("From", "To", "Date", "Message-ID", "List-Unsubscribe")
        if read.get(name)
    )
    html, plain = read.get_body(("html",)), read.get_body(("plain",))
    language = str(read.get("Content-Language", ""))
    # Its links open beside the mailbox; nothing else in it may act.
    may = "allow-popups allow-popups-to-escape-sandbox"
    source = f"{root}/letters/{number}/html"
    frame = f'<iframe sandbox="{may}" title="The letter as designed" src="{source}"></iframe>' if html else ""
    words = str(plain.get_content()) if plain else ""
    attached = "".join(
        f'<li><a href="{root}/letters/{number}/parts/{index}">{escape(part.get_filename() or "attachment")}</a> '
        f"<small>{escape(part.get_content_type())}</small></li>"
        for index, part in enumerate(read.iter_attachments())
    )
    body = (
        f'<p><a class="back" href="{root}/">← Mailbox</a></p>'
        f'<h1 class="state"{_lang(language)}>{escape(str(read.get("Subject", ""))) or "(no subject)"}</h1>'
        f"{'<p class=note>A letter with this Message-ID came before: mail programs show it once.</p>' if again else ''}"
        f'<dl class="head">{heads}</dl>{frame}'
        f"{f'<h2>Attached</h2><ul class=plain>{attached}</ul>' if attached else ''}"
        f"<details{'' if html else ' open'}><summary>Plain text</summary>"
        f"<pre{_lang(language)}>{escape(words)}</pre></details>"
        f'<p><a href="{root}/letters/{number}/source">The letter as it came (.eml)</a></p>'
    )
    return _page(str(read.get("Subject", "Letter")), body)

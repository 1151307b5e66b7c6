"""What the simulator's pages share: one stylesheet without scripts or foreign files, and the frame around a page."""

from html import escape
from urllib.parse import urlsplit

STYLE = """
:root{color-scheme:light;--ink:#1a1f36;--soft:#4f566b;--line:#d8dee4;--paper:#fff;--ground:#f6f8fa;--deep:#3d2ea8;
--bad:#a4123f;--good:#0b6b3a;--note:#fff4d6;--note-ink:#5c3d00;--edge:#6b7280}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;--ink:#eef0f6;--soft:#b4bccb;--line:#353c4c;--paper:#1c212d;
--ground:#12151d;--deep:#b9b0ff;--bad:#ff9db8;--good:#7fdca9;--note:#3a2e10;--note-ink:#ffe2a0;--edge:#8b93a5}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);overflow-wrap:anywhere;
font:1rem/1.5 system-ui,"PingFang SC","Hiragino Sans","Noto Sans",sans-serif}
:lang(zh-Hans){font-family:system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;line-height:1.7}
:lang(ja){font-family:system-ui,"Hiragino Sans","Yu Gothic","Noto Sans CJK JP",sans-serif;line-height:1.7}
.banner{margin:0;padding:.7rem 1rem;background:var(--note);color:var(--note-ink);text-align:center;font-weight:600}
main{max-width:66rem;margin:0 auto;padding:1.5rem 1rem 3rem}
main.one{max-width:34rem}
h1{font-size:1rem;font-weight:600;color:var(--soft);margin:0}
h1.state{font-size:1.4rem;line-height:1.3;color:var(--ink)}
h2{font-size:1rem;margin:2rem 0 .5rem}
.sheet h2{margin-top:0}
time{white-space:nowrap}
.sum{font-size:2.25rem;line-height:1.2;font-weight:700;margin:.1rem 0 1.25rem;font-variant-numeric:tabular-nums}
.sheet{background:var(--paper);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem;margin:0 0 1rem}
.lines{list-style:none;margin:0;padding:0}
.lines li,.all{display:flex;gap:1rem;justify-content:space-between;padding:.7rem 0;border-bottom:1px solid var(--line)}
.lines b,.all b{font-variant-numeric:tabular-nums;white-space:nowrap;font-weight:600}
.lines small{display:block;color:var(--soft);font-size:.875rem}
.all{border:0;margin:0;padding-bottom:0;font-weight:700}
.note{margin:0 0 1rem;padding:.8rem 1rem;border:1px solid var(--bad);border-left-width:5px;border-radius:.4rem;
background:var(--paper);color:var(--bad);font-weight:600}
.note.ok{border-color:var(--good);color:var(--good)}
label{display:block;font-weight:600}
label small,.hint{font-weight:400;color:var(--soft);font-size:.875rem}
input{display:block;width:100%;min-height:2.75rem;margin:.25rem 0 1rem;padding:.5rem .75rem;font:inherit;color:inherit;
background:var(--paper);border:1px solid var(--edge);border-radius:.4rem}
button,.button{display:block;width:100%;min-height:3rem;margin:0 0 .75rem;padding:.7rem 1rem;font:inherit;
font-weight:600;text-align:center;text-decoration:none;border-radius:.4rem;border:1px solid #4a3bc4;background:#4a3bc4;
color:#fff;cursor:pointer}
button.alipay{background:#0a5fd0;border-color:#0a5fd0}
button.wechat_pay{background:#0b7a3b;border-color:#0b7a3b}
button.link{background:#14532d;border-color:#14532d}
button.plain{background:transparent;color:var(--bad);border-color:var(--bad)}
.button.plain{background:transparent;color:var(--ink);border-color:var(--edge);margin:0}
button:hover,.button:hover{filter:brightness(1.1)}
:focus-visible{outline:3px solid #0b7dda;outline-offset:2px}
.hint{margin:1rem 0 .4rem;padding-top:1rem;border-top:1px solid var(--line)}
.foot{color:var(--soft);font-size:.875rem;text-align:center;margin:1.5rem 0 0}
a{color:var(--deep)}
.scroll{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:.5rem}
table{border-collapse:collapse;width:100%;font-size:.875rem}
th,td{text-align:start;vertical-align:top;padding:.55rem .75rem;border-bottom:1px solid var(--line)}
td{overflow-wrap:normal}
th{white-space:nowrap;color:var(--soft)}
tr:last-child td{border-bottom:0}
td.n{font-variant-numeric:tabular-nums;white-space:nowrap}
code{font-size:.8125rem;overflow-wrap:anywhere;display:inline-block;min-width:10rem}
td form{margin:0}
td button{width:auto;min-height:2.75rem;margin:0;padding:.3rem .8rem;white-space:nowrap}
.ok{color:var(--good)}.bad{color:var(--bad)}
.fields{display:flex;flex-wrap:wrap;gap:0 1rem;align-items:end}
.fields label{flex:1 1 18rem}.fields label small{display:block}
.fields button{flex:0 0 auto;width:auto;margin:0 0 1rem}
.top{font-size:1.5rem;color:var(--ink);margin:0 0 .25rem}
ul.plain{padding-left:1.2rem}
@media print{button,.banner{display:none}}
"""


def page(*, title: str, banner: str, body: str, lang: str = "en", wide: bool = False) -> str:
    """A whole HTML page. ``title`` and ``banner`` are text, ``body`` is HTML."""
    return (
        f'<!doctype html><html lang="{escape(lang)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title)}</title><style>{STYLE}</style></head><body>'
        f'<p class="banner" role="note">{escape(banner)}</p>'
        f"<main{'' if wide else ' class=one'}>{body}</main></body></html>"
    )


def headers(*goes_to: str | None) -> dict[str, str]:
    """Headers of a page: no scripts, nothing foreign; its forms may lead on to the origins of ``goes_to``."""
    origins = {
        f"{parts.scheme}://{parts.netloc}" for parts in (urlsplit(url) for url in goes_to if url) if parts.netloc
    }
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {' '.join([chr(39) + 'self' + chr(39), *sorted(origins)])}"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }

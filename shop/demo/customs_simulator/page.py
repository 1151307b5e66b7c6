"""The page a person opens: which documents came, and what customs makes of them."""

from html import escape
from typing import Any

NAMES = {"order": "订单 · Order", "payment": "支付单 · Payment", "logistics": "运单 · Waybill"}
STATES = {
    "received": ("", "等待比对 · waits for the other documents"),
    "accepted": ("ok", "海关入库 · taken in"),
    "refused": ("wrong", "海关退单 · sent back"),
}
STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.35rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.5rem;border-bottom:1px solid #8888;overflow-wrap:anywhere}.ok{color:#1b6e3c}.wrong{color:#b3001b}"
    "@media (prefers-color-scheme:dark){.ok{color:#7ddc9f}.wrong{color:#ff9aa8}}.scroll{overflow-x:auto}"
)


def render(documents: list[dict[str, Any]], *, faults: dict[str, Any], delay: float) -> str:
    """The whole page."""
    rows = "".join(
        f"<tr><td>{escape(one['order_no'])}</td><td>{NAMES[one['kind']]}<br>{escape(one['number'])}</td>"
        f'<td class="{STATES[one["state"]][0]}">{STATES[one["state"]][1]}'
        f"{'<br>' + escape(one['code']) + ' ' + escape(one['words']) if one['words'] else ''}</td>"
        f"<td>{one['times']}</td></tr>"
        for one in documents
    )
    table = (
        '<div class="scroll"><table><thead><tr><th scope="col">订单编号 · Order</th>'
        '<th scope="col">单证 · Document</th>'
        '<th scope="col">状态 · State</th><th scope="col">次数 · Times sent</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        if rows
        else "<p>还没有单证 · No documents yet.</p>"
    )
    weather = ", ".join(faults["faults"]) or "无 · none"
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>海关（模拟） · China customs (simulator)</title><style>{STYLE}</style></head><body><main>"
        "<h1>海关（模拟） · <span lang=en>China customs (simulator)</span></h1>"
        "<p>不产生真实申报 · <span lang=en>Nothing is really declared.</span> "
        f"回执延迟 · Replies after {delay:g} s. 故障 · Faults: {escape(weather)}.</p>{table}</main></body></html>"
    )

"""The page a person opens: the shop as a buyer sees it, the trades, and what the gateway was asked last."""

from html import escape
from typing import Any

from shop.demo.top_simulator import trades

STATUS_NAMES = {
    trades.UNPAID: "等待付款 · awaiting payment",
    trades.PAID: "待发货 · paid, to ship",
    trades.PART_SHIPPED: "部分发货 · partly shipped",
    trades.SHIPPED: "已发货 · shipped",
    trades.FINISHED: "交易成功 · complete",
    trades.CLOSED_AFTER_PAYMENT: "已退款关闭 · closed, refunded",
    trades.CLOSED_BEFORE_PAYMENT: "未付款关闭 · closed, unpaid",
}

STYLE = """
:root{--ink:#1d1d1f;--soft:#5f6368;--line:#dcdcdc;--paper:#fff;--ground:#f6f4f2;--red:#b3001b;--good:#1b6e3c}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,"PingFang SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
header{background:var(--red);color:#fff}
header>div,main{max-width:72rem;margin:0 auto;padding:1rem}
h1{font-size:1.35rem;line-height:1.3;margin:0}
header p{margin:.25rem 0 0}
h2{font-size:1.1rem;margin:1.75rem 0 .75rem}
.note{padding:.75rem 1rem;border-left:4px solid var(--good);background:var(--paper);margin:0 0 1rem}
.note.bad{border-color:var(--red)}
.cards{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(20rem,100%),1fr));
list-style:none;padding:0;margin:0}
.card{background:var(--paper);border:1px solid var(--line);border-radius:.5rem;padding:1rem;overflow-wrap:anywhere;
display:flex;flex-direction:column}
.card h3{font-size:1rem;margin:0 0 .25rem}
.card p{margin:0 0 .5rem}
.code,.small{color:var(--soft);font-size:.875rem}
.left{font-weight:600}
.left.none{color:var(--red)}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;margin-top:auto;padding-top:.5rem}
label{font-size:.875rem;color:var(--soft);flex:1 1 6rem}
label.num{flex:0 0 5.5rem}
input{display:block;width:100%;min-height:2.75rem;padding:.4rem .6rem;font:inherit;color:var(--ink);
border:1px solid #767676;border-radius:.3rem;background:#fff}
button{min-height:2.75rem;padding:.4rem 1rem;font:inherit;font-weight:600;color:#fff;background:var(--red);border:0;
border-radius:.3rem;cursor:pointer}
button:disabled{background:#767676;cursor:default}
:focus-visible{outline:3px solid #1a5fb4;outline-offset:2px}
.scroll{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:.5rem}
table{border-collapse:collapse;width:100%;font-size:.875rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid var(--line)}
th{white-space:nowrap;color:var(--soft);font-weight:600}
td.id,td.at{font-variant-numeric:tabular-nums;white-space:nowrap}
td.what{overflow-wrap:anywhere;min-width:11rem}
tr:last-child td{border-bottom:0}
.empty{color:var(--soft)}
.ok{color:var(--good)}.wrong{color:var(--red)}
@media (max-width:40rem){
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
table,tbody,tr,td{display:block}
tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
tr:last-child{border-bottom:0}
td{border:0;padding:.15rem .75rem}
td.id,td.at{white-space:normal}
td::before{content:attr(data-label) " ";color:var(--soft)}
}
"""


def _buy_form(outer_id: str, quantity: int, *, action: str, buyer: str) -> str:
    off = "" if quantity else " disabled"
    return (
        f'<form method="post" action="{escape(action)}">'
        f'<input type="hidden" name="outer_id" value="{escape(outer_id)}">'
        f'<label class="num">数量 · Qty<input type="number" name="num" value="1" min="1" max="{max(quantity, 1)}" '
        f'inputmode="numeric" required{off}></label>'
        f'<label>买家 · Buyer<input name="buyer" value="{escape(buyer)}" maxlength="60" autocomplete="off" '
        f"required{off}></label>"
        f"<button{off}>付款购买 · Buy</button></form>"
    )


def _card(*, title: str, outer_id: str, price: str, quantity: int, action: str, buyer: str) -> str:
    left = f"库存 {quantity} · {quantity} in stock" if quantity else "已售罄 · Sold out"
    return (
        f'<li class="card"><h3>{escape(title)}</h3><p class="code">{escape(outer_id)}</p>'
        f'<p>¥{escape(price)} <span class="left{"" if quantity else " none"}">{left}</span></p>'
        f"{_buy_form(outer_id, quantity, action=action, buyer=buyer)}</li>"
    )


def _cards(items: list[dict[str, Any]], *, action: str, buyer: str) -> str:
    cards = []
    for item in items:
        if item["shelf"] != "onsale":
            continue
        for row in item["skus"] or [item]:
            title = item["title"] if row["title"] == item["title"] else f"{item['title']} / {row['title']}"
            title = f"{title} ({row['properties']})" if row.get("properties") else title
            cards.append(
                _card(
                    title=title,
                    outer_id=row["outer_id"],
                    price=row["price"],
                    quantity=row["quantity"],
                    action=action,
                    buyer=buyer,
                )
            )
    return (
        f'<ul class="cards">{"".join(cards)}</ul>'
        if cards
        else '<p class="empty">店里没有商品 · Nothing on sale yet.</p>'
    )


def _table(heads: list[tuple[str, str]], rows: list[list[str]], *, empty: str) -> str:
    if not rows:
        return f'<p class="empty">{empty}</p>'
    head = "".join(f'<th scope="col">{name}</th>' for name, _ in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="{kind}" data-label="{name}">{cell}</td>' for (name, kind), cell in zip(heads, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _trades(placed: list[dict[str, Any]]) -> str:
    heads = [
        ("订单号 · Order", "id"),
        ("买家 · Buyer", "who"),
        ("商品 · Items", "what"),
        ("状态 · Status", "state"),
        ("更新 · Changed", "at"),
    ]
    rows = [
        [
            escape(trade["tid"]),
            escape(trade["buyer"]),
            "<br>".join(
                f"{line['num']} × {escape(line['title'])} <span class=small>{escape(line['outer_id'])}</span>"
                + (
                    f"<br><span class=small>运单 · Waybill {escape(line['invoice_no'])}</span>"
                    if line["invoice_no"]
                    else ""
                )
                for line in trade["lines"]
            ),
            escape(STATUS_NAMES.get(trade["status"], trade["status"])),
            escape(trade["modified"]),
        ]
        for trade in placed
    ]
    return _table(heads, rows, empty="还没有订单 · No orders yet.")


def _outcome(call: dict[str, Any]) -> str:
    if call["code"] == 0:
        return '<span class="ok">成功 · OK</span>'
    return f'<span class="wrong">{call["code"]} {escape(call["sub_code"])}</span>'


def _calls(calls: list[dict[str, Any]]) -> str:
    heads = [
        ("时间 · Time", "at"),
        ("接口 · Method", "what"),
        ("签名 · Signature", "sign"),
        ("结果 · Result", "result"),
    ]
    rows = [
        [
            escape(call["at"]),
            escape(call["method"] or "-"),
            '<span class="ok">正确 · valid</span>' if call["sign_ok"] else '<span class="wrong">错误 · invalid</span>',
            _outcome(call),
        ]
        for call in reversed(calls)
    ]
    return _table(heads, rows, empty="还没有调用 · No calls yet.")


def render(
    state: dict[str, Any],
    calls: list[dict[str, Any]],
    *,
    action: str,
    buyer: str = "tb_buyer",
    notice: str = "",
    refused: str = "",
) -> str:
    """The whole page. `action` is where the buy form posts; `notice` and `refused` are plain sentences."""
    note = f'<p class="note" role="status">{escape(notice)}</p>' if notice else ""
    bad = f'<p class="note bad" role="alert">{escape(refused)}</p>' if refused else ""
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>天猫旗舰店（模拟） · Tmall flagship store (simulator)</title><style>{STYLE}</style></head><body>"
        "<header><div><h1>天猫旗舰店（模拟） · <span lang=en>Tmall flagship store (simulator)</span></h1>"
        "<p>不产生真实交易 · <span lang=en>No real trade takes place here</span></p></div></header>"
        f"<main>{note}{bad}"
        f"<h2>在售商品 · Items</h2>{_cards(state['items'], action=action, buyer=buyer)}"
        f"<h2>订单 · Orders</h2>{_trades(state['trades'])}"
        f"<h2>最近30次接口调用 · Last 30 API calls</h2>{_calls(calls)}"
        "</main></body></html>"
    )

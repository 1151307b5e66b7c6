"""One set of facts for each kind of letter, as the rooms write them."""

SUMMARY = {
    "lines": [
        {"name": "Moon Jar Cup", "option": "350 ml", "quantity": 2, "amount": "£44.00"},
        {"name": "罗塞塔石碑 <b>镇纸</b> & co", "option": "", "quantity": 1, "amount": "£30.00"},
    ],
    "sums": [
        {"label": "Goods", "amount": "£74.00"},
        {"label": "Delivery", "amount": "£4.95"},
        {"label": "Total", "amount": "£78.95"},
    ],
}
ORDER = {"number": "VT-2026-000123", "page": "https://shop.example/orders/abc/"}
RETURN = {"return_number": "RA-2026-000045", "page": "https://shop.example/returns/abc/"}
FACTS = {
    "order_placed": {**ORDER, "until": "23 November 2026 12:00 UTC", "summary": SUMMARY},
    "order_paid": {**ORDER, "summary": SUMMARY},
    "payment_failed": {**ORDER, "until": "23 November 2026 12:00 UTC"},
    "order_shipped": {
        **ORDER,
        "carrier": "Royal Mail",
        "tracking_number": "AB123456785GB",
        "tracking_url": "https://carrier.example/AB123456785GB",
        "more_to_come": True,
        "summary": {"lines": SUMMARY["lines"], "sums": []},
    },
    "order_refunded": {**ORDER, "amount": "£18.00"},
    "order_sent_back": {**ORDER, "amount": "£78.95"},
    "withdrawal_receipt": {
        **ORDER,
        "received": "23 November 2026 12:00 UTC",
        "statement": [{"label": "Name", "value": "Ada Byron"}, {"label": "Lines", "value": "2 × Moon Jar Cup"}],
        "next_steps": ["Please send the goods back by 7 December 2026."],
    },
    "return_authorised": {**RETURN, "send_by": "7 December 2026", "address": "Vitrine Returns\n1 Dock Road\nLondon"},
    "return_refused": {**RETURN, "reason": "The seal of the box was broken."},
    "return_refunded": {**RETURN, "amount": "£18.00"},
    "restock_alert": {"name": "Moon Jar Cup", "page": "https://shop.example/p/", "stop": "https://shop.example/stop/"},
    "restock_confirm": {"name": "Moon Jar Cup", "confirm": "https://shop.example/yes/"},
    "data_export_ready": {"page": "https://shop.example/account/", "until": "30 November 2026"},
    "account_erased": {"asked": "23 November 2026", "receipt": "ER-1", "kept": ["Invoices are kept until 2032."]},
    "orders_attached": {"numbers": "VT-2026-000123", "page": "https://shop.example/account/orders/"},
    "account_code": {"code": "ABCD-EFGH", "purpose": "login"},
    "account_link": {"page": "https://shop.example/accounts/password/reset/key/"},
    "account_exists": {"page": "https://shop.example/accounts/password/reset/"},
    "account_unknown": {"page": "https://shop.example/accounts/signup/"},
    "account_notice": {"what": "A passkey was added to your account.", "when": "23 November 2026 12:00 UTC"},
    "data_link": {"page": "https://shop.example/my-data/abc/"},
    "erasure_asked": {"until": "30 November 2026 12:00 UTC", "page": "https://shop.example/account/data/"},
}

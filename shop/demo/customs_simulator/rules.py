"""What customs compares. Pure; each finding is (kind of document, code, sentence)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

ONE_TRANSACTION = Decimal(5000)  # Circular Cai Guan Shui [2018] 49
ONE_YEAR = Decimal(26000)
TOLERANCE = Decimal("0.05")  # as merchants report it
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"

Finding = tuple[str, str, str]
Head = Mapping[str, str]


def is_identity(number: str) -> bool:
    """Whether a number has the form of a resident identity: 17 digits, a date of birth, ISO 7064 MOD 11-2."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    try:
        datetime.strptime(number[6:14], "%Y%m%d")  # noqa: DTZ007 - a date of birth has no zone
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return number[17].upper() == CHECKS[total % 11]


def alone(kind: str, head: Head, lines: tuple[Head, ...], registered: frozenset[str]) -> list[Finding]:
    """What is wrong with one document by itself."""
    found: list[Finding] = []
    codes = {"order": ("ebpCode", "ebcCode"), "payment": ("payCode", "ebpCode"), "logistics": ("logisticsCode",)}
    missing = [head[name] for name in codes[kind] if registered and head[name] not in registered]
    if missing:
        found.append((kind, "S101", f"企业未在海关注册 {missing[0]}"))
    person = {"order": "buyerIdNumber", "payment": "payerIdNumber"}.get(kind)
    if person and not is_identity(head[person]):
        found.append((kind, "S102", "身份信息校验未通过"))
    if kind == "order":
        found += _order(head, lines)
    return found


def _order(head: Head, lines: tuple[Head, ...]) -> list[Finding]:
    found: list[Finding] = []
    goods, freight, discount, tax, paid = (
        Decimal(head[name]) for name in ("goodsValue", "freight", "discount", "taxTotal", "acturalPaid")
    )
    totals = sum((Decimal(line["totalPrice"]) for line in lines), Decimal(0))
    wrong_line = any(Decimal(line["price"]) * Decimal(line["qty"]) != Decimal(line["totalPrice"]) for line in lines)
    if abs(goods + freight + tax - discount - paid) > paid * TOLERANCE or totals != goods or wrong_line:
        found.append(("order", "S105", "金额不符:商品价格+运杂费+税款-抵扣≠实际支付"))
    single = sum((Decimal(line["qty"]) for line in lines), Decimal(0)) == 1
    if paid > ONE_TRANSACTION and not single:
        found.append(("order", "S106", "超过单次交易限值"))
    return found


def together(order: Head, payment: Head, logistics: Head) -> list[Finding]:
    """What does not agree between the three documents of one order."""
    found: list[Finding] = []
    if (payment["payerName"], payment["payerIdNumber"].upper()) != (
        order["buyerName"],
        order["buyerIdNumber"].upper(),
    ):
        found.append(("payment", "S103", "支付人与订购人不一致"))
    if Decimal(payment["amountPaid"]) != Decimal(order["acturalPaid"]):
        found.append(("payment", "S104", "支付金额与订单实际支付金额不一致"))
    parcel = ("consignee", "consigneeTelephone", "consigneeAddress")
    if any(logistics[name] != order[name] for name in parcel):
        found.append(("logistics", "S107", "收货人信息不一致"))
    return found

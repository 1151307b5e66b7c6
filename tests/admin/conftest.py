"""A shop with one or many rows of everything the admin shows, and the people who look at it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from config.roles import MANAGER, MERCHANDISER, VIEWER, ensure_groups
from inventory.models import (
    Balance,
    CountSheet,
    Hold,
    Item,
    Lot,
    Movement,
    PurchaseOrder,
    ReorderAdvice,
    RingFence,
    Supplier,
    Transfer,
    Warehouse,
)
from licensing.models import Agreement, AgreementVersion, ApiKey, Grant, LicensedSku, Party, Property, RoyaltyEntry
from shop.crossborder.china import actions as china_customs
from shop.crossborder.exchange import actions as exchange
from shop.crossborder.identities import actions as identities
from shop.crossborder.pricing import actions as pricing
from shop.crossborder.pricing.rates import OneRate
from shop.models import (
    BuyerIdentity,
    ChannelOrder,
    CustomsFiling,
    DataExport,
    Dispute,
    Erasure,
    ExchangeRate,
    IdentityAccess,
    Invoice,
    LegalPage,
    Listing,
    Mail,
    Manufacturer,
    Market,
    Museum,
    MuseumObject,
    MuseumText,
    Order,
    OrderConsent,
    Payment,
    PaymentCase,
    Price,
    PriceChange,
    PriceList,
    PricePolicy,
    PriceSuggestion,
    Product,
    ProductImage,
    Promotion,
    PromotionCode,
    PromotionUse,
    Refund,
    Registration,
    RetainedOrder,
    SalesChannel,
    Seller,
    Shipment,
    ShippingOption,
    StockAlert,
    StripeEvent,
    Tariff,
    TaxRule,
    Variant,
    WrappingPrice,
    Zone,
)
from shop.orders import actions as orders
from shop.orders.documents.invoicing import invoice_for
from tests import factories
from tests.admin.furnishing import furnish_stock
from tests.admin.furnishing_catalogue import CATALOGUE, furnish_catalogue
from tests.admin.furnishing_returns import RETURNS, furnish_returns
from tests.admin.furnishing_rights import RIGHTS, furnish_rights
from tests.admin.furnishing_rules import RULES, furnish_rules
from tests.shop.crossborder.china.facts import request as customs_request


def place(thing: Variant, *, key: str, quantity: int = 1, pay: bool = False) -> Order:
    """An order placed, and paid if asked, through the product's own actions, with its payment row."""
    price = Decimal("18.00")
    goods = price * quantity
    order = orders.place(
        orders.NewOrder(
            cause_key=key,
            channel="web",
            language="en",
            ship_to=factories.address(),
            country="GB",
            currency="GBP",
            lines=[
                orders.NewLine(
                    variant=thing,
                    name=f"Mug {thing.sku}",
                    quantity=quantity,
                    unit_price=price,
                    tax=Decimal("3.00") * quantity,
                    tax_rate=Decimal("0.20"),
                )
            ],
            goods=goods,
            shipping=Decimal("4.95"),
            tax=Decimal("3.00") * quantity + Decimal("0.83"),
            tax_included=True,
            tax_in_prices=Decimal("3.00") * quantity + Decimal("0.83"),
            total=goods + Decimal("4.95"),
            quote={
                "kind": "FINAL",
                "incoterm": "DDP",
                "currency": "GBP",
                "tax_included": True,
                "goods": str(goods),
                "shipping": "4.95",
                "tax": "3.83",
                "total": str(goods + Decimal("4.95")),
                "rules": [
                    {
                        "id": 1,
                        "name": "VAT",
                        "jurisdiction": "GB",
                        "regime": "domestic",
                        "category": "",
                        "rate": "0.2",
                        "valid_from": "2020-01-01",
                        "source": "VAT Act 1994, section 2",
                        "confirmed": True,
                    }
                ],
                "notices": [],
            },
            warehouses=[factories.warehouse().id],
            expires_at=timezone.now() + timezone.timedelta(minutes=35),
            market=factories.market(),
            email="ada@example.org",
        )
    )
    Payment.objects.create(order=order, amount=order.total, currency=order.currency)
    if pay:
        order = orders.mark_paid(order_id=order.id, actor="test", cause="test")
        order.payments.update(
            state=Payment.State.SUCCEEDED,
            payment_intent=f"pi_{order.number}",
            charged=order.total,
            charged_currency=order.currency,
        )
    return order


def furnish_after_sale(order: Order, number: int) -> None:
    """Add a refund that hangs, a case, a dispute, and the jobs of a person who asks for her data and its erasure."""
    now = timezone.now()
    payment = order.payments.get()
    Refund.objects.create(
        order=order,
        payment=payment,
        cause_key=f"refund-{number}",
        reason=Refund.Reason.GOODWILL,
        actor="mina",
        currency="GBP",
        amount=1,
        goods=1,
        shipping=0,
        duty=0,
        fees=0,
        tax_on_top=0,
    )
    PaymentCase.objects.create(
        kind=PaymentCase.Kind.values[0], cause_key=f"case-{number}", order=order, payment=payment, facts="It differs."
    )
    Dispute.objects.create(
        payment=payment,
        stripe_id=f"du_{number}",
        state=Dispute.State.values[0],
        reason="fraudulent",
        amount=1,
        currency="GBP",
        withdrawn=0,
        opened_at=now,
        due_by=now + timedelta(days=7),
    )
    DataExport.objects.create(email=f"export-{number}@example.org", language="en", asked_by="shopper")
    erasure = Erasure.objects.create(
        email=f"erase-{number}@example.org", language="en", asked_by="shopper", due_at=now + timedelta(days=7)
    )
    RetainedOrder.objects.create(order=order, erasure=erasure, until=now.date(), law="Companies Act 2006, section 388")


def fill(number: int) -> None:
    """Add one more row of everything that the admin lists."""
    thing = factories.variant(f"SKU-{number}", stock_at={"LON": 10}, prices={"gb": "18.00", "cn": "180.00"})
    museum = Museum.objects.create(slug=f"museum-{number}")
    MuseumText.objects.create(museum=museum, language="en", name=f"Museum {number}")
    MuseumObject.objects.create(museum=museum, accession_number=f"1900.{number}", title=f"Bowl {number}")
    ProductImage.objects.create(
        product=thing.product, file=f"products/{number}.svg", width=8, height=8, alt={"en": "x"}
    )
    order = place(thing, key=f"fill-{number}", pay=True)
    packed = place(thing, key=f"packed-{number}", quantity=2, pay=True)
    Order.objects.filter(pk=packed.pk).update(
        placed_at=timezone.now() - timedelta(days=3), paid_at=timezone.now() - timedelta(days=3)
    )
    orders.pack(
        order_id=packed.pk,
        warehouse_id=factories.warehouse().pk,
        cause_key=f"packed-{number}",
        weight_g=900,
        actor="test",
        cause="test",
    )
    invoice_for(order)
    channel = SalesChannel.objects.create(
        code=f"tmall-{number}",
        name=f"Tmall {number}",
        kind="tmall",
        currency="CNY",
        country="CN",
        market=factories.market("cn"),
    )
    Listing.objects.create(channel=channel, variant=thing, external_item_id=str(number), desired_version=1)
    ChannelOrder.objects.create(
        channel=channel,
        external_id=str(number),
        status="TO_SHIP",
        raw_status="WAIT_SELLER_SEND_GOODS",
        state=ChannelOrder.State.IMPORTED,
        payload={},
        modified_at=timezone.now(),
        order=order,
    )
    StripeEvent.objects.create(
        event_id=f"evt_{number}", type="checkout.session.completed", payload={"id": f"evt_{number}"}
    )
    rates_on = timezone.localdate() - timedelta(days=number)
    exchange.set_rate(currency="USD", per_eur=Decimal("1.1"), on=rates_on, reason="Bank letter", actor="test")
    somewhere = Market.objects.create(code=f"m{number}", currency="EUR", countries=["FR"], languages=["fr"])
    PricePolicy.objects.create(market=somewhere, base_market=factories.market(), endings=[Decimal(0), Decimal("0.95")])
    rates = OneRate("GBP", "EUR", Decimal("1.15"), timezone.localdate())
    pricing.suggest(market=somewhere, rates=rates, on=timezone.localdate(), actor="test")
    gb = factories.market()
    pricing.set_price(variant=thing, market=gb, amount=Decimal("16.00"), min_quantity=10, actor="test")
    sale = pricing.open_price_list(
        market=gb, name=f"Sale {number}", valid=DateRange(timezone.localdate(), None), actor="test"
    )
    pricing.start_reduction(price_list=sale, amounts={thing.id: Decimal("15.00")}, actor="test")
    zone = Zone.objects.create(market=somewhere, name="France", countries=["FR"], valid=factories.ALWAYS)
    method = ShippingOption.objects.create(
        market=somewhere, code="colis", names={"en": "Parcel"}, days_from=2, days_to=3
    )
    Tariff.objects.create(method=method, zone=zone, up_to_grams=1000, amount=Decimal("5.9"), valid=factories.ALWAYS)
    furnish_catalogue(number, product=thing.product)
    furnish_rules(number)
    furnish_returns(number, order=place(thing, key=f"returned-{number}", pay=True))
    Warehouse.objects.create(code=f"W{number}", name=f"Warehouse {number}", country="GB")
    draft = Agreement.objects.create(
        number=f"DRAFT-{number}",
        licensor=factories.party("museum", "rights_holder"),
        licensee=factories.party(f"licensee-{number}"),
        currency="GBP",
    )
    version = AgreementVersion.objects.create(
        agreement=draft,
        partner=draft.licensee,
        number=1,
        effective=factories.ALWAYS,
        terms={"base": "net_sales", "rates": {"*": "0.0800"}},
    )
    Grant.objects.create(
        version=version,
        partner=draft.licensee,
        prop=Property.objects.create(code=f"object-{number}", name="Bowl", kind="object", owner=draft.licensor),
        territories=["*"],
        channels=["*"],
        categories=["*"],
        term=factories.ALWAYS,
    )
    furnish_rights(number, draft=version)
    ApiKey.objects.create(partner=draft.licensee, name="Reports", prefix=f"p{number}", digest="0" * 64)
    furnish_stock(number, item=thing.item, warehouse=factories.warehouse())
    china_customs.file(customs_request(f"CN-{number}"))
    kept = identities.record(declared=factories.identity(), country="CN")
    identities.reveal(identity=kept, actor="mina", reason=f"Customs asks, case {number}")
    maker = Manufacturer.objects.create(code=f"maker-{number}", name=f"Potter {number}", country="GB")
    Product.objects.filter(pk=thing.product_id).update(manufacturer=maker)
    owner = Seller.objects.create(
        code=f"seller-{number}", legal_name=f"Seller {number}", line1="1 Yard", city="Leeds", country="GB"
    )
    Registration.objects.create(seller=owner, kind="GB_VAT", number="GB980780684", valid=factories.ALWAYS)
    LegalPage.objects.create(
        market=somewhere, kind="terms", language="fr", valid_from="2026-01-01", title="Conditions", body="Texte."
    )
    code = factories.promotion(f"CODE-{number}", amounts={"GBP": 5}, kind="amount")
    order = Order.objects.order_by("-number").first()
    PromotionUse.objects.create(promotion=code.promotion, code=code, order=order, discount=5, currency="GBP")
    OrderConsent.objects.create(order=order, kind="terms", version=f"terms-{number}", language="en", text="I agree.")
    WrappingPrice.objects.create(market=somewhere, amount=4, valid=factories.ALWAYS)
    furnish_after_sale(order, number)
    StockAlert.objects.create(
        email=f"{number}@example.org", variant=Variant.objects.first(), market=somewhere, language="en"
    )
    User.objects.create_user(f"user-{number}", password="x")
    Group.objects.create(name=f"Group {number}")


@pytest.fixture
def agreed(db) -> AgreementVersion:
    """A signed agreement, so that something may be sold."""
    return factories.agreement()


@pytest.fixture
def one_of_each(agreed: AgreementVersion) -> None:
    """One row of everything."""
    fill(1)


AFTER_SALE = [DataExport, Dispute, Erasure, Mail, PaymentCase, Refund, RetainedOrder, StockAlert]
LISTED = [
    *AFTER_SALE, Agreement, AgreementVersion, ApiKey, Balance, BuyerIdentity, ChannelOrder, CountSheet, CustomsFiling, ExchangeRate, Grant, Group, Hold, IdentityAccess, Invoice, Item, LegalPage, LicensedSku, Listing,
    Lot, Manufacturer, Market, Movement, Museum, MuseumObject, Order, OrderConsent, Party, Payment, Price, PriceChange,
    PriceList, PricePolicy, PriceSuggestion, Product, Promotion, PromotionCode, PromotionUse, Property, PurchaseOrder, ReorderAdvice, RingFence, RoyaltyEntry, SalesChannel, Seller, Shipment, ShippingOption, StripeEvent, Supplier, Transfer, User,
    Variant, Warehouse, WrappingPrice, Zone, *CATALOGUE, *RETURNS, *RIGHTS, *RULES,
]  # fmt: skip


@pytest.fixture
def merchandiser(db) -> User:
    """A member of staff in the group, with no other rights."""
    user = User.objects.create_user("mina", "mina@example.org", "x", is_staff=True)
    user.groups.add(ensure_groups()[MERCHANDISER])
    return user


@pytest.fixture
def desk(merchandiser: User) -> Client:
    """A browser signed in as the merchandiser."""
    client = Client()
    client.force_login(merchandiser)
    return client


@pytest.fixture
def root(db) -> Client:
    """A browser signed in as superuser."""
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", "x"))
    return client


@pytest.fixture
def onlooker(db) -> Client:
    """A browser signed in as staff who may look at everything and touch nothing."""
    user = User.objects.create_user("otto", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(user)
    return client


def _in_group(name: str, group: str) -> Client:
    user = User.objects.create_user(name, password="x", is_staff=True)
    user.groups.add(ensure_groups()[group])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(db) -> Client:
    return _in_group("mona", MANAGER)


@pytest.fixture
def viewer(db) -> Client:
    return _in_group("vera", VIEWER)


@pytest.fixture
def tax(db) -> TaxRule:
    """A published row, unconfirmed, of the made-up region FR-FAB."""
    furnish_rules(1)
    return TaxRule.objects.get()

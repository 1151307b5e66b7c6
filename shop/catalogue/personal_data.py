"""The catalogue holds nothing of shoppers."""

IMPERSONAL = {
    "shop.MuseumText": "Words about a museum.",
    "shop.MuseumObject": "A museum's object; its makers are a matter of published record.",
    "shop.Manufacturer": "Companies that must be named on products by law (GPSR).",
    "shop.Product": "Goods.",
    "shop.ProductText": "Words about goods.",
    "shop.ProductImage": "Pictures of goods.",
    "shop.Variant": "Goods.",
}

"""The catalogue holds nothing of shoppers."""

IMPERSONAL = {
    "shop.MuseumText": "Words about a museum.",
    "shop.MuseumObject": "A museum's object; its makers are a matter of published record.",
    "shop.Manufacturer": "Companies that must be named on products by law (GPSR).",
    "shop.Product": "Goods.",
    "shop.ProductText": "Words about goods.",
    "shop.ProductImage": "Pictures of goods.",
    "shop.Variant": "Goods.",
    "shop.ProductType": "Kinds of goods.",
    "shop.Attribute": "Properties of goods.",
    "shop.AttributeOption": "Properties of goods.",
    "shop.AttributeValue": "Properties of goods.",
    "shop.Rendition": "Pictures of goods.",
    "shop.Theme": "Themes of the collection.",
    "shop.ThemeText": "Words about themes.",
    "shop.ThemeProduct": "Goods of a theme.",
}

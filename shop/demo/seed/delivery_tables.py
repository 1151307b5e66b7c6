"""The demo's delivery tables: regions of each market, and prices by region, warehouse country and weight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

STANDARD = {"en": "Standard", "fr": "Standard", "zh-hans": "标准配送", "ja": "通常配送"}
EXPRESS = {"en": "Express", "fr": "Express", "zh-hans": "特快配送", "ja": "お急ぎ便"}

Bands = Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Region:
    """A zone; without countries: all of the market's. Postcodes are prefixes and ranges."""

    key: str
    name: str
    countries: Sequence[str] = ()
    postcodes: Sequence[str] = ()
    extra_days: int = 0


@dataclass(frozen=True)
class Prices:
    """A method: (region key, warehouse country or empty) → bands of (up to grams, amount); ``step`` a kilogram beyond.

    Goods of ``free_above`` travel free in the first band of each region. ``fuel`` is a fraction.
    """

    carrier: str
    days: tuple[int, int]
    bands: Mapping[tuple[str, str], Bands]
    step: str
    free_above: str | None = None
    fuel: str = ""


@dataclass(frozen=True)
class MarketTables:
    """The zones and methods of one market."""

    regions: Sequence[Region]
    methods: Mapping[str, Prices] = field(default_factory=dict)


def bands(*amounts: str, up_to: Sequence[int] = (5000, 10_000, 20_000)) -> Bands:
    """Return the bands of these amounts, the lightest first."""
    return list(zip(up_to, amounts, strict=True))


LIGHT = (500, 1000, 2000, 5000)
EU_NEAR = ("FR", "BE", "NL", "LU", "DE", "AT", "IT", "ES", "PT", "IE", "DK", "MC")
EU_FAR = (
    "SE", "FI", "PL", "CZ", "SK", "HU", "SI", "HR", "RO", "BG", "GR", "EE", "LV", "LT", "CY", "MT",
)  # fmt: skip

MARKETS: dict[str, MarketTables] = {
    "gb": MarketTables(
        [
            Region("home", "Great Britain"),
            Region(
                "far",
                "Highlands, islands and Northern Ireland",
                postcodes=["BT", "HS", "IM", "GY", "JE", "IV", "KW", "ZE", "KA27-KA28", "PA20-PA49", "PA60-PA78"],
                extra_days=2,
            ),
        ],
        {
            "standard": Prices(
                "Royal Mail",
                (2, 4),
                {("home", ""): bands("4.95", "6.95", "9.95"), ("far", ""): bands("6.95", "9.95", "14.95")},
                step="0.80",
                free_above="60",
            ),
            "express": Prices("DHL", (1, 2), {("home", ""): bands("9.95", "12.95", "17.95")}, step="1.20"),
        },
    ),
    "fr": MarketTables(
        [
            Region("home", "France métropolitaine"),
            Region("corsica", "Corse", countries=("FR",), postcodes=["20"], extra_days=2),
            Region("overseas", "Outre-mer", countries=("FR",), postcodes=["97", "98"], extra_days=6),
        ],
        {
            "standard": Prices(
                "Colissimo",
                (3, 5),
                {
                    ("home", ""): bands("5.90", "8.90", "12.90"),
                    ("corsica", ""): bands("7.90", "11.90", "16.90"),
                    ("overseas", ""): bands("17.90", "36.00", "64.00"),
                },
                step="1.10",
                free_above="80",
            ),
            "express": Prices(
                "Chronopost",
                (1, 2),
                {("home", ""): bands("12.90", "16.90", "22.90"), ("corsica", ""): bands("19.90", "26.90", "36.90")},
                step="1.60",
            ),
        },
    ),
    "eu": MarketTables(
        [
            Region("near", "Western Europe", countries=EU_NEAR),
            Region("far", "Northern, central and eastern Europe", countries=EU_FAR, extra_days=2),
        ],
        {
            "standard": Prices(
                "Colissimo",
                (3, 5),
                {
                    ("near", "FR"): bands("9.90", "12.90", "18.90", "29.90", up_to=LIGHT),
                    ("far", "FR"): bands("12.90", "15.90", "22.90", "36.90", up_to=LIGHT),
                    ("near", ""): bands("12.90", "16.90", "24.90", "42.90", up_to=LIGHT),
                    ("far", ""): bands("14.90", "19.90", "28.90", "49.90", up_to=LIGHT),
                },
                step="4.50",
                free_above="120",
            ),
            "express": Prices(
                "DHL Express",
                (1, 3),
                {
                    ("near", ""): bands("24.90", "29.90", "38.90", "62.90", up_to=LIGHT),
                    ("far", ""): bands("28.90", "34.90", "45.90", "74.90", up_to=LIGHT),
                },
                step="7.50",
                fuel="0.12",
            ),
        },
    ),
    "cn": MarketTables(
        [
            Region("home", "Mainland China"),
            Region("west", "Xinjiang and Tibet", postcodes=["83-86"], extra_days=3),
        ],
        {
            "standard": Prices(
                "SF Express",
                (3, 6),
                {
                    ("home", ""): bands("25", "45", "85"),
                    ("west", "CN"): bands("38", "75", "140"),
                    ("west", ""): bands("128", "268", "498"),
                },
                step="9",
                free_above="399",
            ),
            "express": Prices("SF Express", (2, 3), {("home", ""): bands("58", "98", "168")}, step="16"),
        },
    ),
    "jp": MarketTables(
        [
            Region("home", "Japan"),
            Region("okinawa", "Okinawa", postcodes=["90"], extra_days=2),
        ],
        {
            "standard": Prices(
                "Japan Post",
                (7, 12),
                {("home", ""): bands("1800", "3900", "6900"), ("okinawa", ""): bands("2100", "4500", "7900")},
                step="650",
                free_above="15000",
            ),
            "express": Prices(
                "DHL Express",
                (3, 5),
                {("home", ""): bands("3600", "6900", "11800"), ("okinawa", ""): bands("3900", "7500", "12800")},
                step="1100",
            ),
        },
    ),
    "us": MarketTables(
        [
            Region("states", "Contiguous states"),
            Region(
                "outer", "Alaska, Hawaii and territories", postcodes=["006-009", "967-969", "995-999"], extra_days=3
            ),
        ],
        {
            "standard": Prices(
                "USPS",
                (7, 12),
                {
                    ("states", ""): bands("14.95", "19.95", "29.95", "54.95", up_to=LIGHT),
                    ("outer", ""): bands("17.95", "24.95", "37.95", "69.95", up_to=LIGHT),
                },
                step="9.50",
                free_above="150",
            ),
            "express": Prices(
                "DHL Express",
                (2, 4),
                {
                    ("states", ""): bands("34.95", "42.95", "56.95", "94.95", up_to=LIGHT),
                    ("outer", ""): bands("44.95", "54.95", "72.95", "118.95", up_to=LIGHT),
                },
                step="14",
                fuel="0.12",
            ),
        },
    ),
    "kr": MarketTables(
        [
            Region("home", "Korea"),
            Region("jeju", "Jeju", postcodes=["63"], extra_days=1),
        ],
        {
            "standard": Prices(
                "CJ Logistics",
                (6, 10),
                {
                    ("home", "CN"): bands("9000", "12000", "17000", "29000", up_to=LIGHT),
                    ("home", ""): bands("16000", "21000", "32000", "58000", up_to=LIGHT),
                    ("jeju", ""): bands("19000", "24000", "35000", "61000", up_to=LIGHT),
                },
                step="9000",
                free_above="150000",
            ),
            "express": Prices(
                "DHL Express",
                (2, 4),
                {
                    ("home", ""): bands("36000", "45000", "62000", "108000", up_to=LIGHT),
                    ("jeju", ""): bands("39000", "48000", "65000", "111000", up_to=LIGHT),
                },
                step="15000",
                fuel="0.12",
            ),
        },
    ),
    "au": MarketTables(
        [
            Region("home", "Eastern and southern Australia"),
            Region(
                "far", "Western Australia, Northern Territory and Tasmania", postcodes=["08", "6", "7"], extra_days=2
            ),
        ],
        {
            "standard": Prices(
                "Australia Post",
                (8, 14),
                {
                    ("home", ""): bands("22.95", "29.95", "44.95", "84.95", up_to=LIGHT),
                    ("far", ""): bands("24.95", "33.95", "49.95", "94.95", up_to=LIGHT),
                },
                step="15",
                free_above="250",
            ),
            "express": Prices(
                "DHL Express",
                (3, 5),
                {
                    ("home", ""): bands("54.95", "67.95", "92.95", "158.95", up_to=LIGHT),
                    ("far", ""): bands("58.95", "72.95", "99.95", "168.95", up_to=LIGHT),
                },
                step="23",
                fuel="0.12",
            ),
        },
    ),
    "ch": MarketTables(
        [Region("home", "Switzerland and Liechtenstein")],
        {
            "standard": Prices(
                "Swiss Post",
                (4, 7),
                {
                    ("home", "FR"): bands("11.90", "14.90", "19.90", "32.90", up_to=LIGHT),
                    ("home", ""): bands("13.90", "17.90", "24.90", "42.90", up_to=LIGHT),
                },
                step="5",
                free_above="120",
            ),
            "express": Prices(
                "DHL Express",
                (1, 3),
                {("home", ""): bands("26.90", "32.90", "42.90", "68.90", up_to=LIGHT)},
                step="8",
                fuel="0.12",
            ),
        },
    ),
}

"""The invented museums and companies of the demo, and the licences between them."""

from shop.demo.museum.model import DemoPartner, LicenceAgreement, MuseumFacts

MUSEUMS = (
    MuseumFacts(
        slug="ashgrove",
        name={
            "en": "Ashgrove Museum",
            "fr": "Musée d’Ashgrove",
            "zh-hans": "阿什格罗夫博物馆",
            "ja": "アッシュグローブ美術館",
        },
        introduction={
            "en": "In a quiet square in London, Ashgrove looks at the ancient world from the Nile to the Andes. "
            "Its labels are short and its rooms are open late. The accession numbers shown here are the museum’s own.",
            "fr": "Sur une place tranquille de Londres, Ashgrove regarde les mondes anciens, du Nil aux Andes. "
            "Ses cartels sont brefs et ses salles ouvertes tard. Les numéros d’inventaire sont ceux du musée.",
            "zh-hans": "阿什格罗夫坐落于伦敦一处安静的广场，从尼罗河到安第斯，静观古代世界。展签简短，展厅夜间开放。此处藏品编号为本馆自编。",
            "ja": "ロンドンの静かな広場に建つアッシュグローブは、ナイルからアンデスまで古代世界を見渡します。解説は短く、"
            "展示室は夜遅くまで。ここに記す収蔵番号は当館独自のものです。",
        },
        city="London",
        country="GB",
        prefix="AGM",
    ),
    MuseumFacts(
        slug="deux-rives",
        name={
            "en": "Museum of the Two Banks",
            "fr": "Musée des Deux-Rives",
            "zh-hans": "双岸博物馆",
            "ja": "ドゥ・リヴ美術館",
        },
        introduction={
            "en": "Painting, tapestry and the book arts of Europe, in a former spinning mill in Lille. "
            "The looms have gone; the patience has stayed. The accession numbers shown here are the museum’s own.",
            "fr": "Peinture, tapisserie et arts du livre en Europe, dans une ancienne filature lilloise. "
            "Les métiers sont partis, la patience est restée. Les numéros d’inventaire sont ceux du musée.",
            "zh-hans": "里尔一座旧纺纱厂里，陈列着欧洲的绘画、挂毯与书籍艺术。织机已去，耐心犹存。此处藏品编号为本馆自编。",
            "ja": "リールの旧紡績工場に、ヨーロッパの絵画、タペストリー、書物の美術を展示しています。織機は去り、忍耐だけが残りました。"
            "ここに記す収蔵番号は当館独自のものです。",
        },
        city="Lille",
        country="FR",
        prefix="MDR",
    ),
    MuseumFacts(
        slug="west-lake-hall",
        name={
            "en": "West Lake Hall of Asian Art",
            "fr": "Pavillon du lac de l’Ouest, arts d’Asie",
            "zh-hans": "西湖亚洲艺术馆",
            "ja": "西湖アジア美術館",
        },
        introduction={
            "en": "A low building among willows in Hangzhou, given to the painting, ceramics and prints of Asia. "
            "It is best seen in rain. The accession numbers shown here are the museum’s own.",
            "fr": "Un bâtiment bas parmi les saules de Hangzhou, voué à la peinture, à la céramique et à l’estampe d’Asie. "
            "Il faut le voir sous la pluie. Les numéros d’inventaire sont ceux du musée.",
            "zh-hans": "杭州柳荫深处的一座低矮建筑，专藏亚洲的书画、陶瓷与版画，雨中最宜观览。此处藏品编号为本馆自编。",
            "ja": "杭州の柳の間に建つ低い館で、アジアの絵画、陶磁、版画を収めます。雨の日がもっとも美しい。ここに記す収蔵番号は当館独自のものです。",
        },
        city="Hangzhou",
        country="CN",
        prefix="WLH",
    ),
)

PARTNERS = (
    DemoPartner("meridian", "Meridian Press", "GB"),
    DemoPartner("harcourt", "Harcourt & Daughters", "GB"),
    DemoPartner("lune", "Maison Lune", "FR"),
    DemoPartner("yunjian", "云间文创 Yunjian Studio", "CN"),
)

EVERYWHERE = ("*",)
EUROPE = ("GB", "FR", "BE", "DE", "IT", "ES", "NL", "IE")
_RATES = {
    "meridian": ("0.0800", "0.1100"),
    "harcourt": ("0.1000", "0.1400"),
    "lune": ("0.0900", "0.1200"),
    "yunjian": ("0.0700", "0.1250"),
}
_CURRENCY = {"meridian": "GBP", "harcourt": "GBP", "lune": "EUR", "yunjian": "CNY"}


def agreement_number(museum: str, partner: str, *, europe: bool = False) -> str:
    """Return the number of the agreement between a museum and a partner."""
    prefix = next(one.prefix for one in MUSEUMS if one.slug == museum)
    return f"{prefix}-{partner[:3].upper()}-2025{'-EU' if europe else ''}"


def agreements() -> tuple[LicenceAgreement, ...]:
    """Every museum licenses every partner; one more agreement of each museum is for Europe alone."""
    made = []
    for museum in MUSEUMS:
        for partner in PARTNERS:
            for europe in (False, True) if partner.code == "meridian" else (False,):
                web, tmall = _RATES[partner.code]
                made.append(
                    LicenceAgreement(
                        number=agreement_number(museum.slug, partner.code, europe=europe),
                        licensor=museum.slug,
                        licensee=partner.code,
                        effective_from="2025-01-01",
                        effective_to="2029-01-01",
                        territories=EUROPE if europe else EVERYWHERE,
                        channels=("web",) if europe else ("web", "tmall"),
                        categories=EVERYWHERE,
                        rate_web=web,
                        rate_tmall=tmall,
                        base="net_sales",
                        currency=_CURRENCY[partner.code],
                    )
                )
    return tuple(made)

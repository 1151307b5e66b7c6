"""How the demo's products are made: categories, their sizes, materials, customs facts and sentences."""

from dataclasses import dataclass

from shop.demo.museum.model import Words


def words(en: str, fr: str, zh: str, ja: str) -> Words:
    """Return a text in the four languages."""
    return {"en": en, "fr": fr, "zh-hans": zh, "ja": ja}


@dataclass(frozen=True)
class Size:
    """A variant of a category: code, option text, prices, weight in grams, unit cost in GBP."""

    code: str
    option: Words
    gbp: str
    eur: str
    cny: str
    jpy: str
    weight_g: int
    cost: str


@dataclass(frozen=True)
class Recipe:
    """What all products of a category share."""

    prefix: str
    partner: str
    name: Words
    sentences: tuple[Words, ...]
    material: Words
    care: Words
    hs_code: str
    origin: str
    sizes: tuple[Size, ...]


RECIPES: dict[str, Recipe] = {
    "prints": Recipe(
        "PRT",
        "meridian",
        words("{m}, print", "{m}, estampe", "{m}版画", "{m} 版画"),
        (
            words(
                "Printed with twelve pigment inks on a heavy cotton sheet, with a margin wide enough to frame.",
                "Imprimée avec douze encres pigmentaires sur un épais papier de coton, avec une marge assez large pour l’encadrement.",
                "以十二色颜料墨水印于厚实的棉质纸上，四周留白，便于装裱。",
                "厚手のコットン紙に十二色の顔料インクで刷り、額装のための余白を広く取りました。",
            ),
            words(
                "The colours were matched by eye beside the original and hold for a century away from direct sun.",
                "Les couleurs ont été réglées à l’œil, d’après l’original ; à l’abri du soleil, elles tiennent un siècle.",
                "色彩对照原作目测校准，避免阳光直射可保持百年。",
                "色は原作と見比べながら合わせたもので、直射日光を避ければ百年保ちます。",
            ),
            words(
                "A quiet sheet for a bright wall: the motif stands alone, without frame or border.",
                "Une feuille silencieuse pour un mur clair : le motif y est seul, sans cadre ni bordure.",
                "适合明亮墙面的一张静谧之作：纹样独立其中，不加边框。",
                "明るい壁に似合う静かな一枚。枠も縁取りもなく、文様だけを置きました。",
            ),
        ),
        words(
            "Pigment ink on 310 g/m² cotton paper",
            "Encre pigmentaire sur papier coton 310 g/m²",
            "颜料墨水，310克棉质纸",
            "顔料インク、310 g/m²コットン紙",
        ),
        words("Keep out of direct sunlight", "À l’abri du soleil direct", "避免阳光直射", "直射日光を避けてください"),
        "491191",
        "GB",
        (
            Size(
                "S",
                words("30 × 40 cm", "30 × 40 cm", "30 × 40 厘米", "30 × 40 cm"),
                "24.00",
                "28.00",
                "228.00",
                "4900",
                180,
                "5.20",
            ),
            Size(
                "L",
                words("50 × 70 cm", "50 × 70 cm", "50 × 70 厘米", "50 × 70 cm"),
                "42.00",
                "48.00",
                "398.00",
                "8500",
                320,
                "9.80",
            ),
            Size(
                "F",
                words(
                    "50 × 70 cm, oak frame", "50 × 70 cm, cadre chêne", "50 × 70 厘米，橡木框", "50 × 70 cm、オーク額"
                ),
                "120.00",
                "138.00",
                "1180.00",
                "24500",
                2900,
                "41.00",
            ),
        ),
    ),
    "mugs": Recipe(
        "MUG",
        "harcourt",
        words("{m} mug", "Tasse {m}", "{m}马克杯", "{m} マグ"),
        (
            words(
                "The pattern runs unbroken round the cup and meets itself behind the handle.",
                "Le motif fait le tour de la tasse sans rupture et se rejoint derrière l’anse.",
                "纹样环绕杯身，在杯柄之后首尾相接。",
                "文様は途切れることなく器をめぐり、取っ手の裏でつながります。",
            ),
            words(
                "Thrown thin at the lip and heavy at the foot, as a morning cup should be.",
                "Fine à la lèvre, lourde au pied : une tasse faite pour le matin.",
                "杯口薄，杯底沉，正合清晨的手感。",
                "口は薄く、底は重く。朝の一杯のための形です。",
            ),
            words(
                "The glaze is fired over the colour, so that the motif survives years of dishwashers.",
                "L’émail est cuit par-dessus la couleur : le motif survivra à des années de lave-vaisselle.",
                "釉上覆烧，多年洗碗机清洗，纹样依旧。",
                "絵付けの上から釉をかけて焼くため、食洗機にも長く耐えます。",
            ),
        ),
        words("Stoneware, 350 ml", "Grès, 350 ml", "炻器，350毫升", "炻器、350 ml"),
        words(
            "Dishwasher and microwave safe",
            "Lave-vaisselle et micro-ondes",
            "可用洗碗机和微波炉",
            "食洗機・電子レンジ対応",
        ),
        "691200",
        "GB",
        (
            Size("1", words("One mug", "Une tasse", "单只", "一客"), "16.00", "19.00", "148.00", "3300", 420, "3.60"),
            Size(
                "2", words("Pair", "La paire", "一对", "一組（二客）"), "29.00", "34.00", "268.00", "5900", 860, "7.00"
            ),
        ),
    ),
    "scarves": Recipe(
        "SCF",
        "lune",
        words("{m} silk scarf", "Carré de soie {m}", "{m}真丝方巾", "{m} シルクスカーフ"),
        (
            words(
                "The centre is calm and the border busy, so that it looks right however it is tied.",
                "Le centre est calme, la bordure vive : noué d’une façon ou d’une autre, il tombe juste.",
                "中心静，边缘繁，怎样系结都相宜。",
                "中央は静かに、縁は華やかに。どう結んでも収まりのよい構成です。",
            ),
            words(
                "Screen-printed in nine passes and hem-rolled by hand.",
                "Imprimé au cadre en neuf passages, roulotté à la main.",
                "九套色丝网印制，手工卷边。",
                "九版のスクリーン刷り、縁は手巻き仕上げです。",
            ),
            words(
                "Light as a page, and as generous in colour as the work it follows.",
                "Léger comme une page, et aussi généreux en couleurs que l’œuvre qui l’inspire.",
                "轻若纸页，用色却如原作般丰盛。",
                "一枚の紙のように軽く、色は原作に劣らず豊かです。",
            ),
        ),
        words("Silk twill", "Twill de soie", "真丝斜纹绸", "シルクツイル"),
        words("Dry clean only", "Nettoyage à sec", "仅限干洗", "ドライクリーニングのみ"),
        "621410",
        "FR",
        (
            Size(
                "65",
                words("65 × 65 cm", "65 × 65 cm", "65 × 65 厘米", "65 × 65 cm"),
                "78.00",
                "89.00",
                "728.00",
                "15900",
                90,
                "24.00",
            ),
            Size(
                "90",
                words("90 × 90 cm", "90 × 90 cm", "90 × 90 厘米", "90 × 90 cm"),
                "125.00",
                "145.00",
                "1180.00",
                "25500",
                130,
                "38.00",
            ),
            Size(
                "ST",
                words("Stole, 70 × 190 cm", "Étole, 70 × 190 cm", "长巾，70 × 190 厘米", "ストール、70 × 190 cm"),
                "165.00",
                "190.00",
                "1560.00",
                "33500",
                190,
                "52.00",
            ),
        ),
    ),
    "totes": Recipe(
        "TOT",
        "lune",
        words("{m} tote", "Sac {m}", "{m}帆布袋", "{m} トートバッグ"),
        (
            words(
                "Wide enough for a catalogue, strong enough for the catalogue raisonné.",
                "Assez large pour un catalogue, assez solide pour le catalogue raisonné.",
                "装得下展览图录，也扛得住全集。",
                "図録も、全作品集も入る丈夫な一枚。",
            ),
            words(
                "The motif is printed large and cropped, as one remembers it rather than as it hangs.",
                "Le motif est imprimé en grand et recadré, tel qu’on s’en souvient plutôt que tel qu’on l’accroche.",
                "纹样放大裁切，呈现记忆中的样子。",
                "文様は大きく切り取って。展示の姿ではなく、記憶に残る姿で。",
            ),
            words(
                "Long handles for the shoulder, an inner pocket for a ticket.",
                "De longues anses pour l’épaule, une poche intérieure pour le billet.",
                "长提手可肩背，内袋正好放门票。",
                "肩に掛けられる長い持ち手と、チケットの入る内ポケット付き。",
            ),
        ),
        words(
            "Organic cotton canvas, 340 g/m²",
            "Toile de coton biologique, 340 g/m²",
            "有机棉帆布，340克",
            "オーガニックコットン帆布、340 g/m²",
        ),
        words("Wash at 30 °C", "Lavage à 30 °C", "30°C 水洗", "30 °C で洗濯可"),
        "420222",
        "PT",
        (
            Size("N", words("Natural", "Écru", "本色", "生成り"), "18.00", "21.00", "168.00", "3700", 240, "4.10"),
            Size("B", words("Black", "Noir", "黑色", "黒"), "18.00", "21.00", "168.00", "3700", 240, "4.10"),
        ),
    ),
    "notebooks": Recipe(
        "NTB",
        "meridian",
        words("{m} notebook", "Carnet {m}", "{m}笔记本", "{m} ノート"),
        (
            words(
                "Sewn, not glued: it lies flat at every page.",
                "Cousu et non collé : il reste à plat à chaque page.",
                "线装而非胶装，每一页都能平展。",
                "糊ではなく糸綴じ。どのページも平らに開きます。",
            ),
            words(
                "Cream paper that takes a fountain pen, and a ribbon to find the place again.",
                "Un papier crème qui accepte la plume, et un signet pour retrouver sa page.",
                "米色纸张适合钢笔书写，附书签带。",
                "万年筆にも向くクリーム色の紙、しおり紐付き。",
            ),
            words(
                "The endpapers carry a detail that the cover leaves out.",
                "Les gardes montrent un détail que la couverture passe sous silence.",
                "衬页印有封面未尽的细节。",
                "見返しには、表紙に収まらなかった細部を。",
            ),
        ),
        words(
            "FSC paper, cloth spine, 192 pages",
            "Papier FSC, dos toilé, 192 pages",
            "FSC认证纸，布脊，192页",
            "FSC認証紙、布背、192ページ",
        ),
        words("", "", "", ""),
        "482010",
        "GB",
        (
            Size(
                "A6",
                words("A6, plain", "A6, uni", "A6，空白", "A6・無地"),
                "9.50",
                "11.00",
                "88.00",
                "1950",
                150,
                "2.00",
            ),
            Size(
                "A5",
                words("A5, plain", "A5, uni", "A5，空白", "A5・無地"),
                "14.00",
                "16.00",
                "128.00",
                "2850",
                310,
                "3.10",
            ),
            Size(
                "A5R",
                words("A5, ruled", "A5, ligné", "A5，横线", "A5・罫線"),
                "14.00",
                "16.00",
                "128.00",
                "2850",
                310,
                "3.10",
            ),
        ),
    ),
    "jewellery": Recipe(
        "JWL",
        "harcourt",
        words("{m} jewel", "Bijou {m}", "{m}首饰", "{m} ジュエリー"),
        (
            words(
                "A small part of the pattern, cast and finished by hand.",
                "Un fragment du motif, fondu et repris à la main.",
                "取纹样一隅，铸造后手工修整。",
                "文様のひとかけらを鋳造し、手で仕上げました。",
            ),
            words(
                "It takes the light as the original does: along the edges first.",
                "Il prend la lumière comme l’original : d’abord par les arêtes.",
                "光线先落在边缘，一如原作。",
                "光は原作と同じく、まず縁に宿ります。",
            ),
            words(
                "Worn every day it softens; that is as it should be.",
                "Porté chaque jour, il s’adoucit ; c’est bien ainsi.",
                "日日佩戴，棱角渐柔，正当如此。",
                "毎日身に着けるほど柔らかくなる。それでよいのです。",
            ),
        ),
        words("Sterling silver", "Argent 925", "925银", "シルバー925"),
        words("Polish with a soft cloth", "Polir avec un chiffon doux", "以软布擦拭", "柔らかい布で磨いてください"),
        "711311",
        "IT",
        (
            Size(
                "P",
                words("Pendant", "Pendentif", "吊坠", "ペンダント"),
                "68.00",
                "78.00",
                "638.00",
                "13900",
                40,
                "19.00",
            ),
            Size(
                "E",
                words("Earrings", "Boucles d’oreilles", "耳环", "ピアス"),
                "58.00",
                "67.00",
                "548.00",
                "11800",
                35,
                "16.00",
            ),
            Size(
                "R",
                words("Ring, adjustable", "Bague réglable", "可调戒指", "フリーサイズリング"),
                "52.00",
                "60.00",
                "488.00",
                "10600",
                30,
                "14.00",
            ),
        ),
    ),
    "replicas": Recipe(
        "RPL",
        "harcourt",
        words("{m}, replica", "{m}, réplique", "{m}复制品", "{m} レプリカ"),
        (
            words(
                "Cast from a scan, finished by hand, and marked as a replica under the base.",
                "Moulée d’après un relevé numérique, reprise à la main et marquée « réplique » sous le socle.",
                "据扫描数据铸造，手工修饰，底部标明“复制品”。",
                "計測データから鋳造し手で仕上げ、底に複製の刻印を入れています。",
            ),
            words(
                "Reduced in size, true in proportion; the wear is that of the original.",
                "Réduite, mais juste dans ses proportions ; l’usure est celle de l’original.",
                "尺寸缩小，比例不失，磨损之痕亦如原作。",
                "寸法は小さく、比例は正確に。摩耗の跡も原作のままです。",
            ),
            words(
                "It stands on a desk with the patience of its model.",
                "Elle se tient sur un bureau avec la patience de son modèle.",
                "立于案头，自有原作的从容。",
                "机の上で、原作と同じ静けさで佇みます。",
            ),
        ),
        words("Mineral-filled resin", "Résine chargée de minéraux", "矿物填充树脂", "鉱物入りレジン"),
        words("Dust with a dry brush", "Dépoussiérer au pinceau sec", "以干刷除尘", "乾いた刷毛で埃を払ってください"),
        "392640",
        "CN",
        (
            Size(
                "S",
                words("Height 12 cm", "Hauteur 12 cm", "高12厘米", "高さ 12 cm"),
                "48.00",
                "55.00",
                "448.00",
                "9800",
                620,
                "13.00",
            ),
            Size(
                "L",
                words("Height 24 cm", "Hauteur 24 cm", "高24厘米", "高さ 24 cm"),
                "140.00",
                "160.00",
                "1320.00",
                "28500",
                2400,
                "42.00",
            ),
        ),
    ),
    "books": Recipe(
        "BOK",
        "meridian",
        words("{m}: a close reading", "{m} : une lecture", "细读：{m}", "{m}を読む"),
        (
            words(
                "One work, forty details, and what they say when looked at slowly.",
                "Une œuvre, quarante détails, et ce qu’ils disent quand on les regarde lentement.",
                "一件作品，四十处细节，慢看方知其言。",
                "ひとつの作品、四十の細部。ゆっくり見るとき、それらが語ること。",
            ),
            words(
                "Photographs made for this book, an essay without footnotes, and the footnotes at the end.",
                "Des photographies prises pour ce livre, un essai sans notes, et les notes à la fin.",
                "专为本书拍摄的照片，一篇无注的随笔，注释置于书末。",
                "本書のための撮り下ろし写真、注のない随筆、そして巻末の注。",
            ),
        ),
        words(
            "Hardback, 128 pages, 24 × 19 cm",
            "Relié, 128 pages, 24 × 19 cm",
            "精装，128页，24 × 19 厘米",
            "上製、128ページ、24 × 19 cm",
        ),
        words("", "", "", ""),
        "490199",
        "GB",
        (
            Size(
                "EN",
                words("English edition", "Édition anglaise", "英文版", "英語版"),
                "28.00",
                "32.00",
                "268.00",
                "5700",
                780,
                "7.40",
            ),
            Size(
                "FR",
                words("French edition", "Édition française", "法文版", "フランス語版"),
                "28.00",
                "32.00",
                "268.00",
                "5700",
                780,
                "7.40",
            ),
        ),
    ),
    "puzzles": Recipe(
        "PUZ",
        "meridian",
        words("{m} puzzle", "Puzzle {m}", "{m}拼图", "{m} ジグソーパズル"),
        (
            words(
                "Each piece is different, and none is as easy as the sky of other puzzles.",
                "Chaque pièce est différente, et aucune n’est aussi facile que le ciel des autres puzzles.",
                "片片不同，没有哪一片像别家拼图的天空那样容易。",
                "一片ごとに形が違い、どれも「空」のように易しくはありません。",
            ),
            words(
                "Cut from one thick board; the box doubles as a frame.",
                "Découpé dans un seul carton épais ; la boîte sert de cadre.",
                "由整块厚板切割，盒子亦可作框。",
                "一枚の厚紙から切り出し、箱は額としても使えます。",
            ),
        ),
        words(
            "Recycled board, matt print",
            "Carton recyclé, impression mate",
            "再生纸板，哑光印刷",
            "再生紙ボード、マット印刷",
        ),
        words(
            "Small parts: not for children under three",
            "Petites pièces : ne convient pas aux moins de trois ans",
            "内含小部件，三岁以下不宜",
            "小さな部品があります。三歳未満のお子様には適しません",
        ),
        "950300",
        "PL",
        (
            Size(
                "500",
                words("500 pieces", "500 pièces", "500片", "500ピース"),
                "19.00",
                "22.00",
                "178.00",
                "3900",
                620,
                "5.10",
            ),
            Size(
                "1000",
                words("1,000 pieces", "1 000 pièces", "1000片", "1000ピース"),
                "26.00",
                "30.00",
                "248.00",
                "5300",
                950,
                "7.00",
            ),
        ),
    ),
    "umbrellas": Recipe(
        "UMB",
        "lune",
        words("{m} umbrella", "Parapluie {m}", "{m}雨伞", "{m} 傘"),
        (
            words(
                "Plain in the hand, and all ornament when opened.",
                "Sobre à la main, tout ornement une fois ouvert.",
                "收起素净，撑开满目纹样。",
                "閉じれば無地、開けば一面の文様。",
            ),
            words(
                "The pattern is drawn for eight gores and meets at every seam.",
                "Le motif est dessiné pour huit pans et se rejoint à chaque couture.",
                "纹样为八片伞面而作，接缝处处相合。",
                "八枚の生地のために描いた文様が、どの縫い目でもつながります。",
            ),
        ),
        words(
            "Recycled polyester, ash handle",
            "Polyester recyclé, manche en frêne",
            "再生涤纶，白蜡木柄",
            "再生ポリエステル、トネリコの柄",
        ),
        words("Dry open", "Sécher ouvert", "撑开晾干", "開いて乾かしてください"),
        "660199",
        "CN",
        (
            Size(
                "L", words("Walking length", "Canne", "长柄", "長傘"), "48.00", "55.00", "448.00", "9800", 560, "14.00"
            ),
            Size(
                "F", words("Folding", "Pliant", "折叠", "折りたたみ"), "36.00", "42.00", "338.00", "7400", 330, "10.00"
            ),
        ),
    ),
}


def filled(template: Words, motif: Words) -> Words:
    """Put a motif into a name."""
    return {language: text.format(m=motif[language]) for language, text in template.items()}

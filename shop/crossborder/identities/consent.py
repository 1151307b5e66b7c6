"""What a buyer agrees to when she gives an identity number. A text is never edited: a new wording is a new version.

China: Personal Information Protection Law (PIPL), articles 23, 29 and 39: separate consent for sensitive personal
information, for handing it to others and for sending it abroad, naming who, why, how and how long.
Korea: Personal Information Protection Act, articles 15, 17 and 28-8.
"""

from dataclasses import dataclass

from shop.crossborder.identities.numbers import NumberKind


@dataclass(frozen=True)
class ConsentText:
    """A version's wording in the languages of the shop."""

    version: str
    kind: NumberKind
    texts: dict[str, str]

    def in_language(self, language: str) -> str:
        """Return the wording in the language, else in English."""
        return self.texts.get(language) or self.texts["en"]


CONSENTS = (
    ConsentText(
        version="cn-resident-id-2026-11",
        kind=NumberKind.CN_RESIDENT_ID,
        texts={
            "en": (
                "I give my separate consent that the museum shop collects my name and resident identity number, which "
                "are sensitive personal information, sends them abroad to the seller, and hands them to China Customs "
                "and to the carrier, only to clear this order through customs. They are kept encrypted and deleted "
                "when the period that customs law sets is over. I can withdraw this consent; the order then cannot be "
                "cleared."
            ),
            "fr": (
                "Je donne mon consentement distinct à ce que la boutique du musée recueille mon nom et mon numéro de "
                "carte d’identité chinoise, qui sont des données personnelles sensibles, les transmette à l’étranger "
                "au vendeur et les communique à la douane chinoise et au transporteur, uniquement pour dédouaner cette "
                "commande. Ils sont conservés chiffrés et supprimés au terme du délai fixé par le droit douanier. Je "
                "peux retirer ce consentement ; la commande ne pourra alors pas être dédouanée."
            ),
            "zh-hans": (
                "本人单独同意：博物馆商店仅为办理本订单的通关手续，收集本人的姓名和居民身份证号码（属于敏感个人信息），"
                "将其传输至境外的销售方，并提供给中国海关和承运人。上述信息加密保存，在海关法规规定的保存期限届满后删除。"
                "本人可以撤回同意；撤回后本订单将无法通关。"
            ),
            "ja": (
                "私は、本注文の通関のためだけに、ミュージアムショップが要配慮の個人情報である私の氏名と中国居民身分証番号を"
                "取得し、国外の販売者へ移転し、中国税関および配送会社に提供することに、個別に同意します。"
                "これらは暗号化して保管され、関税法令の定める期間が過ぎると削除されます。"
                "同意は撤回できますが、その場合、注文品は通関できません。"
            ),
        },
    ),
    ConsentText(
        version="kr-pccc-2026-11",
        kind=NumberKind.KR_PCCC,
        texts={
            "en": (
                "I agree that the museum shop collects my name and personal customs clearance code, sends them abroad "
                "to the seller, and hands them to the Korea Customs Service and to the carrier, only to clear this "
                "order through customs. They are kept encrypted and deleted when the period that customs law sets is "
                "over. I can refuse or withdraw; the order then cannot be cleared."
            ),
            "fr": (
                "J’accepte que la boutique du musée recueille mon nom et mon code personnel de dédouanement, les "
                "transmette à l’étranger au vendeur et les communique à la douane coréenne et au transporteur, "
                "uniquement pour dédouaner cette commande. Ils sont conservés chiffrés et supprimés au terme du délai "
                "fixé par le droit douanier. Je peux refuser ou me rétracter ; la commande ne pourra alors pas être "
                "dédouanée."
            ),
            "zh-hans": (
                "本人同意：博物馆商店仅为办理本订单的通关手续，收集本人的姓名和个人通关固有号码，将其传输至境外的销售方，"
                "并提供给韩国海关和承运人。上述信息加密保存，在海关法规规定的保存期限届满后删除。"
                "本人可以拒绝或撤回同意；届时本订单将无法通关。"
            ),
            "ja": (
                "私は、本注文の通関のためだけに、ミュージアムショップが私の氏名と個人通関固有符号を取得し、国外の販売者へ"
                "移転し、韓国関税庁および配送会社に提供することに同意します。これらは暗号化して保管され、"
                "関税法令の定める期間が過ぎると削除されます。拒否または撤回もできますが、その場合、注文品は通関できません。"
            ),
        },
    ),
)


def current_consent(kind: NumberKind) -> ConsentText:
    """Return the wording in force for a kind of number: the last of its versions.

    :raises LookupError: none is written for the kind.
    """
    found = [one for one in CONSENTS if one.kind == kind]
    if not found:
        raise LookupError(f"No consent is written for {kind}.")
    return found[-1]


def is_known(version: str, kind: NumberKind) -> bool:
    """Return whether this version was ever shown for the kind."""
    return any(one.version == version and one.kind == kind for one in CONSENTS)

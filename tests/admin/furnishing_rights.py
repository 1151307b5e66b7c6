"""Groups, trees and rights in force for the admin's pages."""

from licensing.models import Agreement, AgreementVersion, PartyGroup, RightHeld, ScopeGroup, ScopeNode
from licensing.rights.signing import sign

RIGHTS = [PartyGroup, RightHeld, ScopeGroup, ScopeNode]


def furnish_rights(number: int, *, draft: AgreementVersion) -> None:
    """Group the licensee, name places and a channel, and sign a second agreement like the draft."""
    draft.partner.group = PartyGroup.objects.create(name=f"Holding {number}")
    draft.partner.save()
    ScopeGroup.objects.create(dimension="territory", code=f"area-{number}", name=f"Area {number}", members=["FR", "BE"])
    market = ScopeNode.objects.create(dimension="channel", code=f"market-{number}")
    ScopeNode.objects.create(dimension="channel", code=f"store-{number}", parent=market)
    agreement = Agreement.objects.create(
        number=f"HELD-{number}",
        licensor=draft.agreement.licensor,
        licensee=draft.partner,
        currency="GBP",
        state=Agreement.State.ACTIVE,
    )
    version = AgreementVersion.objects.create(
        agreement=agreement, partner=draft.partner, number=1, effective=draft.effective, terms=draft.terms
    )
    for grant in list(draft.grants.all()):
        grant.pk, grant.version, grant.territories = None, version, [f"area-{number}"]
        grant.save(force_insert=True)
    sign(version=version)

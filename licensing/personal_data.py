"""Personal data in the books of rights: parties are companies, and royalties know no buyer."""

IMPERSONAL = {
    "licensing.Party": "Museums and companies.",
    "licensing.PartyGroup": "Companies that belong together.",
    "licensing.ScopeGroup": "Several countries, channels or categories under one name.",
    "licensing.Property": "A work or mark.",
    "licensing.AgreementVersion": "Terms between companies.",
    "licensing.ApiKey": "Named after a partner's program.",
    "licensing.RoyaltyEntry": "Arithmetic of royalties, without buyers.",
}

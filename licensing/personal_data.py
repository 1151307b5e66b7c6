"""Personal data in the books of rights: parties are companies, and royalties know no buyer."""

IMPERSONAL = {
    "licensing.Party": "Museums and companies.",
    "licensing.Property": "A work or mark.",
    "licensing.AgreementVersion": "Terms between companies.",
    "licensing.ApiKey": "Named after a partner's program.",
    "licensing.RoyaltyEntry": "Arithmetic of royalties, without buyers.",
}

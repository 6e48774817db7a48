"""Words of the optional fields of a practice record: code and English label. Data only."""

from node.community.terms_required import Terms
from node.i18n import mark

ENGAGEMENT_LEVEL: Terms = {
    "inform": mark("Inform"),
    "consult": mark("Consult"),
    "involve": mark("Involve"),
    "collaborate": mark("Collaborate"),
    "empower": mark("Empower"),
    "none": mark("None"),
}
E_PARTICIPATION: Terms = {
    "e-information": mark("E-information"),
    "e-consultation": mark("E-consultation"),
    "e-decision-making": mark("E-decision-making"),
}
POLICY_CYCLE_STAGE: Terms = {
    "agenda": mark("Agenda"),
    "planning": mark("Planning"),
    "decision": mark("Decision"),
    "implementation": mark("Implementation"),
    "monitoring-evaluation": mark("Monitoring and evaluation"),
}
INTERACTION: Terms = {
    "G2C": mark("Government to citizens"),
    "C2G": mark("Citizens to government"),
    "G2B": mark("Government to business"),
    "G2G": mark("Government to government"),
    "C2C": mark("Citizens to citizens"),
}
GOVERNMENT_FUNCTION: Terms = {
    "01": mark("General public services"),
    "02": mark("Defence"),
    "03": mark("Public order and safety"),
    "04": mark("Economic affairs"),
    "05": mark("Environmental protection"),
    "06": mark("Housing and community amenities"),
    "07": mark("Health"),
    "08": mark("Recreation, culture and religion"),
    "09": mark("Education"),
    "10": mark("Social protection"),
}
TECHNOLOGY: Terms = {
    "participation-platform": mark("Participation platform"),
    "portal-cms": mark("Portal"),
    "open-data": mark("Open data"),
    "gis": mark("Maps"),
    "ai": mark("Artificial intelligence"),
    "blockchain": mark("Blockchain"),
    "e-id": mark("Electronic identity"),
    "e-signature": mark("Electronic signature"),
    "cloud": mark("Cloud"),
    "interoperability-layer": mark("Interoperability layer"),
    "crowdsourcing": mark("Crowdsourcing"),
    "messaging-bot": mark("Messaging bot"),
    "low-tech": mark("Low tech"),
    "other": mark("Other"),
}
TARGET_GROUP: Terms = {
    "general-public": mark("General public"),
    "women": mark("Women"),
    "youth": mark("Youth"),
    "children": mark("Children"),
    "older-people": mark("Older people"),
    "persons-with-disabilities": mark("Persons with disabilities"),
    "rural": mark("Rural people"),
    "urban-poor": mark("Urban poor"),
    "indigenous": mark("Indigenous people"),
    "migrants-refugees": mark("Migrants and refugees"),
    "minorities": mark("Minorities"),
    "low-literacy": mark("People who read little"),
    "public-servants": mark("Public servants"),
    "elected": mark("Elected representatives"),
    "business-smes": mark("Small business"),
    "civil-society": mark("Civil society"),
    "media": mark("Media"),
}
BARRIER: Terms = {
    "legal": mark("Law"),
    "funding": mark("Funding"),
    "skills": mark("Skills"),
    "connectivity": mark("Connectivity"),
    "devices": mark("Devices"),
    "language": mark("Language"),
    "literacy": mark("Literacy"),
    "trust": mark("Trust"),
    "political-will": mark("Political will"),
    "coordination": mark("Coordination"),
    "vendor": mark("Vendor"),
    "data-quality": mark("Data quality"),
    "security-privacy": mark("Security and privacy"),
    "gender": mark("Gender"),
    "culture": mark("Culture"),
}
FUNDING: Terms = {
    "government": mark("Government"),
    "donor": mark("Donor"),
    "IO": mark("International organization"),
    "private": mark("Private"),
    "community": mark("Community"),
    "user-fees": mark("User fees"),
    "in-kind": mark("In kind"),
}
COST_BAND: Terms = {
    "<10k": mark("Under 10,000 USD"),
    "10-50k": mark("10,000 to 50,000 USD"),
    "50-250k": mark("50,000 to 250,000 USD"),
    "250k-1m": mark("250,000 to 1 million USD"),
    "1-5m": mark("1 to 5 million USD"),
    ">5m": mark("Over 5 million USD"),
    "unknown": mark("Unknown"),
}

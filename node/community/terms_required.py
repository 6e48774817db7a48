"""Words of the required fields of a practice record: code and English label. Data only."""

from collections.abc import Mapping

from node.i18n import mark

Terms = Mapping[str, str]

KIND: Terms = {
    "practice": mark("Practice"),
    "project": mark("Project"),
    "programme": mark("Programme"),
    "policy": mark("Policy"),
    "tool": mark("Tool"),
    "method": mark("Method"),
}
LEVEL: Terms = {
    "supranational": mark("Supranational"),
    "national": mark("National"),
    "regional": mark("Regional"),
    "local": mark("Local"),
    "community": mark("Community"),
    "organization": mark("Organization"),
}
STATUS: Terms = {
    "idea": mark("Idea"),
    "design": mark("Being designed"),
    "pilot": mark("Pilot"),
    "implemented": mark("Implemented"),
    "scaled": mark("Scaled up"),
    "suspended": mark("Suspended"),
    "discontinued": mark("Discontinued"),
    "replaced": mark("Replaced"),
}
OUTCOME: Terms = {
    "too-early": mark("Too early to say"),
    "success": mark("Success"),
    "partial": mark("Partial success"),
    "mixed": mark("Mixed"),
    "failed": mark("Failed"),
}
OBJECTIVE: Terms = {
    "access-to-information": mark("Access to information"),
    "transparency": mark("Transparency"),
    "accountability": mark("Accountability"),
    "anti-corruption": mark("Anti-corruption"),
    "participation": mark("Participation"),
    "inclusion": mark("Inclusion"),
    "service-delivery": mark("Service delivery"),
    "efficiency": mark("Efficiency"),
    "capacity-building": mark("Capacity building"),
    "economic-growth": mark("Economic growth"),
    "citizen-satisfaction": mark("Citizen satisfaction"),
    "trust": mark("Trust"),
    "safety-resilience": mark("Safety and resilience"),
}
THEME: Terms = {
    "e-participation": mark("E-participation"),
    "open-data": mark("Open data"),
    "open-government": mark("Open government"),
    "digital-identity": mark("Digital identity"),
    "digital-service": mark("Digital services"),
    "e-parliament": mark("E-parliament"),
    "e-procurement": mark("E-procurement"),
    "public-finance": mark("Public finance"),
    "justice": mark("Justice"),
    "local-government": mark("Local government"),
    "smart-city": mark("Smart city"),
    "data-governance": mark("Data governance"),
    "interoperability": mark("Interoperability"),
    "digital-inclusion": mark("Digital inclusion"),
    "digital-skills": mark("Digital skills"),
    "knowledge-management": mark("Knowledge management"),
    "civic-tech": mark("Civic tech"),
    "social-media": mark("Social media"),
    "monitoring-evaluation": mark("Monitoring and evaluation"),
    "strategy-and-law": mark("Strategy and law"),
    "emergency": mark("Emergency"),
    "gender": mark("Gender"),
    "youth": mark("Youth"),
    "climate": mark("Climate"),
}
SDG: Terms = {
    "16.5": mark("16.5 Less corruption and bribery"),
    "16.6": mark("16.6 Effective, accountable institutions"),
    "16.7": mark("16.7 Inclusive, participatory decisions"),
    "16.10": mark("16.10 Public access to information"),
    "17.6": mark("17.6 Sharing knowledge, science and technology"),
    "17.8": mark("17.8 Technology and capacity building"),
    "17.16": mark("17.16 Global partnership"),
    "17.17": mark("17.17 Public, private and civil partnerships"),
    "17.18": mark("17.18 Data and statistics"),
    "9.c": mark("9.c Access to information technology"),
    "5.5": mark("5.5 Women's full participation and leadership"),
    "5.b": mark("5.b Technology to empower women"),
    "10.2": mark("10.2 Inclusion of all"),
    "11.3": mark("11.3 Inclusive, sustainable cities"),
    "4.4": mark("4.4 Skills for work"),
    "1.4": mark("1.4 Equal access to services and resources"),
}
"""The targets offered first; every other target of the seventeen goals is taken too."""
CHANNEL: Terms = {
    "web": mark("Web"),
    "mobile-app": mark("Mobile app"),
    "sms-ussd": mark("SMS or USSD"),
    "voice-ivr": mark("Voice menu"),
    "messaging-app": mark("Messaging app"),
    "social-media": mark("Social media"),
    "email": mark("E-mail"),
    "call-centre": mark("Call centre"),
    "radio-tv": mark("Radio or TV"),
    "kiosk-telecentre": mark("Kiosk or telecentre"),
    "in-person": mark("In person"),
    "paper": mark("Paper"),
    "api-open-data": mark("Programming interface or open data"),
}
ORG_TYPE: Terms = {
    "national-government": mark("National government"),
    "subnational-government": mark("Subnational government"),
    "local-government": mark("Local government"),
    "parliament": mark("Parliament"),
    "judiciary": mark("Judiciary"),
    "UN-system": mark("United Nations system"),
    "intergovernmental": mark("Intergovernmental organization"),
    "NGO-CSO": mark("Civil society organization"),
    "community": mark("Community"),
    "academia": mark("Academia"),
    "private-company": mark("Private company"),
    "SOE": mark("State-owned enterprise"),
    "media": mark("Media"),
    "donor-foundation": mark("Donor or foundation"),
    "professional-network": mark("Professional network"),
    "individual": mark("Individual"),
}
EVIDENCE_LEVEL: Terms = {
    "0": mark("0 None stated"),
    "1": mark("1 An account of the impact"),
    "2": mark("2 Monitoring data"),
    "3": mark("3 An evaluation shows the cause"),
    "4": mark("4 Replicated independently"),
    "5": mark("5 Works elsewhere at scale"),
}
LICENSE: Terms = {
    "CC-BY-4.0": mark("Creative Commons Attribution 4.0"),
    "CC0-1.0": mark("Public domain (CC0 1.0)"),
    "CC-BY-SA-4.0": mark("Creative Commons Attribution-ShareAlike 4.0"),
    "CC-BY-3.0-IGO": mark("Creative Commons Attribution 3.0 IGO"),
    "all-rights": mark("All rights reserved: others get the summary and a link"),
}

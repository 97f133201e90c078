"""Everybody who asks in the matrix, by the two letters of their column."""

from tests.running import RESIDENT, City, Visitor
from zhicheng.simulator.population.residents import RESIDENTS

# The owner, and the other resident: what they are proven to be. Nobody else in the demo is called like the owner.
NAME, ID_NUMBER = next((one.name, one.id_number) for one in RESIDENTS if one.phone == RESIDENT)
PENSIONER = "13800138004"  # she is granted an allowance, and asked for an opinion

OFFICIALS = {
    "ct": "call.taker",
    "di": "dispatcher",
    "ar": "arbiter",
    "h1": "handler.street",
    "h2": "handler.street2",
    "co": "handler.company",
    "s1": "supervisor.street",
    "sd": "supervisor.district",
    "sc": "supervisor",
    "ld": "leader.district",
    "bo": "benefit.officer",
    "ba": "benefit.approver",
    "bp": "paymaster",
    "sy": "admin.system",
    "se": "admin.security",
    "au": "auditor",
}
COLUMNS = ("an", "ow", "ne", *OFFICIALS, "ap")
WORDS = {
    "an": "nobody signed in",
    "ow": "the resident whose case it is",
    "ne": "another resident, whose allowance it is",
    "ct": "call-taker of the city's hotline",
    "di": "dispatcher of the city's hotline",
    "ar": "arbiter of the city's hotline",
    "h1": "handler in the street office that has the case",
    "h2": "handler in the next street office",
    "co": "handler in a public company",
    "s1": "supervisor of the street office",
    "sd": "supervisor of the district above it",
    "sc": "supervisor of the whole city",
    "ld": "leader of that district",
    "bo": "officer of the city who plans benefits",
    "ba": "officer of the city who approves them",
    "bp": "paymaster of the city",
    "sy": "system administrator",
    "se": "security administrator",
    "au": "auditor",
    "ap": "another system with an API key (a call-taker's rights)",
}


def gather(city: City) -> dict[str, Visitor]:
    """One signed-in visitor a column, each with a CSRF token at hand."""
    officials = city.officials(*OFFICIALS.values())
    people = {
        "an": city.visitor(),
        "ow": city.resident(RESIDENT),
        "ne": city.resident(PENSIONER),
        **{column: officials[login] for column, login in OFFICIALS.items()},
        "ap": city.service(),
    }
    for column, visitor in people.items():
        if column != "ap":
            visitor.get("/appeals/new/")
            visitor.headers["X-CSRFToken"] = visitor.cookies["csrftoken"]
    return people

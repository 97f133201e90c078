"""Faults in what a city offers beyond appeals: services, licences, forms, rules, benefits, policies, disclosure."""

from tests.packs.faults.seeding import SeededFault, swap

SERVICES = [
    SeededFault(
        "service of a department that is not there",
        "services/items/works.yaml",
        swap("department: water_supply", "department: waterworks"),
        "services.department",
        "department: waterworks",
    ),
    SeededFault(
        "service promised later than the law allows",
        "services/items/works.yaml",
        swap("legal_working_days: 20, promised_working_days: 5", "legal_working_days: 20, promised_working_days: 25"),
        "services.limit",
        "promised_working_days: 25",
    ),
    SeededFault(
        "theme with an item that is not there",
        "services/themes/stall.yaml",
        swap("item: stall.water", "item: stall.fire"),
        "themes.unknown_item",
        "item: stall.fire",
    ),
    SeededFault(
        "licence that nobody issues",
        "licences.yaml",
        swap("issuer: urban_management", "issuer: urban_managers"),
        "licences.issuer",
        "issuer: urban_managers",
    ),
    SeededFault(
        "form section with a field that is not there",
        "forms/stall.yaml",
        swap("fields: [stall, goods]", "fields: [stall, good]"),
        "form.section_field",
        "fields: [stall, good]",
    ),
]
RIGHTS = [
    SeededFault(
        "rule that reads a fact that is not there",
        "rules/stall.yaml",
        swap("months_between(resident_since_date, as_of)", "months_between(resident_since, as_of)"),
        "rule.unknown_column",
        "months_between(resident_since, as_of)",
    ),
    SeededFault(
        "benefit by a rule that is not there",
        "benefits/town.yaml",
        swap("rule: benefit.elderly_allowance.eligible", "rule: benefit.elderly.eligible"),
        "benefits.rule",
        "rule: benefit.elderly.eligible",
    ),
    SeededFault(
        "benefit for each of an event that is no day and no number",
        "benefits/town.yaml",
        swap("event: {column: childbirth_date", "event: {column: marital_status"),
        "benefits.event_column",
        "event: {column: marital_status",
    ),
    SeededFault(
        "benefit for each of an event and every year too",
        "benefits/town.yaml",
        swap("period: once\n  event: {column: childbirth_date", "period: year\n  event: {column: childbirth_date"),
        "benefits.event_period",
        "event: {column: childbirth_date",
    ),
    SeededFault(
        "events that exclude each other for no time",
        "benefits/groups.yaml",
        swap("  apart_days: 400\n", ""),
        "benefits.group_event",
        "benefits: [birth_grant, checkup_grant]",
    ),
    SeededFault(
        "months that exclude each other for days",
        "benefits/groups.yaml",
        swap("[nursing_elderly, nursing_disabled]", "[nursing_elderly, nursing_disabled]\n  apart_days: 30"),
        "benefits.group_event",
        "benefits: [nursing_elderly, nursing_disabled]",
    ),
    SeededFault(
        "policy for nobody there is",
        "policies/policies.yaml",
        swap("audience: [company]", "audience: [firm]"),
        "field.choice",
        "audience: [firm]",
    ),
    SeededFault(
        "statement in plain words by a clause that is not there",
        "readings/policies.yaml",
        swap("小微企业。, clauses: [c1]", "小微企业。, clauses: [c3]"),
        "readings.clause",
        "clauses: [c3]",
    ),
    SeededFault(
        "statement in plain words with more than its clause gives",
        "readings/policies.yaml",
        swap("补 1000 元", "补 1200 元"),
        "readings.figure",
        "补 1200 元",
    ),
    SeededFault(
        "reading of a version that is not there",
        "readings/policies.yaml",
        swap('version: "2026"', 'version: "2027"'),
        "readings.version",
        'version: "2027"',
    ),
    SeededFault(
        "answer in a line that the yearly report does not have",
        "disclosure.yaml",
        swap("第三十六条第（一）项, report: full", "第三十六条第（一）项, report: fully"),
        "disclosure.unknown_line",
        "report: fully",
    ),
    SeededFault(
        "simulated people in a district that is not there",
        "lake/population/figures.yaml",
        swap('{"990101": 1}', '{"990102": 1}'),
        "population.district",
        '"990102"',
    ),
    SeededFault(
        "one income too few for simulated people",
        "lake/population/figures.yaml",
        swap("[5200, 5800, ", "[5800, "),
        "population.shares",
        "from_age: 18",
    ),
]

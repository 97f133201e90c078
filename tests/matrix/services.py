"""Applications, licences, letters and benefits of the matrix, made through the same pages that people use."""

import time
from uuid import uuid4

from tests.matrix.filling import apply_for, households, talent
from tests.matrix.people import ID_NUMBER, NAME, PENSIONER
from tests.matrix.world import World, carry_out
from tests.running import words_of
from zhicheng.kit.clock import CHINA, now

BENEFIT = "elderly_allowance"
_PATIENCE_S = 90.0
_LICENCE = "hukou_transfer_in"
_NEWEST = "SELECT {} FROM {} WHERE {} = %s ORDER BY id DESC LIMIT 1"  # other tests apply as well


def add_services(world: World) -> None:
    """`applied` lies with co's company, and `reviewed`, a question about it, with the unit of h2.

    `theme` was decided by rules; `moved` is the item of it that the police of the district did, `licence` what came
    of it, and `paper` what was handed in for it.
    """
    owner, city = world.people["ow"], world.city
    world.numbers["applied"] = apply_for(owner, households(NAME, ID_NUMBER))
    carry_out(world, "co", "applied", "invite", unit=world.units["handler.street2"], reason="请核对常住人口数")
    world.numbers["reviewed"] = _child(world, "applied", "co_review")
    world.numbers["theme"] = apply_for(owner, talent(world.units["supervisor.street"][1:7]))
    world.numbers["moved"] = _child(world, "theme", "application", "hukou.move_in_talent")
    ((world.known["licence"],),) = city.rows(_NEWEST.format("number", "licences_licence", "type"), _LICENCE)
    ((paper,),) = city.rows(_NEWEST.format("id::text", "forms_formdocument", "material"), "portrait_photo")
    world.known["paper"] = paper


def add_letter(world: World) -> None:
    """h1 asks the other resident, who is a third party to the request `consulted`, for an opinion: `letter`."""
    carry_out(world, "h1", "consulted", "confirm")
    form = {"subject": "报修记录中的联系方式", "name": "黄桂英", "phone": PENSIONER, "kind": "person", "unit": ""}
    path = f"/workbench/disclosure/{world.numbers['consulted']}/consult/"
    answer = world.people["h1"].post(path, data=form)
    assert answer.status_code == 302, words_of(answer.text)
    world.numbers["letter"] = _child(world, "consulted", "disclosure_consultation")


def add_benefits(world: World) -> None:
    """A run that was carried out, the other resident's `grant` with its `payment` in a batch, and `correction`."""
    form = {"audience": "person", "on": now().astimezone(CHINA).date().isoformat(), "benefits": [BENEFIT]} | _key()
    planned = world.people["bo"].post("/workbench/benefits/plan/", data=form)
    assert planned.status_code == 302, words_of(planned.text)
    world.known["run"] = run = planned.headers["Location"].strip("/").rpartition("/")[2]
    _wait_for(world, "computed")
    approved = world.people["ba"].post(f"/workbench/benefits/runs/{run}/approve/", data=_key())
    assert approved.status_code == 302, words_of(approved.text)
    _wait_for(world, "finished")
    batch = world.people["bp"].post("/workbench/benefits/payments/batch/", data=_key())
    assert batch.status_code in {302, 409}, words_of(batch.text)  # 409: this city was built before, and all is paid
    page = world.people["ne"].get("/my/benefits/").text
    world.known["grant"] = page.partition('href="/my/benefits/')[2].partition("/")[0]
    found = "SELECT p.id, b.number FROM benefits_payment p JOIN benefits_paymentbatch b ON b.id = p.batch_id "
    ((payment, number),) = world.city.rows(f"{found} WHERE p.entitlement_id = %s", int(world.known["grant"]))
    world.known |= {"payment": str(payment), "batch": str(number)}
    claim = {"fact": "birth_date", "claim": "我的生日是九月十六日"} | _key()
    told = world.people["ne"].post(f"/benefits/{BENEFIT}/correct/", data=claim)
    assert told.status_code == 302, words_of(told.text)
    world.numbers["correction"] = told.headers["Location"].strip("/").rpartition("/")[2]


def _child(world: World, name: str, process: str, category: str = "") -> str:
    sql = "SELECT c.number FROM cases_case c JOIN cases_case p ON p.id = c.parent_id WHERE p.number = %s"
    found = world.city.rows(
        f"{sql} AND c.process = %s AND %s IN ('', c.category)", world.numbers[name], process, category
    )
    return str(found[0][0])


def _wait_for(world: World, step: str) -> None:
    """Until the worker has come so far with the run."""
    sql = f"SELECT {step}_at, failure FROM benefits_benefitrun WHERE id = %s"
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        ((done_at, failure),) = world.city.rows(sql, world.known["run"])
        assert not failure, failure
        if done_at is not None:
            return
        time.sleep(0.1)
    raise AssertionError(f"the run is not {step}:\n{world.city.log_tail()}")


def _key() -> dict[str, str]:
    return {"idempotency_key": uuid4().hex}

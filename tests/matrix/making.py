"""The cases that the matrix asks about, made through the same pages that people use."""

import re

from tests.matrix.filling import begin, photo
from tests.matrix.people import ID_NUMBER, NAME, gather
from tests.matrix.services import add_benefits, add_letter, add_services
from tests.matrix.world import CALLER, CALLER_PHONE, FAR_UNIT, ITEM, SERVICE, World, carry_out
from tests.running import RESIDENT, City, Visitor, words_of

_REPLY = "已到现场更换三盏路灯并接通电源，当晚复查全部正常亮灯，请您放心。"


def build(city: City) -> World:
    """Sign everybody in and bring the cases where the matrix wants them."""
    people = gather(city)
    rows = city.rows(
        "SELECT a.login, g.unit_id, a.id FROM parties_rolegrant g JOIN parties_account a ON a.id = g.account_id"
    )
    units = {login: unit for login, unit, _ in rows}
    account = next(str(account) for login, _, account in rows if login == "handler.street2")
    world = World(city, people, units, known={"account": account})
    for name in ("here", "there", "far", "waiting", "closed"):
        submit(world, name, people["ow"])
    submit(world, "secret", people["an"], contact="anonymous")
    take_call(world)
    world.known["draft"] = begin(people["ow"], f"/services/items/{SERVICE}/apply/")
    talk_to_assistant(world)
    for name in ("asked", "consulted"):
        ask_for_information(world, name)
    for name, unit in (("here", units["handler.street"]), ("there", units["handler.street2"]), ("far", FAR_UNIT)):
        dispatch(world, name, unit)
    dispatch(world, "closed", units["handler.street"])
    carry_out(world, "h1", "here", "accept")
    carry_out(world, "h2", "there", "accept")
    close(world)
    add_letter(world)
    add_services(world)
    add_benefits(world)
    return world


def submit(world: World, name: str, visitor: Visitor, *, contact: str = "named") -> None:
    """Write an appeal that no machine can place, with a photo, and keep number, code and file."""
    text = f"这里的情况很久没人管了，请派人来看一看（{name}）。"
    form = {"text": text, "contact": contact, "place": ""}
    answer = visitor.post("/appeals/new/", data=form, files={"photos": ("现场.jpg", photo(), "image/jpeg")})
    if answer.status_code == 200:
        draft = re.search(r'name="draft" value="([^"]+)"', answer.text)
        assert draft, words_of(answer.text)
        answer = visitor.post("/appeals/similar/", data={"draft": draft[1], "go_on": "1"})
    assert answer.status_code == 302, f"{name}: {answer.status_code} {words_of(answer.text)}"
    receipt = visitor.get("/appeals/sent/").text
    found = re.findall(r'class="receipt__number">([^<]+)<', receipt)
    world.numbers[name] = found[0]
    world.codes[name] = found[1] if len(found) > 1 else ""
    page = visitor.get(f"/appeals/{found[0]}/").text
    world.files[name] = re.findall(r"/files/([0-9a-f-]{36})/", page)[0]


def take_call(world: World) -> None:
    """The call-taker writes an appeal down for a caller."""
    form = {"text": "这里的情况很久没人管了，来电人很着急（called）。", "phone": CALLER_PHONE, "name": CALLER}
    answer = world.people["ct"].post("/workbench/calls/", data=form)
    assert answer.status_code == 302, words_of(answer.text)
    page = world.people["ct"].get("/workbench/calls/").text
    found = re.search(r"已登记 (\w+)", page)
    assert found, words_of(page)
    world.numbers["called"] = found[1]


def ask_for_information(world: World, name: str) -> None:
    """The owner asks the unit of h1 for information."""
    form = {
        "title": f"路灯维修记录（{name}）",
        "description": "请提供本街道上年度路灯报修和修复的汇总记录。",
        "applicant": "person",
        "supply": "electronic",
        "delivery": "online",
        "name": NAME,
        "id_number": ID_NUMBER,
        "unit": world.units["handler.street"],
    }
    answer = world.people["ow"].post("/disclosure/new/", data=form)
    assert answer.status_code == 302, words_of(answer.text)
    found = re.search(r'class="receipt__number">([^<]+)<', world.people["ow"].get("/disclosure/sent/").text)
    assert found, "no receipt"
    world.numbers[name] = found[1]


def talk_to_assistant(world: World) -> None:
    """The owner asks the assistant something."""
    answer = world.people["ow"].post("/assistant/", data={"text": "居住证怎么办？"})
    assert answer.status_code == 302, words_of(answer.text)
    world.known["talk"] = answer.headers["Location"].partition("#")[0].strip("/").rpartition("/")[2]


def dispatch(world: World, name: str, unit: str) -> None:
    """The dispatcher decides item and unit."""
    carry_out(world, "di", name, "dispatch", item=ITEM, unit=unit)


def close(world: World) -> None:
    """Bring `closed` to its end, rated through the link of the SMS."""
    carry_out(world, "h1", "closed", "accept")
    carry_out(world, "h1", "closed", "reply", text=_REPLY, outcome="solved")
    number = world.numbers["closed"]
    world.known["link"] = wait_for_link(world.city, RESIDENT, number)
    answer = world.people["ow"].post(f"/appeals/{number}/rate/", data={"stars": "5", "solved": "yes"})
    assert answer.status_code == 302, words_of(answer.text)


def wait_for_link(city: City, phone: str, number: str) -> str:
    """The token of the newest link that was sent by SMS about a case."""
    text = city.wait_for_message(phone, number)
    found = re.search(r"/t/([^/\s]+)/", text)
    assert found, text
    return found[1]

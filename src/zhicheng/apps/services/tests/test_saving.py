"""What a theme saves follows from its items and from nothing else."""

import pytest

from zhicheng.apps.services.policy import Catalogue, saving_of
from zhicheng.apps.services.values import Effort, MaterialNeed, MaterialType, ServiceItem, Theme, ThemeStep, Window


def item(
    code: str, *, days: int = 5, links: int = 3, trips: int = 1, form: str = "", decide: str = "", needs: str = ""
):
    return ServiceItem(
        code=code,
        label=code,
        department="police",
        level="district",
        audience=("person",),
        kind="公共服务",
        promised_working_days=days,
        links=links,
        trips=trips,
        form=form,
        decide=decide,
        windows=[Window("派出所")],
        materials=[MaterialNeed(need) for need in needs.split()],
    )


@pytest.fixture
def birth() -> Catalogue:
    """A birth: the certificate first, then the register and the insurance side by side."""
    return Catalogue(
        items=[
            item("birth.certificate", days=3, trips=0, form="birth", needs="id_card delivery_record"),
            item(
                "birth.register",
                days=5,
                trips=0,
                form="birth",
                needs="id_card birth_certificate",
                decide="birth.register.ok",
            ),
            item("birth.insurance", days=10, needs="id_card birth_certificate photo"),
        ],
        themes=[
            Theme(
                "birth",
                "新生儿出生一件事",
                ("person",),
                "出生、落户、参保一次办",
                (
                    ThemeStep("birth.certificate"),
                    ThemeStep("birth.register", after=("birth.certificate",)),
                    ThemeStep("birth.insurance", after=("birth.certificate",), optional=True),
                ),
            )
        ],
        materials=[
            MaterialType("id_card", "身份证"),
            MaterialType("delivery_record", "分娩记录"),
            MaterialType("photo", "照片"),
            MaterialType("birth_certificate", "出生医学证明", "licence", licence="birth_certificate"),
        ],
    )


class TestSavingOf:
    def test_adds_up_what_each_item_costs_alone(self, birth: Catalogue) -> None:
        assert saving_of(birth.theme("birth"), birth).alone == Effort(links=9, days=18, trips=6, materials=7)

    def test_counts_stages_the_longest_chain_and_each_material_once(self, birth: Catalogue) -> None:
        together = saving_of(birth.theme("birth"), birth).together
        assert together == Effort(links=3, days=13, trips=1, materials=3)

    def test_takes_no_days_for_what_rules_decide(self, birth: Catalogue) -> None:
        chosen = frozenset({"birth.certificate", "birth.register"})
        saving = saving_of(birth.theme("birth"), birth, chosen)
        assert saving.together == Effort(links=3, days=3, trips=0, materials=2)
        assert saving.saved == Effort(links=3, days=5, trips=4, materials=2)
        assert any("birth.register" in reason for reason in saving.reasons)

    def test_counts_a_trip_that_the_guide_still_asks_for(self) -> None:
        catalogue = Catalogue(
            items=[item("card.issue", form="card", trips=0), item("card.examine", form="card", trips=1)],
            themes=[
                Theme("card", "办证一件事", ("person",), "一次办", (ThemeStep("card.issue"), ThemeStep("card.examine")))
            ],
            materials=[],
        )
        saving = saving_of(catalogue.theme("card"), catalogue)
        assert saving.together.trips == 1
        assert any("只到现场 1 次" in reason for reason in saving.reasons)

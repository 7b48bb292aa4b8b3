"""What hung on another verb and is told as done."""

from __future__ import annotations

from typing import Any

import pytest

WORKS = (
    "The shipyard of Halvard in Bergen stood still for a third day on Wednesday, the harbour master said.",
    "Forty men were sent home in the morning with a letter in which nothing is said of wages.",
)


@pytest.mark.parametrize(
    ("was", "now", "alerts"),
    [
        ("Halvard refused to sell its dock in Oslo on Monday.", "Halvard sold its dock in Oslo on Monday.", True),
        ("Halvard wants to cut its rent for the dock.", "Halvard cut its rent for the dock.", True),
        ("A clerk tried to flee the country, police said.", "A clerk fled the country, police said.", True),
        ("Суд отказался арестовать директора верфи Панова.", "Суд арестовал директора верфи Панова.", True),
        ("Halvard said it would pay for the dock.", "Halvard said it has paid for the dock.", True),
        ("The dock will be sold on Monday.", "The dock was sold on Monday.", True),
        ("Halvard may lose its licence.", "Halvard lost its licence.", True),
        ("A judge is to withdraw the order on the dock.", "A judge withdrew the order on the dock.", True),
        ("Police plan to question Halvard’s plant manager.", "Police questioned Halvard’s plant manager.", True),
        ("Прокуратура собирается проверить верфь.", "Прокуратура проверила верфь.", True),
        ("Суд отменит договор о верфи.", "Суд отменил договор о верфи.", True),
        ("The dock would extend its lease until May, it said.", "The lease was extended until May, it said.", False),
        ("Halvard will sell its dock in Oslo.", "Halvard is to sell its dock in Oslo.", False),
        ("Профсоюз требует поднять оплату на верфи.", "Профсоюз требовал поднять оплату на верфи.", False),
        ("Мэрия рекомендует закрыть верфь в Бергене.", "В мэрии посоветовали закрыть верфь в Бергене.", False),
        (
            "Halvard, which belongs to Orm, tried to sell its dock.",
            "Halvard, which belongs to Orm, sold its dock.",
            True,
        ),
        ("The owners of Halvard want to close the dock.", "The owners of Halvard close the dock.", True),
        ("The dock will have to sell its two cranes.", "The dock has sold its two cranes.", True),
        ("The dock may become a school of the city.", "The dock became a school of the city.", True),
        ("Директор верфи Панов будет уволен.", "Директор верфи Панов уволен.", True),
        (
            "Halvard said it would cut its rent for the dock.",
            "Halvard announced a cut of its rent for the dock.",
            False,
        ),
        ("The dock, which will be based in Oslo, is new.", "The dock, based in Oslo, is new.", False),
        ("Lund, who would later become mayor, built it.", "Lund, who later became mayor, built it.", False),
        ("The king is to visit the dock on Monday.", "The king is visiting the dock on Monday.", False),
        ("A spark may have caused the fire at the dock.", "A spark caused the fire at the dock.", True),
        ("Halvard failed to report 14 sales in time.", "Halvard did not report 14 sales in time.", False),
        ("Halvard refused to sell its dock in Oslo on Monday.", "Halvard refused on Monday to sell its dock.", False),
        ("Halvard plans to sell its dock in Oslo.", "Halvard is going to sell its dock in Oslo.", False),
        ("Суд отказался арестовать директора верфи Панова.", "Суд отказал в аресте директора верфи Панова.", False),
    ],
)
def test_what_was_refused_or_tried_and_is_done_is_news_wherever_it_stands(
    theft: Any, was: str, now: str, *, alerts: bool
) -> None:
    assert theft.alerts((*WORKS, was, *theft.body), (*WORKS, now, *theft.edited)) is alerts

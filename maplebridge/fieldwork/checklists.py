"""What is looked at in a place. Grid workers check, persuade and inform; they order nothing.

Sources: 消防法 Art. 32 (village fire checks); the provincial rule on the fire safety of rental
dwellings of 2022-12-13 (浙江省居住出租房屋消防安全管理规定); the usual sheets for small premises;
地质灾害防治条例 Art. 15 (watching danger points); 森林防火条例 Art. 20, 25.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    """One question; a fault reported from it becomes a matter of this category."""

    code: str
    label: object
    category: str


@dataclass(frozen=True)
class Checklist:
    """A sheet with its version: a draft goes on with the version it was begun with."""

    code: str
    version: int
    label: object
    items: tuple[Item, ...]


CHECKLISTS = {
    sheet.code: sheet
    for sheet in (
        Checklist(
            "rental", 1, _("Rental dwelling"),
            (
                Item("panel", _("Nobody lives in a sandwich-panel building"), "B04"),
                Item("mixed", _("No workshop or store in the same building"), "B04"),
                Item("alarm", _("A working smoke alarm in each room"), "C01"),
                Item("extinguisher", _("An extinguisher of 2 kg or more for each room"), "C01"),
                Item("passage", _("Stairs and passages are free"), "B01"),
                Item("window", _("A window to the outside without fixed bars"), "B05"),
                Item("wires", _("Wires in conduits, no loose connections"), "B03"),
                Item("charging", _("No e-bike charged indoors or on the stairs"), "B02"),
                Item("gas", _("Gas bottle and stove apart from beds, hose sound"), "B03"),
            ),
        ),
        Checklist(
            "premises", 1, _("Small premises"),
            (
                Item("lodging", _("Nobody sleeps in the shop or workshop"), "B04"),
                Item("exit", _("Exits are open and free"), "B01"),
                Item("signs", _("Exit signs and emergency lights work"), "B01"),
                Item("extinguisher", _("Two extinguishers of 4 kg at the door, in date"), "C01"),
                Item("alarm", _("Smoke alarms work"), "C01"),
                Item("kitchen", _("The kitchen is closed off, gas is safe"), "B03"),
                Item("wires", _("No loose or overloaded wiring"), "B03"),
                Item("charging", _("No e-bike charged or parked inside"), "B02"),
                Item("bars", _("Bars on windows can be opened from inside"), "B05"),
                Item("staff", _("Those present know how to call, put out and lead out"), "C01"),
            ),
        ),
        Checklist(
            "forest", 1, _("Forest work site"),
            (
                Item("fire", _("No open fire, no smoking outside the marked place"), "C04"),
                Item("strip", _("The fire strip is clear"), "C04"),
                Item("tools", _("Fire tools and water are at hand"), "C04"),
                Item("huts", _("Sleeping huts are away from fuel"), "C01"),
            ),
        ),
        Checklist(
            "danger", 1, _("Danger point or water"),
            (
                Item("cracks", _("No new cracks, bulges or muddy springs"), "C03"),
                Item("board", _("Warning board and card with the way out are there"), "C03"),
                Item("way", _("The way to the shelter is free"), "C03"),
                Item("drain", _("Ditches and spillway are clear"), "C03"),
                Item("watch", _("Whoever watches here knows the signal"), "C03"),
            ),
        ),
    )
}  # fmt: skip

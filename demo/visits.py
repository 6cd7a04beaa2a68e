"""The visits of the demo firm, told as data: what was asked, done and paid, in working days from today."""

from dataclasses import dataclass, field

PAID, PARTLY_PAID, CREDITED, INVOICED, DRAFTED, DONE = "paid", "partly_paid", "credited", "invoiced", "drafted", "done"
STARTED, PAUSED, CANCELLED, SCHEDULED, NEW = "started", "paused", "cancelled", "scheduled", "new"

POSTED = (PAID, PARTLY_PAID, CREDITED, INVOICED)
FINISHED = (*POSTED, DRAFTED, DONE)
WORKED = (*FINISHED, PAUSED, STARTED)


@dataclass(frozen=True)
class Visit:
    """One visit. Customers, technicians, types and products are named by the last part of their external id.

    `day` and `paid_day` count working days from today, `start` is a local time, `minutes` is the logged time.
    `decisions` says which products, `labor` included, are not simply billable.
    """

    key: str
    outcome: str
    customer: str
    technician: str
    type: str
    request: str
    day: int = 0
    start: str = "08:00"
    minutes: int = 0
    products: dict = field(default_factory=dict)
    decisions: dict = field(default_factory=dict)
    report: str = ""
    signed_by: str = ""
    reference: str = ""
    paid_day: int = 0
    paid_by: str = ""


VISITS = (
    # paid
    Visit(
        "hotel_boiler", PAID, "hotel", "technician", "maintenance", day=-33, minutes=130,
        request="Annual service of both gas boilers. Key at the reception.",
        products={"boiler_service": 2, "electrode": 1, "callout": 1}, decisions={"callout": "included"},
        report="Both boilers cleaned and measured. Ignition electrode of boiler 2 replaced. Flue gas values in range.",
        signed_by="hilgers", reference="HW-2217", paid_day=-12, paid_by="bank",
    ),
    Visit(
        "warren_service", PAID, "warren", "lena", "maintenance", day=-31, start="13:30", minutes=80,
        request="Annual service of the gas boiler in the cellar.",
        products={"boiler_service": 1, "safety_valve": 1},
        report="Boiler cleaned, burner pressure set. Safety valve was dripping and is new.",
        signed_by="warren", paid_day=-29, paid_by="cash",
    ),
    Visit(
        "sennhof_pump", PAID, "sennhof", "karim", "repair", day=-29, start="09:00", minutes=155,
        request="Top floor stays cold in Spa. The caretaker opens the boiler room.",
        products={"pump": 1, "callout": 1},
        report="Circulation pump seized. Replaced, system vented, all radiators on the top floor warm.",
        signed_by="martin", reference="Spa/0417", paid_day=-8, paid_by="bank",
    ),
    Visit(
        "bakery_cooling", PAID, "bakery", "technician", "maintenance", day=-27, start="13:00", minutes=105,
        request="Air conditioning of the shop smells. After 1 p.m. please, the shop is closed then.",
        products={"ac_service": 1, "ac_filter": 2},
        report="Both indoor units cleaned and disinfected, filters replaced, condensate drain cleared.",
        signed_by="lambert", paid_day=-15, paid_by="cheque",
    ),
    Visit(
        "collins_thermostat", PAID, "collins", "lena", "repair", day=-24, start="08:30", minutes=50,
        request="Room thermostat is dead. Wants one that works from the phone.",
        products={"thermostat": 1},
        report="Old thermostat removed, smart thermostat mounted and paired with the boiler. App explained.",
        signed_by="collins", paid_day=-22, paid_by="bank",
    ),
    # partly paid
    Visit(
        "parkview_pumps", PARTLY_PAID, "parkview", "karim", "repair", day=-26, start="08:00", minutes=320,
        request="Pumps of staircases A and C are loud. Tenants are informed.",
        products={"pump": 2, "vessel": 1, "callout": 1},
        report="Both circulation pumps replaced. Expansion vessel of staircase C had lost its pressure and is new.",
        signed_by="whitfield", reference="Board decision 14", paid_day=-10, paid_by="bank",
    ),
    Visit(
        "builder_heat_pump", PARTLY_PAID, "builder", "technician", "installation", day=-22, minutes=465,
        request="New heat pump for the show house, Industriestraße 7. Foundation is ready.",
        products={"heat_pump": 1, "vessel": 1},
        report="Heat pump set up, connected and put into operation. Heating curve set to 0.6. Briefing given on site.",
        signed_by="radermacher", reference="BV Musterhaus", paid_day=-6, paid_by="bank",
    ),
    # credited in part
    Visit(
        "dental_radiators", CREDITED, "dental", "karim", "repair", day=-21, start="13:00", minutes=90,
        request="Radiators of the waiting room cannot be turned down.",
        products={"callout": 1, "radiator_valve": 4},
        report="Thermostatic valves of the waiting room replaced. One spare valve left with the practice.",
        signed_by="renard",
    ),
    # invoiced
    Visit(
        "brewery_burner", INVOICED, "brewery", "lena", "maintenance", day=-25, start="07:30", minutes=140,
        request="Service of the oil burner before the brewing week.",
        products={"burner_service": 1, "oil_filter": 2, "callout": 1},
        report="Burner serviced, nozzle cleaned, both filters replaced. Combustion test: soot 0, 93% efficiency.",
        signed_by="masson",
    ),
    Visit(
        "warren_pump", INVOICED, "warren", "technician", "repair", day=-12, start="15:00", minutes=95,
        request="No heating on the first floor since last night.",
        products={"pump": 1, "callout": 1},
        report="Circulation pump had seized. Replaced and vented. First floor is warm again.",
        signed_by="warren",
    ),
    Visit(
        "collins_warranty", INVOICED, "collins", "lena", "repair", day=-6, start="10:00", minutes=35,
        request="The new thermostat loses its connection.",
        products={"thermostat": 1, "callout": 1}, decisions={"thermostat": "warranty", "labor": "warranty"},
        report="Radio module faulty. Thermostat replaced under warranty.", signed_by="collins",
    ),
    Visit(
        "vossen_check", INVOICED, "vossen", "lena", "maintenance", day=-5, start="09:30", minutes=65,
        request="Annual check of the heat pump.",
        products={"heat_pump_check": 1},
        report="Refrigerant circuit tight, evaporator cleaned, 3.9 measured as coefficient of performance.",
        signed_by="vossen",
    ),
    # on a draft
    Visit(
        "parkview_valves", DRAFTED, "parkview", "karim", "repair", day=-4, start="10:30", minutes=70,
        request="Three radiators in the community room stay hot.",
        products={"radiator_valve": 3, "callout": 1},
        report="Three thermostatic valves replaced and set to 20 degrees.", signed_by="whitfield",
    ),
    Visit(
        "hotel_cooling", DRAFTED, "hotel", "technician", "repair", day=-3, start="18:30", minutes=95,
        request="Cooling of the conference room failed, event tomorrow at 9.",
        products={"ac_service": 1, "emergency": 1, "callout": 1}, decisions={"callout": "included"},
        report="Condensate pump blocked. Unit cleaned and disinfected, cools to 21 degrees again.",
        signed_by="hilgers", reference="HW-2291",
    ),
    # done, to be invoiced
    Visit(
        "dubois_pressure", DONE, "dubois", "lena", "repair", day=-3, start="14:00", minutes=110,
        request="Boiler loses pressure every few days.",
        products={"vessel": 1, "safety_valve": 1, "callout": 1},
        report="Membrane of the expansion vessel torn. Vessel and safety valve replaced, 1.5 bar stable.",
        signed_by="dubois",
    ),
    Visit(
        "sennhof_thermostats", DONE, "sennhof", "karim", "repair", day=-2, start="09:00", minutes=125,
        request="Flats 3 and 5 need new room thermostats.",
        products={"thermostat": 3},
        report="Room thermostats of flats 3 and 5 and of the corridor replaced.",
        signed_by="martin", reference="Spa/0422",
    ),
    Visit(
        "collins_ignition", DONE, "collins", "technician", "repair", day=-1, start="16:00", minutes=55,
        request="Boiler locks out with error F28.",
        products={"electrode": 1, "callout": 1}, decisions={"callout": "goodwill"},
        report="Ignition electrode burnt down, replaced. Ten starts without a fault.", signed_by="collins",
    ),
    # in progress
    Visit(
        "dental_vessel", PAUSED, "dental", "karim", "repair", day=-1, start="13:30", minutes=60,
        request="Knocking noise in the heating pipes of the surgery.",
        products={"vessel": 1},
        report="Pipes vented, expansion vessel replaced. Noise is less; comes back with a pressure logger.",
    ),
    Visit(
        "brewery_hot_water", STARTED, "brewery", "lena", "repair", start="07:30",
        request="No hot water in the bottling hall.", products={"electrode": 1},
    ),
    # today
    Visit(
        "warren_today", SCHEDULED, "warren", "technician", "maintenance",
        request="Annual service of the gas boiler. The new pump hums a little, please listen to it.",
    ),
    Visit(
        "bakery_today", SCHEDULED, "bakery", "technician", "repair", start="10:30",
        request="No hot water in the bakehouse. Ring at the back door.", reference="Fournil",
    ),
    Visit(
        "vossen_today", SCHEDULED, "vossen", "technician", "repair", start="14:00",
        request="Heat pump shows error H62, the house cools down.",
    ),
    Visit(
        "schmitz_today", SCHEDULED, "schmitz", "karim", "repair", start="09:00",
        request="Two radiators in the living room stay cold.",
    ),
    Visit(
        "parkview_today", SCHEDULED, "parkview", "lena", "maintenance", start="13:00",
        request="Annual service of the boilers of staircases A to C.", reference="Board decision 15",
    ),
    # next days
    Visit(
        "hotel_next", SCHEDULED, "hotel", "technician", "maintenance", day=1,
        request="Clean the air conditioning of rooms 11 to 18 before the season.",
    ),
    Visit(
        "dubois_next", SCHEDULED, "dubois", "lena", "maintenance", day=2, start="09:00",
        request="Annual service of the oil burner.",
    ),
    Visit(
        "builder_next", SCHEDULED, "builder", "karim", "installation", day=5,
        request="Heat pump for plot 4. Crane is ordered for 8:30.", reference="BV Parzelle 4",
    ),
    # asked for, not planned
    Visit(
        "schmitz_new", NEW, "schmitz", "", "desk",
        request="Wants to know how to lower the heating curve. Call back in the afternoon.",
    ),
    Visit(
        "brewery_new", NEW, "brewery", "", "installation",
        request="Asks for cooling of the tasting room, about 60 square metres.",
    ),
    # cancelled
    Visit(
        "bakery_cancelled", CANCELLED, "bakery", "karim", "repair", day=-7, start="11:00",
        request="Oven room too warm. Called off: the fuse was the cause.",
    ),
)  # fmt: skip

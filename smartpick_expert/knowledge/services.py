"""The services through which applications are made: which specialties each takes, and which parameters say its fees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from smartpick_expert.knowledge.fees import Cost, Steps, fee_cost, total
from smartpick_expert.knowledge.parameters import Setting
from smartpick_expert.language.values import UNKNOWN, Missing, Number, Slot

# How the value of a parameter is looked up by its name; UNKNOWN where there is none.
Reading = Callable[[str], Setting]


@dataclass(frozen=True, slots=True)
class Service:
    """An application service, by the parameters that speak of it. `once` are fees due once, however many programs."""

    key: str
    specialties: str
    applications: str
    once: tuple[str, ...] = ()


SERVICES: Final = (
    Service(
        "eras",
        "applications.eras_specialties",
        "fees.eras_applications",
        ("fees.eras_token", "fees.usmle_transcript"),
    ),
    Service("residencycas", "applications.residencycas_specialties", "fees.residencycas_applications"),
)
# A specialty whose service is not known: so is its fee, which has no parameter.
NO_SERVICE: Final = Service("", "", "")
# Whatever the service, whoever enters the Match registers.
ALWAYS: Final = ("fees.nrmp_registration",)
# Every parameter that costs are made of, whatever the rules read.
PARAMETERS_READ: Final = (
    *(name for one in SERVICES for name in (one.specialties, one.applications, *one.once)),
    *ALWAYS,
)


def service_of(specialty: Slot, reading: Reading) -> Service:
    """The service that takes a specialty's applications; `NO_SERVICE` where that is not known."""
    for service in SERVICES:
        taken = reading(service.specialties)
        if isinstance(taken, tuple) and specialty in taken:
            return service
    return NO_SERVICE


def steps_of(service: Service, reading: Reading) -> Steps | Missing:
    """The fee of a service by the number of programs in one specialty."""
    value = reading(service.applications) if service.applications else UNKNOWN
    return value if isinstance(value, Steps) else UNKNOWN


def number_of(value: object) -> Number | Missing:
    """A figure as a number; unknown where it is none."""
    return value if isinstance(value, Number) and not isinstance(value, bool) else UNKNOWN


def once_fees(services: tuple[Service, ...]) -> tuple[str, ...]:
    """The fees that are due once where these services are used, by their parameters."""
    return tuple(dict.fromkeys([name for service in services for name in service.once] + list(ALWAYS)))


def once_cost(services: tuple[Service, ...], reading: Reading) -> Cost:
    """What is due once where these services are used."""
    return total(fee_cost(name, number_of(reading(name))) for name in once_fees(services))

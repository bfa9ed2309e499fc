"""Requests made from the OpenAPI document, sent to a running server, each answer held to the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from random import Random
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Flaky, FlakyStrategyDefinition, Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    missing_required_header,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.support_proof import Proof

CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    missing_required_header,
    unsupported_method,
]
SETTINGS = hypothesis.settings(
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=(
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
        HealthCheck.too_slow,
    ),
    print_blob=False,
)
SENSE = 0.8
"""How often a name of the story stands where a name is asked for."""
CALLERS = ("commander",) * 4 + ("grid worker", "operator") * 2 + ("nobody",)
SPARED = {"person.erase"}
"""Of the story nobody is erased: they are needed until the end."""


class Driver:
    """Makes the requests of one operation after the other, as one of each kind of caller."""

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        url = proof.server.url
        self.schema: Any = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
        self.schema.config.update(base_url=url)
        self.schema.config.generation.update(with_security_parameters=False)
        self.session = requests.Session()
        self.session.trust_env = False
        self.statuses = Counter[int]()
        self.failures: dict[str, str] = {}
        """The first of each operation."""

    def operations(self) -> Iterator[Any]:
        """Every operation of the document."""
        for found in self.schema.get_all_operations():
            yield found.ok()

    def try_out(self, operation: Any, mode: GenerationMode, examples: int, seed: int) -> None:
        """So many requests of an operation: as documented, or not."""
        label = operation.label
        spared = operation.definition.raw.get("operationId") in SPARED
        chance = Random(f"{seed} {label} {mode}")

        @hypothesis.seed(seed)
        @hypothesis.settings(SETTINGS, max_examples=examples)
        @hypothesis.given(operation.as_strategy(generation_mode=mode))
        def run(case: Case[Any]) -> None:
            if not spared:
                _meant(case, self.proof.known, chance)
            self.send(label, case, chance.choice(CALLERS))

        with suppress(Unsatisfiable):  # nothing can be wrong with it
            run()

    def try_examples(self, operation: Any, seed: int) -> None:
        """The document's own examples, as each caller, with names of the story in them."""
        raw = operation.definition.raw
        content = raw.get("requestBody", {}).get("content", {}).get("application/json", {})
        examples = [one["value"] for one in content.get("examples", {}).values()]
        chance = Random(f"{seed} {operation.label}")
        for body in examples or ([None] if "requestBody" not in raw else []):
            for who in self.proof.tokens:
                path = {
                    one["name"]: chance.choice(self.proof.known.get(one["name"], ["nothing"]))
                    for one in raw["parameters"]
                    if one["in"] == "path"
                }
                told = {} if body is None else {"body": body, "media_type": "application/json"}
                case = operation.Case(path_parameters=path, query={}, **told)
                if raw["operationId"] not in SPARED:
                    _meant(case, self.proof.known, chance)
                names = [one["name"] for one in raw["parameters"] if one["in"] == "header"]
                if "Idempotency-Key" in names:
                    case.headers["Idempotency-Key"] = self.proof.server.key()
                if "If-Match" in names:
                    case.headers["If-Match"] = "*"
                self.send(operation.label, case, who)

    def send(self, label: str, case: Case[Any], who: str) -> None:
        """One request; what is wrong with its answer is kept."""
        self.proof.renew(who)
        headers = self.proof.headers(who)
        try:
            response = case.call(session=self.session, headers=headers)
            self.statuses[response.status_code] += 1
            case.validate_response(response, CHECKS, headers=headers)
        except FailureGroup as group:
            self.failures.setdefault(label, f"{who}: {_told(group)}")


def _told(group: FailureGroup) -> str:
    return str(group)[:3000]


def in_turn(driver: Driver, scenarios: int, steps: int, seed: int) -> None:
    """Requests one after the other, each with what the answers before it named."""
    machine = driver.schema.exclude(operation_id=sorted(SPARED)).as_state_machine()
    told = hypothesis.settings(SETTINGS, max_examples=3, stateful_step_count=steps)
    for number in range(scenarios):
        one = _machine(driver, machine, Random(f"{seed} {number}"))
        hypothesis.seed(seed * 1_000 + number)(one)
        # The server remembers: that it answers the same otherwise the second time is no fault.
        with suppress(FlakyStrategyDefinition, Flaky):
            one.run(settings=told)


def _machine(driver: Driver, base: Any, chance: Random) -> Any:
    proof = driver.proof
    who = ["nobody"]

    def before_call(self: Any, case: Case[Any]) -> None:
        if isinstance(case.body, dict):
            case.body = _filled(case.body, proof.known, chance)
        if "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = proof.server.key()
        who[0] = chance.choice(CALLERS)
        proof.renew(who[0])

    def get_call_kwargs(self: Any, case: Case[Any]) -> dict[str, Any]:
        return {"session": driver.session, "headers": proof.headers(who[0])}

    def validate_response(self: Any, response: Any, case: Case[Any], **_: Any) -> None:
        driver.statuses[response.status_code] += 1
        try:
            case.validate_response(response, CHECKS, headers=proof.headers(who[0]))
        except FailureGroup as group:
            driver.failures.setdefault(case.operation.label, f"{who[0]}: {_told(group)}")

    methods = (before_call, get_call_kwargs, validate_response)
    return type("InTurn", (base,), {method.__name__: method for method in methods})


def _meant(case: Case[Any], known: Mapping[str, list[Any]], chance: Random) -> None:
    """Put what is there in the place of some of what is made up."""
    for values in (case.path_parameters, case.query):
        for name in list(values or {}):
            if known.get(name) and chance.random() < SENSE:
                values[name] = chance.choice(known[name])
    if isinstance(case.body, dict):
        case.body = _filled(case.body, known, chance)


def _filled(value: Any, known: Mapping[str, list[Any]], chance: Random) -> Any:
    if isinstance(value, list):
        return [_filled(one, known, chance) for one in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, one in value.items():
        choices = known.get(name)
        if not choices or chance.random() >= SENSE:
            found[name] = _filled(one, known, chance)
        elif isinstance(one, list) and all(isinstance(word, str) for word in one):
            found[name] = [chance.choice(choices)]
        else:
            same = [choice for choice in choices if type(choice) is type(one)]
            found[name] = chance.choice(same) if same else one
    return found

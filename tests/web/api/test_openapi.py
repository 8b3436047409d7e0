"""The description of the API is there for everybody, in OpenAPI 3.1, and says how refusals look."""

from __future__ import annotations

from tests.web.api.conftest import Api


def test_the_description_is_openapi_3_1() -> None:
    told = Api().get("openapi.json").json()

    assert told["openapi"].startswith("3.1")
    assert {path: sorted(operations) for path, operations in told["paths"].items()} == {
        "/api/cases": ["get", "post"],
        "/api/cases/{number}": ["get"],
        "/api/cases/{number}/steps": ["post"],
        "/api/figures": ["get"],
        "/api/loops": ["get"],
    }


def test_every_operation_wants_a_token_and_refuses_with_a_problem() -> None:
    paths = Api().get("openapi.json").json()["paths"]

    for operation in (operation for operations in paths.values() for operation in operations.values()):
        assert operation["security"] == [{"Token": []}]
        refused = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert "401" in refused
        assert [list(answer["content"]) for answer in refused.values()] == [
            ["application/problem+json"]
        ] * len(refused)

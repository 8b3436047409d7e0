"""The check that the declared loops fit the tables."""

import pytest

from bihuan.cases import apps


def test_the_declared_loops_fit_the_tables() -> None:
    assert apps.declared_loops(None) == []


def test_a_faulty_loop_is_an_error_of_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps, "declaration_faults", lambda: ["loops/x.py: step 'y' can never happen."])

    assert [error.msg for error in apps.declared_loops(None)] == ["loops/x.py: step 'y' can never happen."]

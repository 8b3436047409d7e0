"""Figures made of other figures: exact, and unknown where what they need is."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.formula import AtLeast, Days, Else, Formula, Mean, Number, Of, Side, Steps, mean

TOLD = {"a": Fraction(97), "b": Fraction(99), "c": None, "many": Fraction(400)}
RATES = st.fractions(0, 100, max_denominator=500)


def worth(formula: Formula, days: int = 7, **told: Fraction | None) -> Fraction | None:
    def ask(code: str, side: Side) -> Fraction | None:
        return {**TOLD, **told}[code]

    return formula.worth(ask, days)


def test_half_of_one_and_half_of_the_mean_of_the_others() -> None:
    combined = Mean(((Fraction(1, 2), Of("a")), (Fraction(1, 2), mean(Of("b"), Of("many")))))

    assert worth(combined) == Fraction(97, 2) + Fraction(499, 4)


def test_a_part_that_is_unknown_gives_its_weight_to_the_others() -> None:
    assert worth(mean(Of("a"), Of("b"), Of("c"))) == 98
    assert worth(Mean(((Fraction(1, 2), Of("c")), (Fraction(1, 2), mean(Of("a"), Of("c")))))) == 97
    assert worth(mean(Of("c"))) is None


def test_what_needs_something_unknown_is_unknown_itself() -> None:
    assert worth(Of("a") + Of("c")) is None
    assert worth(Number(Fraction(1)) / (Of("a") - Of("a"))) is None
    assert worth(AtLeast(Of("c"))) is None
    assert worth(Steps(Of("c"), Fraction(1))) is None
    assert worth(Else(Of("c"), Fraction(95))) == 95


def test_a_begun_step_does_not_count() -> None:
    short = Steps(AtLeast(Number(Fraction(95)) - Of("a")), Fraction(1, 10))

    assert worth(short, a=Fraction("94.81")) == 1
    assert worth(short, a=Fraction("94.80")) == 2
    assert worth(short, a=Fraction(96)) == 0


def test_days_are_those_of_the_period() -> None:
    assert worth(Of("many") / Days(), days=8) == 50


def test_a_formula_names_what_it_is_made_of() -> None:
    formula = AtLeast(Number(Fraction(100)) - Of("a") / Of("b", "numerator") * Days()) + Else(
        Of("c"), Fraction(0)
    )

    assert list(formula.codes()) == ["a", "b", "c"]


@given(RATES, RATES, st.fractions(0, 1, max_denominator=50))
def test_a_mean_lies_between_its_parts(one: Fraction, other: Fraction, weight: Fraction) -> None:
    found = worth(Mean(((weight, Of("a")), (1 - weight, Of("b")))), a=one, b=other)

    assert found is not None
    assert min(one, other) <= found <= max(one, other)

"""Errors carry what the caller is shown."""

from legal.errors import Fault, InvalidInput, LandscapeError, NotFound, NotReady, RefusedOperation


def test_every_error_is_caught_by_the_base_class() -> None:
    assert all(issubclass(error, LandscapeError) for error in (InvalidInput, NotFound, NotReady, RefusedOperation))


def test_invalid_input_copies_its_faults() -> None:
    faults = [Fault("It is too long.", parameter="q")]
    error = InvalidInput("The query is wrong.", faults)
    faults.clear()
    assert (str(error), error.faults) == ("The query is wrong.", (Fault("It is too long.", parameter="q"),))


def test_not_found_may_suggest_identifiers() -> None:
    assert (NotFound("No.").did_you_mean, NotFound("No.", ["VA"]).did_you_mean) == ((), ("VA",))

"""What is refused is told in words fit to show to anybody."""

from legal.errors import Fault, InvalidInput, LandscapeError, NotFound, NotReady, Refused


def test_every_refusal_is_caught_by_its_base() -> None:
    assert all(issubclass(one, LandscapeError) for one in (InvalidInput, NotFound, NotReady, Refused))


def test_an_invalid_input_keeps_its_faults_as_they_were() -> None:
    faults = [Fault("It is too long.", parameter="q")]
    error = InvalidInput("The query is wrong.", faults)
    faults.clear()
    assert (str(error), error.faults) == ("The query is wrong.", (Fault("It is too long.", parameter="q"),))


def test_a_thing_not_found_may_say_what_was_meant() -> None:
    assert (NotFound("No.").did_you_mean, NotFound("No.", ["VA"]).did_you_mean) == ((), ("VA",))

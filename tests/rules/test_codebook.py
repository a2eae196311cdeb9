"""The codebook holds every closed list and every rule, and speaks in neutral words."""

import json
import re

import pytest

from legal import vocabulary
from legal.rules.codebook import LISTS, codebook
from legal.rules.posture import RULE_PACK, RULES
from legal.schemas.codebook import CodebookSchema
from legal.vocabulary import CODEBOOK_VERSION, LIFECYCLES, Phase, Term

LOADED = (
    "sanctuary|crackdown|surge|illegals?|alien|invasion|flood|swarm|radical|extremist|anti-|pro-immigra|law-abiding|"
    "regime|defy|defiant|dangerous|criminals?|left-wing|right-wing|liberal|conservative|undocumented|raids?"
)


def test_every_closed_list_stands_in_it_once() -> None:
    assert sorted(terms.__name__ for terms in LISTS.values()) == sorted(terms.__name__ for terms in Term.__subclasses__())


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_is_served_whole_and_in_order(name: str) -> None:
    assert [term["value"] for term in codebook()["lists"][name]["terms"]] == [str(term) for term in LISTS[name]]


@pytest.mark.parametrize("kind", sorted(LIFECYCLES))
def test_every_status_of_a_kind_is_documented(kind: str) -> None:
    served = codebook()["statuses"][kind]
    assert [step["value"] for step in served] == [step.status for step in LIFECYCLES[vocabulary.Kind(kind)]]
    assert all(step["definition"].endswith(".") and step["label"] and step["phase"] in set(Phase) for step in served)


def test_every_kind_has_its_statuses() -> None:
    assert set(codebook()["statuses"]) == set(vocabulary.Kind)


def test_the_rules_of_the_pack_are_served_in_order_with_its_version() -> None:
    served = codebook()["rules"]["posture"]
    assert served["version"] == RULE_PACK
    assert [(rule["rule"], rule["posture"]) for rule in served["rules"]] == [(rule.name, rule.posture) for rule in RULES]


def test_every_rule_is_explained_in_a_sentence() -> None:
    assert all(rule["definition"].endswith(".") for rule in codebook()["rules"].values())


def test_it_names_its_version() -> None:
    assert codebook()["version"] == CODEBOOK_VERSION


def test_it_has_the_shape_that_is_served() -> None:
    meta = {"revision": 1, "as_of": "2026-02-04", "known_at": "2026-02-04T00:00:00+00:00", "codebook": CODEBOOK_VERSION}
    assert CodebookSchema().validate(json.loads(json.dumps({**codebook(), "meta": meta}))) == {}


def test_its_words_are_neutral() -> None:
    assert re.findall(rf"(?i)\b(?:{LOADED})\b", json.dumps(codebook())) == []

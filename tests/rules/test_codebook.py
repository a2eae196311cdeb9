"""The codebook has every closed list and every rule, in neutral words."""

import json
import re

from legal import vocabulary
from legal.rules.codebook import CLOSED_LISTS, codebook_json
from legal.rules.posture import POSTURE_RULES, RULE_PACK
from legal.schemas.codebook import CodebookSchema
from legal.vocabulary import CODEBOOK_VERSION, LIFECYCLES, Phase, Term

LOADED_WORDS = (
    "sanctuary|crackdown|surge|illegals?|alien|invasion|flood|swarm|radical|extremist|anti-|pro-immigra|law-abiding|"
    "regime|defy|defiant|dangerous|criminals?|left-wing|right-wing|liberal|conservative|undocumented|raids?"
)


def test_codebook_has_every_closed_list_once() -> None:
    assert sorted(terms.__name__ for terms in CLOSED_LISTS.values()) == sorted(terms.__name__ for terms in Term.__subclasses__())


def test_codebook_has_every_term_of_each_list_in_order() -> None:
    served_values = {name: [term["value"] for term in list_json["terms"]] for name, list_json in codebook_json()["lists"].items()}
    assert served_values == {name: [str(term) for term in terms] for name, terms in CLOSED_LISTS.items()}


def test_codebook_has_every_status_of_each_kind_in_order() -> None:
    served_statuses = {kind: [step["value"] for step in steps] for kind, steps in codebook_json()["statuses"].items()}
    assert served_statuses == {str(kind): [step.status for step in steps] for kind, steps in LIFECYCLES.items()}
    assert set(served_statuses) == set(vocabulary.Kind)


def test_every_status_has_a_label_a_definition_and_a_phase() -> None:
    faults = [
        (kind, step["value"])
        for kind, steps in codebook_json()["statuses"].items()
        for step in steps
        if not (step["definition"].endswith(".") and step["label"] and step["phase"] in set(Phase))
    ]
    assert faults == []


def test_posture_rules_are_served_in_order_with_the_pack_version() -> None:
    posture_json = codebook_json()["rules"]["posture"]
    assert posture_json["version"] == RULE_PACK
    assert [(rule["rule"], rule["posture"]) for rule in posture_json["rules"]] == [(rule.name, rule.posture) for rule in POSTURE_RULES]


def test_every_rule_has_a_definition_in_sentences() -> None:
    assert all(rule["definition"].endswith(".") for rule in codebook_json()["rules"].values())


def test_codebook_has_its_version() -> None:
    assert codebook_json()["version"] == CODEBOOK_VERSION


def test_codebook_matches_its_schema() -> None:
    meta = {"revision": 1, "as_of": "2026-02-04", "known_at": "2026-02-04T00:00:00+00:00", "codebook": CODEBOOK_VERSION, "rules": RULE_PACK}
    meta["epoch"] = "4f1c09d2ab"
    assert CodebookSchema().validate(json.loads(json.dumps({**codebook_json(), "meta": meta}))) == {}


def test_codebook_has_no_loaded_words() -> None:
    assert re.findall(rf"(?i)\b(?:{LOADED_WORDS})\b", json.dumps(codebook_json())) == []

"""Taxonomies, the case book, what is near to a text, how grave a complaint is: read from data and decided without Django."""

from bihuan.standards.rules.casebook import PARTS, CaseBook, TypicalCase, casebook_from
from bihuan.standards.rules.editing import put
from bihuan.standards.rules.nearest import Index, Near, index_of
from bihuan.standards.rules.severity import Grading, SeverityRule, propose, severity_from
from bihuan.standards.rules.taxonomy import SETS, Leaf, StandardFault, Taxonomy, taxonomy_from

__all__ = [
    "PARTS",
    "SETS",
    "CaseBook",
    "Grading",
    "Index",
    "Leaf",
    "Near",
    "SeverityRule",
    "StandardFault",
    "Taxonomy",
    "TypicalCase",
    "casebook_from",
    "index_of",
    "propose",
    "put",
    "severity_from",
    "taxonomy_from",
]

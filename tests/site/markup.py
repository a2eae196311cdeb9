"""Read the HTML of pages: elements with their attributes and text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID_ELEMENTS = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


@dataclass
class Element:
    """An element of a page, with its attributes and everything inside."""

    name: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text inside, with blanks as a browser shows them."""
        return " ".join(" ".join(child if isinstance(child, str) else child.text for child in self.children).split())

    def find_all(self, attribute: str) -> Iterator["Element"]:
        """Find the elements inside that have an attribute, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                if attribute in child.attributes:
                    yield child
                yield from child.find_all(attribute)

    def find_named(self, name: str) -> list["Element"]:
        """Return the elements inside with a name."""
        return [child for child in self.find_all_elements() if child.name == name]

    def find_all_elements(self) -> Iterator["Element"]:
        """Find all elements inside."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.find_all_elements()

    def find_id(self, id: str) -> "Element":
        """Return the element inside with an id."""
        return next(element for element in self.find_all("id") if element.attributes["id"] == id)

    def values(self, attribute: str) -> list[str]:
        """Return the values of an attribute of the elements inside."""
        return [element.attributes[attribute] for element in self.find_all(attribute)]


class PageParser(HTMLParser):
    """A parser that builds the tree of a page and fails on a tag that does not match."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        assert len(element.attributes) == len(attrs), f"<{tag}> has an attribute twice"
        self._open[-1].children.append(element)
        if tag not in VOID_ELEMENTS:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].name == tag, f"</{tag}> closes <{self._open[-1].name}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse_page(html: str) -> Element:
    """Return the tree of a page.

    Raises:
        AssertionError: a tag is not closed, or closes another one.
    """
    parser = PageParser()
    parser.feed(html)
    parser.close()
    assert parser._open == [parser.root]
    return parser.root

"""The one list of what an article's body may consist of: enforced on the way in, and once more on the way out."""


def names(line: str) -> frozenset[str]:
    """A set of names out of one line; as a literal, a list of elements would fill a page."""
    return frozenset(line.split())


TAGS = names(
    "p h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote a strong em s u del ins small q abbr code pre br hr img figure "
    "figcaption table caption thead tbody tfoot tr th td sup sub bdi cite time"
)
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "scope"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
#: Dropped with all that is in them.
DROPPED = names(
    "script style svg math iframe object template noscript noembed noframes textarea select datalist form title button"
)

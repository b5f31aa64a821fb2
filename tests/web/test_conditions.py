"""What a request can take and has already, as RFC 9110 reads it."""

import pytest

from publisher.web.conditions import has_it, read_asked, wants_gzip
from publisher.web.kept import Kept

FRIDAY_NOON = 1_772_798_400  #: Fri, 06 Mar 2026 12:00:00 GMT


def kept(*, is_gone: bool = False) -> Kept:
    """An answer from Friday noon whose tag is `"a"`."""
    return Kept(seen=(), is_gone=is_gone, body=b"", etag='"a"', modified=FRIDAY_NOON, headers=[], headers_of_304=[])


@pytest.mark.parametrize(
    ("accept", "is_wanted"),
    [
        ("gzip", True),
        ("", False),
        ("br", False),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip;q=0.0, *", False),
        ("GZIP; q=0.2", True),
        ("*;q=0", False),
        ("identity;q=1, x-gzip", True),
    ],
)
def test_gzip_is_sent_only_where_it_is_wanted(accept: str, is_wanted: bool) -> None:  # noqa: FBT001
    assert wants_gzip(accept) is is_wanted


@pytest.mark.parametrize(
    ("date", "is_known"),
    [
        ("Fri, 06 Mar 2026 12:00:00 GMT", True),
        ("Fri, 06 Mar 2026 12:00:01 GMT", True),
        ("Fri, 06 Mar 2026 11:59:59 GMT", False),
        ("Friday, 06-Mar-26 12:00:00 GMT", True),
        ("Fri Mar  6 12:00:00 2026", True),
        ("Fri, 06 Mar 2026 07:00:00 -0500", True),
        ("Fri, 06 Mar 2026 12:00:00 -0000", True),
        ("Fri, 06 Mar 2026 25:00:00 GMT", False),
        ("Mon, 01 Jan 0001 00:00:00 +2359", False),
        ("yesterday", False),
        ("", False),
    ],
)
def test_a_date_is_enough_when_nothing_changed_after_it(date: str, is_known: bool) -> None:  # noqa: FBT001
    assert has_it(read_asked([(b"if-modified-since", date.encode())]), kept()) is is_known


def test_tags_decide_before_dates_and_may_come_in_several_lines() -> None:
    late = (b"if-modified-since", b"Sat, 07 Mar 2026 12:00:00 GMT")
    others = (b"if-none-match", b'"x", W/"y"')

    assert not has_it(read_asked([late, others]), kept())
    assert has_it(read_asked([others, (b"if-none-match", b'W/"a"')]), kept())


def test_nobody_has_what_is_gone() -> None:
    assert not has_it(read_asked([(b"if-none-match", b'"a", *')]), kept(is_gone=True))


def test_encodings_may_come_in_several_lines() -> None:
    assert read_asked([(b"accept-encoding", b"br"), (b"accept-encoding", b"gzip")]).is_gzip

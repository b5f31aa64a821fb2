"""`publisher build` tells the hubs, and is done also when they are not."""

import pytest
from pytest_httpserver import HTTPServer

from tests.cli.json_shapes import check_shape
from tests.cli.newsrooms import Newsroom


@pytest.fixture
def hub(newsroom: Newsroom, httpserver: HTTPServer) -> str:
    """The address of the newsroom's hub."""
    url = httpserver.url_for("/hub")
    newsroom.change_config("[provider]\n", f'[feeds]\nhub = ["{url}"]\nscopes = ["all"]\n[provider]\n')
    return url


def test_a_build_tells_the_hub_of_what_changed_and_the_next_one_of_nothing(
    newsroom: Newsroom, hub: str, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hub", method="POST").respond_with_data("", 204)

    document = newsroom.done("build", "--json").document
    again = newsroom.done("build")

    check_shape("build", document)
    assert document["hubs"] == [{"hub": hub, "told": 3, "error": None}]
    assert "was told" not in again.out
    assert len(httpserver.log) == 3


def test_a_hub_that_fails_does_not_make_a_build_fail_and_is_told_by_the_next(
    newsroom: Newsroom, hub: str, httpserver: HTTPServer
) -> None:
    httpserver.expect_ordered_request("/hub", method="POST").respond_with_data("", 503)

    result = newsroom.done("build")
    waiting = newsroom.done("build", "--json").document["hubs"]

    assert f"{hub} was told of 0 changed feeds." in result.out
    assert "answered 503" in result.out
    assert "`publisher run`" in result.out
    assert [(one["told"], "503" in one["error"]) for one in waiting] == [(0, True)]
    assert len(httpserver.log) == 1

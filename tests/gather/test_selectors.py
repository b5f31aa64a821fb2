"""Selectors of boxes to leave out: which can be used, and what is said of the others."""

import pytest

from publisher.gather.cleaning.selectors import check_selectors, compile_selectors


@pytest.mark.parametrize(
    "selector", [".related", "aside.newsletter", "#promo > ul", "div[data-component='related']", "p:last-child", "a, b"]
)
def test_a_usual_selector_has_no_fault(selector: str) -> None:
    assert check_selectors([selector]) == []


@pytest.mark.parametrize("selector", ["", "  ", ".related[", "div >", "a::before", "p:nonsense", "ns|p", "<b>"])
def test_a_selector_that_cannot_be_used_is_named_with_its_fault(selector: str) -> None:
    faults = check_selectors([".fine", selector])

    assert len(faults) == 1
    assert faults[0].startswith(f"{selector!r} is no CSS selector that we know: ")


def test_elements_that_a_selector_names_are_left_in_for_it_but_no_dangerous_ones() -> None:
    assert compile_selectors(("ad-slot > B", "script", "p[title='x y']")).elements == {"ad-slot", "b", "p"}

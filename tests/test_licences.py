"""What licences are called, and what may be handed on as one."""

from __future__ import annotations

import pytest

from navigator.errors import LicenceError
from navigator.licences import joint_licence, licence


@pytest.mark.parametrize(
    ("written", "name", "url"),
    [
        ("CC-BY-SA-4.0", "CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("cc by-sa 3.0 unported", "CC-BY-SA-3.0", "https://creativecommons.org/licenses/by-sa/3.0/"),
        ("CC_BY_NC_4.0", "CC-BY-NC-4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
        (
            "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International",
            "CC-BY-NC-ND-4.0",
            "https://creativecommons.org/licenses/by-nc-nd/4.0/",
        ),
        (
            "https://creativecommons.org/licenses/by/4.0/",
            "CC-BY-4.0",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        ("CC0 1.0", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Public domain", "Public domain", ""),
        ("CC BY-SA", "CC-BY-SA", ""),
        ("All rights reserved", "All rights reserved", ""),
        ("MIT", "MIT", ""),
        ("", "", ""),
    ],
)
def test_a_licence_is_known_by_its_many_names(written: str, name: str, url: str):
    assert licence(written).name == name
    assert licence(written).url == url


@pytest.mark.parametrize(
    ("works", "joint"),
    [
        (["CC-BY-SA-4.0"], "CC-BY-SA-4.0"),
        (["CC-BY-SA-4.0", "CC BY-SA 4.0"], "CC-BY-SA-4.0"),
        (["CC0-1.0", "CC-BY-SA-4.0", "CC-BY-4.0"], "CC-BY-SA-4.0"),
        (["CC-BY-SA-3.0", "CC-BY-SA-4.0"], "CC-BY-SA-4.0"),
        (["CC-BY-4.0", "CC-BY-NC-4.0"], "CC-BY-NC-4.0"),
        (["CC-BY-NC-4.0", "CC-BY-NC-SA-4.0"], "CC-BY-NC-SA-4.0"),
        (["CC0-1.0", "CC-BY-4.0"], "CC-BY-4.0"),
        (["All rights reserved", "All rights reserved"], "All rights reserved"),
        (["", ""], ""),
        (["", "CC-BY-SA-4.0"], None),
        (["MIT", "CC-BY-4.0"], None),
    ],
)
def test_what_is_made_of_several_asks_for_what_the_strictest_asks_for(works: list[str], joint: str | None):
    found = joint_licence({str(number): licence(written) for number, written in enumerate(works)})
    assert (found.name if found else None) == joint


@pytest.mark.parametrize(
    ("works", "said"),
    [
        (["CC-BY-ND-4.0"], "0 is under CC-BY-ND-4.0, which allows no adaptation"),
        (["CC-BY-4.0", "CC BY-NC-ND 4.0"], "1 is under CC-BY-NC-ND-4.0"),
        (
            ["CC-BY-NC-4.0", "CC-BY-SA-4.0"],
            "1 is to be shared alike under CC-BY-SA-4.0, but 0, under CC-BY-NC-4.0",
        ),
        (["CC-BY-SA-4.0", "CC-BY-NC-SA-4.0"], "one handout cannot do both"),
    ],
)
def test_what_does_not_go_together_is_refused(works: list[str], said: str):
    with pytest.raises(LicenceError, match=said):
        joint_licence({str(number): licence(written) for number, written in enumerate(works)})

"""What is chosen for a handout, and the address that restores it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from navigator.web.choice import LONGEST_TITLE, MOST, PARAMETERS, Choice

SLUGS = st.text("abc-", min_size=1)
CHOICES = st.builds(
    Choice,
    slugs=st.lists(SLUGS, unique=True, max_size=MOST).map(tuple),
    everyone=st.booleans(),
    form=st.sampled_from(["brief", "full"]),
    paper=st.sampled_from(["a4", "letter"]),
    title=st.text(max_size=LONGEST_TITLE),
)


@given(CHOICES)
def test_the_address_restores_the_choice(choice: Choice) -> None:
    assert Choice.of(choice.parameters) == choice
    assert set(choice.parameters) <= set(PARAMETERS)


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.text()))
def test_any_address_gives_some_choice(parameters: dict[str, str]) -> None:
    choice = Choice.of(parameters)
    assert "" not in choice.slugs
    assert len(set(choice.slugs)) == len(choice.slugs)
    assert len(choice.title) <= LONGEST_TITLE
    assert Choice.of(choice.parameters) == choice


@given(CHOICES.filter(lambda choice: choice.slugs), st.data())
def test_moving_changes_the_place_of_one_pattern_alone(choice: Choice, data: st.DataObject) -> None:
    slug = data.draw(st.sampled_from(choice.slugs))
    place = data.draw(st.integers(0, len(choice.slugs) - 1))
    moved = choice.moved(slug, place)
    assert moved.slugs[place] == slug
    assert [s for s in moved.slugs if s != slug] == [s for s in choice.slugs if s != slug]


@given(CHOICES, SLUGS)
def test_a_pattern_is_in_once_or_out_and_no_handout_grows_without_end(choice: Choice, slug: str) -> None:
    toggled = choice.toggled(slug)
    assert (slug in toggled.slugs) == (slug not in choice.slugs and not choice.is_full)
    assert len(toggled.slugs) <= MOST
    if slug in toggled.slugs:
        assert toggled.toggled(slug) == choice

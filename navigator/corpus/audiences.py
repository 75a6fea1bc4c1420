"""The contexts a library writes for, and the words by which each is known.

This table is data: a context is nothing but a row of it, and a library's own contexts are further rows.
Words are written in lower case and in the singular; plurals and possessives are found too. A plural is
listed only where the singular means something else (a *movement* may be a bodily one).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

Tier = Literal["names", "settings", "marks", "hints"]
"""What a term does for its context, see :class:`Audience`."""

_WORD = re.compile(r"\w+(?:[-.'’&]\w+)*")


@dataclass(frozen=True, slots=True)
class Audience:
    """A context, as one would describe it to a newcomer.

    Attributes
    ----------
    name
        The label that patterns use for it.
    names
        What people call that world and those who live in it. Opening a sentence, one of these says whom
        the sentence is for.
    settings
        Names so common that they only count after a preposition ("in organizations") or as a label of
        their own ("Product:").
    marks
        Words that nearly always place a story in that world.
    hints
        Words that place a story there when several come together.
    near
        The contexts that stand nearest to it, the nearest first.
    """

    name: str
    names: tuple[str, ...]
    settings: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def _listed(text: str) -> tuple[str, ...]:
    return tuple(entry for line in text.split(",") if (entry := " ".join(line.split())))


AUDIENCES: tuple[Audience, ...] = (
    Audience(
        name="corporate",
        names=_listed(
            """corporate, corporation, company, companies, private sector, enterprise, firm,
            executives, commercial, intrapreneur, c-suite, shareholder, business leader"""
        ),
        settings=_listed("organization, organisation, organizational, business, workplace, industry"),
        marks=_listed(
            """ceo, cfo, coo, vp, vice president, manufacturer, insurer, retailer, conglomerate,
            multinational, supplier, bank, consulting firm, consultancy, law firm, supply chain,
            shareholder, competitor, profit, profitability, franchise, factory, plant manager, sales
            team, procurement, manufacturing, financial services, pharmaceutical, fortune 500,
            merger, acquisition, company culture, hr department, retail, hotel, airline, market
            share, customer retention, business unit, subsidiary, b corp, patagonia, toyota,
            mondragon, unilever, gore"""
        ),
        hints=_listed(
            """employee, market, executive team, leadership team, customer, manager, hr, board, brand,
            sales, revenue, executive, quarterly, cost, founder, division, senior leader,
            productivity, finance, professional, workplace, investor, marketing, turnover, shop
            floor, store, client, insurance"""
        ),
        near=_listed("tech, government"),
    ),
    Audience(
        name="government",
        names=_listed(
            """government, governmental, public service, public sector, civil service, civil servant,
            public servant, policymaker, policy maker, public agency, agencies, municipality,
            municipal, ministry, civic, public administration, public institution, public health,
            policy team, city council, city government, government official, constituent, public
            official"""
        ),
        settings=_listed("policy, agency, city, council"),
        marks=_listed(
            """department of, city of, federal, mayor, minister, legislature, legislation, citizen,
            resident, district, county, regulator, policing, police command, beat officer,
            caseworker, case worker, welfare, police department, permit, zoning, planning
            department, participatory budgeting, budget office, white house, nhs, parliament,
            national health service, digital service, school district, public school, public
            hospital, library system, veterans affairs, fema, usda, gov.uk, statute, prison,
            military, navy, army, soldier, census, taxpayer, health service, city's, the city,
            national government, health department, social service, community health worker, urban
            planner, council member, town council, regional authority, national park, public
            transit, tax authority"""
        ),
        hints=_listed(
            """policy, agency, agencies, department, official, city, council, public, state, national,
            budget, program, programme, regulation, service, staff, ministry, frontline, clinician,
            director, neighborhood, neighbourhood, uk, jurisdiction, law, school, hospital, police,
            officer, health, planner, constituent, province, region, civil, court, mandate, election"""
        ),
        near=_listed("corporate, activist"),
    ),
    Audience(
        name="activist",
        names=_listed(
            """activist, activism, organizer, organiser, grassroots, campaigner, social movement,
            movements, mutual aid, movement leader, advocacy, coalition, community organizing,
            community organising, movement work, affinity group"""
        ),
        settings=_listed(
            """movement, campaign, organizing, organising, collective, volunteer, nonprofit,
            non-profit, ngo, charity"""
        ),
        marks=_listed(
            """protest, direct action, black lives, black lives matter, civil rights, sunrise movement,
            occupy, extinction rebellion, standing rock, zapatista, highlander, climate justice,
            racial justice, food bank, housing justice, environmental justice, social justice,
            disability justice, food sovereignty, solidarity, strike, union, boycott, liberation,
            tenant, abolition, encampment, resistance, community land tland trust, landless,
            indigenous, arrest, movement for black lives, greenpeace, earth first, sierra club,
            feminist, suffrage, queer, bipoc, land back, campesina, disability rights, nonviolence,
            anti-racism, collective liberation"""
        ),
        hints=_listed(
            """movement, campaign, organizing, organising, collective, justice, chapter, tactic,
            action, burnout, circle, volunteer, healing, struggle, community, member, group,
            network, land, racial, climate, elder, power, healing justice, housing, donor, funder,
            rally, base, cooperative, co-op, nonprofit, ancestral, oppression, grief, neighbor,
            neighbour"""
        ),
        near=_listed("community, government"),
    ),
    Audience(
        name="tech",
        names=_listed(
            """tech, technology, technologist, engineering, engineer, software, developer, open source,
            open-source, product team, tech team, technical team, product manager, startup, digital
            product, product development, product design, product designer, tech product"""
        ),
        settings=_listed("ai, product, platform, technical, digital, app, algorithm, data team, device"),
        marks=_listed(
            """code, codebase, code review, github, gitlab, linux, kernel, mozilla, firefox, wikipedia,
            wikimedia, apache, debian, kubernetes, api, saas, maintainer, contributor, committer,
            pull request, repository, bug, algorithm, algorithmic, machine learning, app, browser,
            google, microsoft, netflix, spotify, etsy, amazon, facebook, basecamp, slack, stripe,
            red hat, rust, python, ethereum, blockchain, dao, web3, encryption, encrypted, server,
            user data, ux, user interface, site reliability, technical debt, data science, social
            media platform"""
        ),
        hints=_listed(
            """ai, product, platform, user, feature, team, design, technical, architecture, tool, data,
            shipped, shipping, roadmap, launch, release, distributed team, remote, documentation,
            interface, moderation, sprint, online, digital, network, open, dashboard, version,
            designer, startup, system, cloud, automated, model, prototype, open data"""
        ),
        near=_listed("corporate, activist"),
    ),
)
"""The four contexts of spec v7.1, in its order."""

FURTHER: tuple[Audience, ...] = (
    Audience(
        name="community",
        names=_listed(
            """community group, community member, community organization, community organisation, local
            community, neighborhood group, neighbourhood group, resident, neighbor, neighbour, parish,
            neighborhood, neighbourhood, mutual aid group, village"""
        ),
        settings=_listed("community, communities, local group, club, household"),
        marks=_listed("community garden, community land trust, potluck, neighborhood association"),
        hints=_listed("volunteer, local, street, garden, school, elder, family"),
        near=_listed("activist, government"),
    ),
    Audience(
        name="academic",
        names=_listed(
            """academic, academia, university, universities, college, faculty, faculties, researcher,
            scholar, research group, research team, lab group, higher education"""
        ),
        settings=_listed("research, science, lab, laboratory, campus, department"),
        marks=_listed(
            """professor, tenure, dissertation, doctoral, phd, dean, provost, peer review, journal, seminar,
            lecturer, undergraduate, postdoc"""
        ),
        hints=_listed("student, paper, publication, lecture, grant, curriculum, study, theory"),
        near=_listed("government, corporate"),
    ),
)
"""Contexts that only some libraries write for; they count where a document has a label for them."""


def nearest(context: str, others: Collection[str], audiences: Sequence[Audience] = AUDIENCES) -> str | None:
    """Return which of the ``others`` stands nearest to a context, None where there is no other."""
    near = next((each.near for each in (*audiences, *FURTHER) if each.name == context), ())
    order = dict.fromkeys([*near, *(each.name for each in audiences), *sorted(others)])
    return next((name for name in order if name in others and name != context), None)


def audiences_of(labels: Collection[str], own: Sequence[Audience] = ()) -> tuple[Audience, ...]:
    """Return the contexts that a document with these labels is written for.

    Parameters
    ----------
    own
        The contexts that the librarian declared; one of a name that is here already takes its place.
    """
    declared = {each.name for each in own}
    further = (each for each in FURTHER if each.name in labels)
    return (*(each for each in (*AUDIENCES, *further) if each.name not in declared), *own)


@dataclass(frozen=True, slots=True)
class Mention:
    """A term of the table found in a text.

    Attributes
    ----------
    start, end
        Its words, counted from the first word of the text.
    roles
        What it means, as pairs of context and tier.
    """

    start: int
    end: int
    roles: tuple[tuple[str, Tier], ...]

    def contexts(self, *tiers: Tier) -> list[str]:
        """Return the contexts it stands for in one of the ``tiers``."""
        return [context for context, tier in self.roles if tier in tiers]


class Vocabulary:
    """A table of audiences, arranged for finding its terms in texts."""

    def __init__(self, audiences: Sequence[Audience]) -> None:
        self._names = tuple(audience.name for audience in audiences)
        self._roles: dict[tuple[str, ...], tuple[tuple[str, Tier], ...]] = {}
        for audience in audiences:
            for tier in get_args(Tier):
                for term in getattr(audience, tier):
                    if key := tuple(words(term)):
                        self._roles[key] = (*self._roles.get(key, ()), (audience.name, tier))
        self._longest: dict[str, int] = {}  # of the terms that begin with a word
        for first, *rest in self._roles:
            self._longest[first] = max(self._longest.get(first, 0), 1 + len(rest))

    def mentions(self, text: Sequence[str]) -> Iterator[Mention]:
        """Yield the terms in ``text``, words as :func:`words` gives them; the longest at each place."""
        singular = [singular_of(word) for word in text]
        start = 0
        while start < len(text):
            longest = max(self._longest.get(text[start], 0), self._longest.get(singular[start], 0))
            for end in range(min(start + longest, len(text)), start, -1):
                roles = self._roles.get(tuple(text[start:end])) or self._roles.get(tuple(singular[start:end]))
                if roles:
                    yield Mention(start, end, roles)
                    start = end
                    break
            else:
                start += 1

    def weigh(self, text: Sequence[str], weights: Mapping[Tier, float], title: int = 0) -> dict[str, float]:
        """Add up what the terms of a text, as :func:`words` gives it, tell about each context.

        A term counts by the weight of its tier, twice within the first ``title`` words, half when it is
        repeated and not at all from the third time on.
        """
        evidence: defaultdict[str, float] = defaultdict(float)
        seen: Counter[tuple[str, ...]] = Counter()
        for mention in self.mentions(text):
            term = tuple(text[mention.start : mention.end])
            seen[term] += 1
            if seen[term] > 2:
                continue
            factor = (2.0 if mention.start < title else 1.0) / seen[term]
            strongest: dict[str, float] = {}
            for context, tier in mention.roles:
                strongest[context] = max(strongest.get(context, 0.0), weights[tier])
            for context, weight in strongest.items():
                evidence[context] += factor * weight
        return evidence

    def ordered(self, contexts: Iterable[str]) -> tuple[str, ...]:
        """Return ``contexts`` in the order of the table, each once."""
        found = set(contexts)
        return tuple(name for name in self._names if name in found)


@lru_cache(maxsize=64)
def vocabulary(audiences: tuple[Audience, ...]) -> Vocabulary:
    """Return the (cached) vocabulary of a table."""
    return Vocabulary(audiences)


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, hyphens and inner points kept ("open-source", "gov.uk")."""
    return _WORD.findall(text.lower().replace("’", "'"))


@lru_cache(maxsize=50_000)
def singular_of(word: str) -> str:
    """Return a word of `words` without the ending of a plural or a possessive."""
    word = word.removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word

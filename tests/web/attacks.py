"""A small corpus of attacks: every kind of them in every field and section that a page shows.

Whatever runs sets ``window.attacked``; whatever calls home calls ``attacker.example``; whatever becomes an
element bears the name ``attacked``.
"""

from __future__ import annotations

import json
from pathlib import Path

ATTACKS: dict[str, tuple[str, ...]] = {
    "markup": (
        "<script>window.attacked = 1</script>",
        '<img class="attacked" src="https://attacker.example/a.png" onerror="window.attacked = 2">',
        '<svg class="attacked" onload="window.attacked = 3"><animate onbegin="window.attacked = 4"/></svg>',
        '<iframe class="attacked" src="https://attacker.example/b"></iframe>',
        '<iframe srcdoc="<script>parent.attacked = 5</script>">',
        "<style>body { display: none; background: url(https://attacker.example/c.png) }</style>",
        '<link rel="stylesheet" href="https://attacker.example/d.css"><base href="https://attacker.example/">',
        '<meta http-equiv="refresh" content="0;url=https://attacker.example/e">',
        '<form class="attacked" action="https://attacker.example/f"><button autofocus onfocus="attacked=6">',
        "<details open ontoggle=window.attacked=7><math><mtext></p></div></textarea></title><!-- <![CDATA[",
        "&lt;script&gt;window.attacked = 8&lt;/script&gt; &#60;img src=x onerror=attacked=9&#62; &amp;lt;",
    ),
    "marks": (
        "[click](javascript:window.attacked=10)",
        "[JaVa](JaVaScRiPt&colon;attacked=11) [page](data:text/html;base64,PHNjcmlwdD4=)",
        "[![both](https://attacker.example/g.png)](javascript:attacked=12)",
        "![home](https://attacker.example/h.png)",
        "<javascript:attacked=13> <https://attacker.example/i>",
        '[ref] [t](https://attacker.example/j "attacked") [ref]: javascript:attacked=14',
        "https://attacker.example/k www.attacker.example //attacker.example/l eve@attacker.example",
        ":red[:material/home: [in](https://attacker.example/m)] :smile: :material_home:",
        "$\\href{javascript:attacked=15}{x}$ $$x^2$$ `code` **bold** ~~gone~~ # heading | cell |",
        ":help[attacked] :color[x]{foreground=attacked} ::: attacked {onclick=attacked=16}",
        "\\<b\\> \\\\[x](javascript:attacked=17)",
    ),
    "shapes": (
        "Shapely",
        "\u202egnp.exe\u202c \u2066turned\u2069 \u200fmarked\u200e \u200bthin\ufeff",
        "W" * 400,
        "z" + "\u0301\u0316" * 40,
        "ﷺ𒐫 𝕬𝖙𝖙𝖆𝖈𝖐 👩‍👩‍👧‍👦",
        "{{ 7 * 7 }} ${7*7} {% raw %} %s %(x)s {0} {attacked.__class__} %00 ../../etc/passwd '; DROP TABLE",
    ),
}
"""Kinds of attacks, each with what stands in a document."""

SLUGS = tuple(f"attack-{kind}" for kind in (*ATTACKS, "yaml"))

CONTEXTS = f"""contexts:
  - name: {json.dumps("Clinics <script>window.attacked=20</script> :red[x] [y](javascript:attacked=21)")}
    synonyms: [hospital, {json.dumps(ATTACKS["markup"][1])}]
    sample_words: [ward]
    near: [government]
"""
"""A declaration of contexts that attacks too."""

_YAML = """---
slug: attack-yaml
title: !!python/object/apply:os.system ["touch attacked"]
summary: !!python/name:os.system
aliases: &alias [one, two]
context_labels: [not, a, "<b>mapping</b>"]
ontology: {search_hints: {primary_tension: {a: "<img src=x onerror=attacked=22>"}, vector_keywords: 7}}
lifecycle: {confidence: "<b>3</b>", version: 2026-01-01}
relationships: {"<b class=attacked>kind</b>": [{slug: attack-markup, weight: .inf}, {slug: [x]}]}
provenance: <script>window.attacked = 23</script>
license: CC0 <img src=x onerror=attacked=24> [x](javascript:attacked=25)
---

### Section 1: Context

A xylophone quartet quarrels about yaml.

### Section 3: Solution

> **Therefore, <b class="attacked">quote everything</b>.**
"""


def write_attacks(folder: Path) -> Path:
    """Write the corpus, with situations beside it."""
    folder.mkdir()
    for kind, attacks in ATTACKS.items():
        (folder / f"{kind}.md").write_text(_document(kind, " ".join(attacks)), "utf-8")
    (folder / "yaml.md").write_text(_YAML, "utf-8")
    situations = folder / "situations"
    situations.mkdir()
    lines = [
        json.dumps({"slug": f"attack-{kind}", "situations": [{"text": f"Our quartet {kind} {attack}"}]})
        for kind, attacks in ATTACKS.items()
        for attack in attacks
    ]
    (situations / "attacks.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


def _quoted(text: str) -> str:
    """Return text as JSON writes it, and so YAML."""
    return json.dumps(text, ensure_ascii=False)


def _document(kind: str, attack: str) -> str:
    said, short = _quoted(attack), ATTACKS[kind][0]
    others = ", ".join(f"{{slug: attack-{other}, weight: 0.5}}" for other in ATTACKS if other != kind)
    links = ", ".join(
        f"{{target: attack-{other}, type: {said}, confidence: 0.9, reason: {said}}}"
        for other in ATTACKS
        if other != kind
    )
    return f"""---
slug: attack-{kind}
title: {_quoted(f"Attack {kind} {attack}")}
aliases: [{_quoted(f"Alias {kind} {attack}")}]
summary: {said}
context_labels:
  government: {_quoted(f"Office {short}")}
  tech: {_quoted(f"Stack {short}")}
  {said}: {said}
ontology:
  domain: {said}
  cross_domains: [{said}]
  search_hints:
    primary_tension: {_quoted(f"quinces {attack} vs. medlars {attack}")}
    vector_keywords: ["quarrel", {said}]
    situations: [{{context: government, text: {_quoted(f"My quartet quarrels {attack}")}}}]
  commons_assessment: {{resilience: 5, ownership: 3, autonomy: 2, vitality: 3, vitality_reasoning: {said}}}
lifecycle: {{usage_stage: {said}, status: {said}, version: {said}, confidence: 1}}
relationships:
  enables: [{others}]
  {said}: [{others}]
graph_garden: {{inferred_links: [{links}]}}
contributors: [{said}]
sources: [{said}]
license: CC0-1.0
attribution: {said}
---

### Section 1: Context

A xylophone quartet quarrels about {kind}. {attack}

For government: {attack}

### Section 2: Problem

> **The core conflict is quinces vs. medlars {attack}**

{attack}

### Section 3: Solution

> **Therefore, {attack}**

| cell | {attack.replace("|", "/")} |
|---|---|
| {attack.replace("|", "/")} | cell |

### Section 4: Implementation {attack}

1. {attack}
2. Tune the xylophone.

```html
{attack}
```

    {attack}

#### {attack}

### Section 6: Known Uses

**The {kind} mill, 1931.** {attack}

### Section 8: Vitality

**Signs of life:**
- {attack}

**Signs of decay:**
- {attack}
"""

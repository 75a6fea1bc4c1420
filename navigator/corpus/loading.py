"""From paths to a corpus: every document read, every link resolved, everything wrong reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from navigator.corpus.documents import read_document
from navigator.corpus.files import find_files, read_text
from navigator.corpus.findings import finding
from navigator.corpus.links import resolve_links
from navigator.pattern import Corpus, Document, Finding, Pattern, Reading

Progress = Callable[[int, int], None]


def load_corpus(paths: Iterable[Path], *, progress: Progress | None = None) -> Corpus:
    """Read every document under ``paths``: files as they are, folders at any depth.

    Parameters
    ----------
    progress
        Called with the number of documents read and the number there are, after each.

    Raises
    ------
    CorpusError
        When a path does not exist. What is wrong with a document is a finding, never an exception.
    """
    found = list(find_files(paths))
    files = [item for item in found if isinstance(item, Path)]
    findings = [item for item in found if isinstance(item, Finding)]
    documents: dict[str, Document] = {}
    for number, path in enumerate(files, start=1):
        document, problems = _read(path)
        findings += problems
        if document is not None:
            first = documents.setdefault(document.slug, document)
            if first is not document:
                message = (
                    f"The slug {document.slug!r} belongs to {first.path} already; this document was left out."
                )
                findings.append(finding(document.path, 1, "duplicate-slug", message))
        if progress is not None:
            progress(number, len(files))
    patterns, problems = resolve_links([d for d in documents.values() if isinstance(d, Pattern)])
    findings += problems
    order = {str(path): number for number, path in enumerate(files)}
    return Corpus(
        patterns=tuple(patterns),
        readings=tuple(d for d in documents.values() if isinstance(d, Reading)),
        findings=tuple(sorted(findings, key=lambda f: (order.get(f.path, -1), f.line))),
        documents=len(files),
    )


def _read(path: Path) -> tuple[Document | None, list[Finding]]:
    text, findings = read_text(path)
    if text is None:
        return None, findings
    document, problems = read_document(text, str(path))
    return document, [*findings, *problems]

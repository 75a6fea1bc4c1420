"""From paths to a corpus: every document read, every link resolved, everything wrong reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from navigator.corpus.audiences import Audience
from navigator.corpus.documents import ReadDocument, read_document
from navigator.corpus.duplicates import near_duplicates
from navigator.corpus.files import find_files, read_text
from navigator.corpus.findings import Report
from navigator.corpus.links import resolve_links
from navigator.corpus.sidecars import Sidecar, find_sidecars, read_sidecar, with_situations
from navigator.pattern import Corpus, Finding, Pattern, Reading

Progress = Callable[[int, int], None]


def load_corpus(
    paths: Sequence[Path],
    *,
    shipped_situations: Path | None = None,
    progress: Progress | None = None,
    own: tuple[Audience, ...] = (),
) -> Corpus:
    """Read every document under ``paths``: files as they are, folders at any depth.

    Patterns get the situations that lie beside them, see `navigator.corpus.sidecars`.

    Parameters
    ----------
    shipped_situations
        Folder of situations that come with the product, for whichever library they fit.
    progress
        Called with the number of documents read and the number there are, after each.
    own
        Contexts of the librarian's own, beside those of the form.

    Raises
    ------
    CorpusError
        When a path does not exist. What is wrong with a document is a finding, never an exception.
    """
    found = list(find_files(paths))
    files = [item for item in found if isinstance(item, Path)]
    findings = [item for item in found if isinstance(item, Finding)]
    read: dict[str, ReadDocument] = {}
    for number, path in enumerate(files, start=1):
        report = Report(str(path))
        document = _read(path, report, own)
        if document is not None:
            _admit(document, read, report)
        findings += report.findings
        if progress is not None:
            progress(number, len(files))
    documents = [each.document for each in read.values()]
    lines = {each.document.path: each.link_lines for each in read.values()}
    patterns, unresolved = resolve_links(
        [document for document in documents if isinstance(document, Pattern)],
        lambda path, target: lines[path].get(target, 1),
    )
    findings += [*unresolved, *near_duplicates(documents)]
    sidecars = list(_sidecars(paths, shipped_situations, findings))
    patterns, accounts, stray = with_situations(patterns, sidecars)
    findings += stray
    order = {str(path): number for number, path in enumerate([*files, *(each.path for each in sidecars)])}
    return Corpus(
        patterns=tuple(patterns),
        readings=tuple(document for document in documents if isinstance(document, Reading)),
        accounts=tuple(accounts),
        findings=tuple(sorted(findings, key=lambda each: (order.get(each.path, -1), each.line))),
        documents=len(files),
    )


def _sidecars(paths: Sequence[Path], shipped: Path | None, findings: list[Finding]) -> Iterator[Sidecar]:
    """Yield the sidecars of a corpus; what is wrong with them joins ``findings``."""
    for found in find_sidecars(paths, shipped):
        if isinstance(found, Finding):
            # A folder within the corpus was walked before, in search of documents.
            if (found.path, found.code) not in {(each.path, each.code) for each in findings}:
                findings.append(found)
            continue
        report = Report(str(found))
        yield read_sidecar(found, report, ships=shipped is not None and found.is_relative_to(shipped))
        findings += report.findings


def _read(path: Path, report: Report, own: tuple[Audience, ...]) -> ReadDocument | None:
    text = read_text(path, report)
    return None if text is None else read_document(text, report, own)


def _admit(document: ReadDocument, read: dict[str, ReadDocument], report: Report) -> None:
    """Take a document in unless another one has its slug."""
    slug = document.document.slug
    first = read.setdefault(slug, document)
    if first is not document:
        message = f"The slug {slug!r} belongs to {first.document.path} already; this document was left out."
        report.add("duplicate-slug", message, line=document.slug_line)

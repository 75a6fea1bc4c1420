"""A LangChain retriever: patterns for a chain or an agent, each as the passage that speaks to the question.

>>> retriever = PatternRetriever(context="government", k=3)  # doctest: +SKIP
>>> documents = retriever.invoke("Everything waits for headquarters")  # doctest: +SKIP
"""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from navigator.answer import PatternHit, Provenance, SearchResult
from navigator.navigator import Navigator


class PatternRetriever(BaseRetriever):
    """Finds the patterns that help in a situation, best first, one document for each.

    The text of a document is the author's own passage that matched best. Its metadata:

    ======================================  ==================================================================
    ``slug``, ``title``                     the pattern
    ``label``, ``context``                  its name in the context's words, and that context (None: everyone)
    ``section``, ``chunk``                  section of the passage, and the chunk's id in the index
    ``source``, ``start``, ``end``          path of the file, and the passage's span there in characters
    ``license``, ``attribution``,           what must travel with the passage wherever it goes
    ``origins``
    ``score``                               comparable among the documents of one question only
    ``confidence``                          chance that the library has something to say to the question at
                                            all, the same for all of its documents
    ======================================  ==================================================================

    Parameters
    ----------
    navigator
        The open index; without one, that of the settings in force.
    context
        The context to name patterns in. Without it, the one that the question speaks of, or that of the
        settings.
    k
        Most documents for a question. ``invoke`` takes another ``k``, and another ``context``, for one call.

    Raises
    ------
    IndexStateError
        No index was built yet, or it cannot be used; the message names the command to type.
    """

    navigator: Navigator = Field(default_factory=Navigator.open, exclude=True, repr=False)
    context: str | None = None
    k: int = Field(default=5, ge=1)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        context: str | None = None,
        k: int | None = None,
    ) -> list[Document]:
        found = self.navigator.search(query, context=context or self.context, k=self.k if k is None else k)
        return [self._document(hit, found) for hit in found.patterns]

    def _document(self, hit: PatternHit, found: SearchResult) -> Document:
        passage = hit.passage
        provenance = Provenance.of(self.navigator.library.pattern(hit.slug))
        return Document(
            id=passage.chunk,
            page_content=passage.text,
            metadata={
                "slug": hit.slug,
                "title": hit.title,
                "label": hit.label,
                "context": found.context,
                "section": passage.section,
                "chunk": passage.chunk,
                "source": passage.path,
                "start": passage.start,
                "end": passage.end,
                "license": provenance.license,
                "attribution": provenance.attribution,
                "origins": list(provenance.sources),
                "score": hit.score,
                "confidence": found.confidence,
            },
        )

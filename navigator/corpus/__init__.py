"""Reading documents: files into patterns and readings, with a finding for all that is wrong in them."""

from navigator.corpus.files import document_files
from navigator.corpus.loading import load_corpus

__all__ = ["document_files", "load_corpus"]

"""The optional language model: it rewrites what is searched for, and puts answers into prose.

Never in the way. What it writes rests on quotes that are looked up in the library, and when it fails the
extractive answer stands. Only `models` knows langchain, and imports it when a model is first asked.
"""

"""Bring the index up to date with the documents: ``navigator index``, for whoever looks here first.

python index/rebuild.py [PATHS...] [--force]
"""

import sys

from navigator.cli import main

if __name__ == "__main__":
    main(["index", *sys.argv[1:]])

"""What is kept on disk: vectors, records, and the generations that hold them."""

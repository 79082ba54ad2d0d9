"""One short script a question, made to be read and changed."""

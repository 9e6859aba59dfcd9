"""The full-text index: the only package that knows Whoosh. Everything in it can be deleted and built again."""

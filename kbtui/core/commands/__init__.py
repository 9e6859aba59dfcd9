"""Commands in the text of a post: what is copied, filled in, or to be wary of."""

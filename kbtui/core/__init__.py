"""The domain: values, rules, the query language, ports and errors. Standard library only; no I/O, no clock."""

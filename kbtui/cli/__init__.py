"""The command line: a module per group of verbs. `output` alone writes standard output, `narration` standard error."""

"""What the operating system gives: git, the shell's history, and running commands."""

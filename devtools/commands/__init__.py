"""One module a command of `dev`, each with `run(arguments)`, which returns the exit status."""

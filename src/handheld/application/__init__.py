"""Commands in, facts on disk, folds kept up: the rules of `domain` at work on a log."""

"""Facts in words: what happened, who did it, what is marked on it; the same on every face."""

"""The rules: one module a stream, `decide` and `evolve`, pure."""

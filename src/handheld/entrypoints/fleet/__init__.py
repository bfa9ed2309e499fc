"""A fleet of simulated phones on real sockets. docs/how-to/try-it-with-a-fleet.md"""

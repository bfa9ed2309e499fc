"""A whole district on one machine: its servers and processes, started, killed and started again."""

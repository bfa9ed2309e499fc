"""People who do not exist, for demos, drills and tests; every one is marked synthetic."""

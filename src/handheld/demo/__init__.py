"""The demonstration: a typhoon afternoon in Longyou, played on a real log by a simulated fleet."""

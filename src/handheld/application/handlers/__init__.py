"""Which handler takes which command: one module for each kind of stream, one table for all."""

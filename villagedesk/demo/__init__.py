"""Generated villages: people who do not exist, in villages that do, for demonstration, tests and benches."""

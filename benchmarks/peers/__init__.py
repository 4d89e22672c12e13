"""What a user would write instead, one script per tool; `python -m benchmarks.peers` compares them with us."""

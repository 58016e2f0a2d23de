"""The benchmark: `python -m bench` measures every row of docs/bench.md on a server of its own."""

"""What `script/bench` runs: rows, servers to compare with, and a measuring client."""

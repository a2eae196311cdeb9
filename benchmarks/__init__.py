"""Speed, measured as ratios within one run: these machines are shared, and seconds mean little on them."""

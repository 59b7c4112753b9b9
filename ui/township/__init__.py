"""The township's side: what a hub shows."""

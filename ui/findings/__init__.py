"""What the logic rules found."""

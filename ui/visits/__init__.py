"""The visit log."""

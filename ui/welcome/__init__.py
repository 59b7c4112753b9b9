"""Before a desk is open: welcome, unlock, set-up."""

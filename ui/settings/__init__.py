"""Village file, team, policy, look, backup."""

"""What runs inside pytest: plugins."""

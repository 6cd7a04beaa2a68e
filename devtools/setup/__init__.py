"""Sets the machine up. Each step runs once and goes on where an interrupted run stopped."""

"""SensorThings written: entities with what is linked to them, and observations."""

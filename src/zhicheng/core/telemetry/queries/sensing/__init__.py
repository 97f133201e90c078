"""SensorThings read from the database and from the readings."""

"""Readings: devices, datastreams, observations, latest state, alarms; OGC SensorThings and MQTT."""

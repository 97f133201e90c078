"""SensorThings 1.1 without a database: its entities, addresses, query options, filters and documents."""

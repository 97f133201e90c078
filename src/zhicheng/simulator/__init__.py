"""A seeded city: people, a day of appeals, for demo, load and end-to-end tests."""

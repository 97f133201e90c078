"""The cockpit: the map is the page; today's levels, events as they come, what is about to be late."""

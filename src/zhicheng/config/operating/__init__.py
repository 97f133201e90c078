"""What the operator's commands do: examine a city, back it up, restore it."""

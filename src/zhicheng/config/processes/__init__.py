"""The processes of one installation and what supervises them."""

"""What licences give to forms."""

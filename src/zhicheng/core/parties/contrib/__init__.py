"""What comes with parties and plugs into its registries or into Django."""

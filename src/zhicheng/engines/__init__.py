"""Pure calculations: no framework, no input or output, no clock of their own."""

"""Pure decisions of governance: SQL of indicators, periods, thresholds."""

"""The rule book: dated facts about tax, duty, thresholds, fees and restrictions, each with its source."""

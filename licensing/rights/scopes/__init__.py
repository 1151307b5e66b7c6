"""The trees in which rights are granted: properties, territories, channels, categories and languages."""

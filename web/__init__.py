"""The building that people and peers see; the only place that knows Quart."""

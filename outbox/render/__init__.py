"""Community to wire: rows become documents, by the builders of `federation.vocabulary`."""

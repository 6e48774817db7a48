"""The top floor: builds a node from its settings and runs it, all in one process or web and work apart."""

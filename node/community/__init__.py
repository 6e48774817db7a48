"""The verbs of the community: facts become true here, and nowhere else."""

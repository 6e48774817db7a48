"""Trust: who may do what, decided by one pure function over a book of entries."""

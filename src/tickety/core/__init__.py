"""What a ticket is, what may happen to it, and what follows from it: pure functions of facts."""

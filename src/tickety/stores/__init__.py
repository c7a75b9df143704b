"""Where tickets are kept: implementations of the store port."""

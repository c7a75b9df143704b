"""Programs as processes of this machine: started in groups of their own, watched, and ended whole."""

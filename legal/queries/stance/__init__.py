"""Return stance cards, postures and the map."""

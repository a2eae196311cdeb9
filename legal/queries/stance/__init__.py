"""Read stances: cards, postures and the map."""

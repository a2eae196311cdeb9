"""Share between the API and the pages what every read over HTTP needs: parameters, the snapshot, and cache headers."""

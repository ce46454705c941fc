"""Reports over many calls, and one call drawn as a page."""

"""Words and arithmetic of the house: declarations, promises, limits, calendars. The standard library only."""

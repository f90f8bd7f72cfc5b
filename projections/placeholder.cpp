// Removed once the folder has sources.

"""What `./netyard` does before there is a virtual environment, and the supervisor of `up`. Standard library only."""

"""Commands that need neither server nor engine: `./netyard compose …`. They read files and print; nothing else."""

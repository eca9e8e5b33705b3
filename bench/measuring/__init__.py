"""What every question of bench/ shares: results, the machine, the registries that are measured."""

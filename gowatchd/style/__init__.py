"""What gofumpt-work does on top of the canonical format: one function a rule."""

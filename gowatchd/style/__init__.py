"""What gofumpt-work does on top of Go's own -fmt: one function a rule, and the proof that nothing is lost."""

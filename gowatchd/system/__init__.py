"""The adapters: the only place that talks to the kernel, GLib, D-Bus, systemd, go and git."""

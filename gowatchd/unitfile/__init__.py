"""The language of systemd units, as far as their environment goes (systemd.exec(5), systemd.service(5))."""

"""The machine's own schedulers, which run a job while nobody is there: systemd, launchd."""

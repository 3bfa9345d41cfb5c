"""The house itself: settings, addresses and servers. It assembles, it decides nothing."""

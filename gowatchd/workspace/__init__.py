"""The loaded workspace: go.work, its member modules, and the files behind them."""

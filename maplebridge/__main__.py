from maplebridge.config.cli import main

main()

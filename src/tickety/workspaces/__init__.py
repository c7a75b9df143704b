"""Workspaces made of git: the repository read without running anything of it, and worktrees of our own."""

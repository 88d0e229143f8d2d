"""The statutory papers as .docx: layouts of our own, or a county's, filled from the file."""

from maplebridge.mediation.papers.making import make_dossier, make_paper

__all__ = ["make_dossier", "make_paper"]

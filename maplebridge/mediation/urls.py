from django.urls import path

from maplebridge.mediation import views

app_name = "mediation"
urlpatterns = [
    path("mediations", views.mediations, name="list"),
    path("mediations/new", views.new, name="new"),
    path("mediations/figures", views.figures, name="figures"),
    path("mediations/figures/<slug:code>", views.figure_files, name="files"),
    path("mediations/<uuid:mediation_id>", views.file, name="file"),
    path("mediations/<uuid:mediation_id>/steps/<slug:name>", views.step, name="step"),
    path("mediations/<uuid:mediation_id>/dossier", views.dossier, name="dossier"),
    path("mediations/<uuid:mediation_id>/papers/<slug:code>", views.paper, name="paper"),
]

from django.urls import path

from maplebridge.mediation import views, views_office, views_setup

app_name = "mediation"
urlpatterns = [
    path("mediations", views.mediations, name="list"),
    path("mediations.xlsx", views.mediations_book, name="list_book"),
    path("mediations/new", views.new, name="new"),
    path("mediations/of/<slug:number>", views.of_matter, name="of_matter"),
    path("mediations/figures", views.figures, name="figures"),
    path("mediations/figures.xlsx", views.figures_book, name="figures_book"),
    path("mediations/records.xlsx", views.records_book, name="records_book"),
    path("mediations/figures/<slug:code>", views.figure_files, name="files"),
    path("mediations/claims", views_office.own_claims, name="claims"),
    path("mediations/claims/sheet", views_office.sheet, name="sheet"),
    path("mediations/claims/sheet.xlsx", views_office.sheet_book, name="sheet_book"),
    path("mediations/claims/<uuid:claim_id>", views_office.decide, name="decide"),
    path("mediations/reviews", views_office.review_list, name="reviews"),
    path("mediations/reviews/draw", views_office.draw, name="draw"),
    path("mediations/reviews/<uuid:review_id>", views_office.review, name="review"),
    path("mediations/entrusted", views_office.entrusted, name="entrusted"),
    path("mediations/numbers", views_office.number_list, name="numbers"),
    path("mediations/<uuid:mediation_id>/claim", views_office.claim, name="claim"),
    path(
        "mediations/<uuid:mediation_id>/parties/<uuid:party_id>/slip",
        views_office.slip,
        name="slip",
    ),
    path(
        "mediations/<uuid:mediation_id>/sessions/<uuid:session_id>/invitations",
        views_office.invitations,
        name="invitations",
    ),
    path("mediations/<uuid:mediation_id>/void", views_office.void, name="void"),
    path("mediations/skills", views_setup.skills, name="skills"),
    path("mediations/skills/<int:post_id>", views_setup.tell_skills, name="tell_skills"),
    path("mediations/committees", views_setup.committee_list, name="committees"),
    path("mediations/committees/<slug:code>", views_setup.committee, name="committee"),
    path("mediations/layouts", views_setup.layouts, name="layouts"),
    path("mediations/layouts/<slug:code>", views_setup.layout, name="layout"),
    path(
        "mediations/layouts/<slug:code>/<int:edition>", views_setup.layout_file, name="layout_file"
    ),
    path("mediations/<uuid:mediation_id>", views.file, name="file"),
    path("mediations/<uuid:mediation_id>/steps/<slug:name>", views.step, name="step"),
    path("mediations/<uuid:mediation_id>/photos/<slug:sha256>", views.photo, name="photo"),
    path("mediations/<uuid:mediation_id>/dossier", views.dossier, name="dossier"),
    path("mediations/<uuid:mediation_id>/papers/<slug:code>", views.paper, name="paper"),
]

from django.urls import path

from maplebridge.web import dispatching, exporting, finding, handling, intake, signing, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in", signing.sign_in, name="sign_in"),
    path("sign-out", signing.sign_out, name="sign_out"),
    path("dispatch", dispatching.dispatch, name="dispatch"),
    path("dispatch/rows", dispatching.dispatch_rows, name="dispatch_rows"),
    path(
        "dispatch/<slug:number>/<slug:name>", dispatching.dispatch_step, name="dispatch_step"
    ),
    path("unit", handling.unit, name="unit"),
    path("unit/accept", handling.accept_many, name="accept_many"),
    path("lists/<slug:name>", views.work_list, name="list"),
    path("search", finding.search, name="search"),
    path("matters", finding.matters, name="matters"),
    path("exports", exporting.exports, name="exports"),
    path("exports/<slug:name>", exporting.export, name="export"),
    path("filters/keep", finding.keep_filter, name="keep_filter"),
    path("filters/forget", finding.forget_filter, name="forget_filter"),
    path("intake", intake.intake, name="intake"),
    path("intake/<slug:code>", intake.taken_down, name="taken_down"),
    path("matters/<slug:number>", views.matter, name="matter"),
    path("matters/<slug:number>/steps/<slug:name>", views.step, name="step"),
    path("matters/<slug:number>/contacts/<uuid:report_id>", views.contact, name="contact"),
    path("matters/<slug:number>/photos/<slug:sha256>", views.photo, name="photo"),
]

"""/c/<contract>/terms/"""

from django.urls import path

from opspact.contracts import views

app_name = "contracts"
urlpatterns = [path("terms/", views.terms, name="terms")]

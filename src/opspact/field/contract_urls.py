"""/c/<contract>/collectors/"""

from django.urls import path

from opspact.field import views

app_name = "field"
urlpatterns = [path("collectors/", views.collectors, name="collectors")]

"""The chaos page's addresses, below the admin's."""

from django.urls import path

from shop.desk.chaos import views

app_name = "chaos"
urlpatterns = [
    path("", views.show, name="show"),
    path("off", views.off, name="off"),
    path("<slug:key>/switches", views.switch, name="switch"),
    path("<slug:key>/events/<str:event>/deliver", views.deliver, name="deliver"),
]

"""What happened, what is safe, what to do: one template for each refusal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "kit/errors/403.html", {"reason": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "kit/errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/errors/500.html", status=500)
